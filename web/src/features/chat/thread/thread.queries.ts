import { listMessages } from '@teambrain/contract/chat.ts';
import {
  followThread,
  getThread,
  listMyThreads,
  readAllThreads,
} from '@teambrain/contract/threads.ts';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useRef, useState } from 'react';
import { useLive } from '../../../platform/live.tsx';
import { useCall } from '../../../platform/session.tsx';
import { changeThreads, chatKeys, rereadFollowed, type ThreadWindow } from '../chat.events.ts';
import { joinPage, windowOf } from '../chat.window.ts';

const PAGE = 50;

/** A thread with its latest replies, or those around one; kept current by events. */
export function useThread(spaceId: string, threadId: string, around: string | undefined) {
  const call = useCall();
  const live = useLive();
  return useQuery({
    queryKey: chatKeys.thread(spaceId, threadId, around),
    queryFn: async ({ signal }): Promise<ThreadWindow> => {
      const params = { spaceId };
      const query = { thread: threadId, limit: PAGE, ...(around && { around }) };
      const thread = await call(getThread, { params: { ...params, threadId } }, { signal });
      const page = await call(listMessages, { params, query }, { signal });
      live.follow(spaceId, Math.min(thread.head, page.head));
      const { root, reactions, pin, quote, following, readSeq, head } = thread;
      const state = { ...thread.state, asOf: head };
      return { root, reactions, pin, quote, following, readSeq, state, replies: windowOf(page) };
    },
    staleTime: Infinity,
    gcTime: 60_000,
  });
}

/** Reads the replies before or after those that are there; one page at a time. */
export function useMoreReplies(spaceId: string, threadId: string, around: string | undefined) {
  const call = useCall();
  const client = useQueryClient();
  const live = useLive();
  const isBusy = useRef(false);
  const [failed, setFailed] = useState<'older' | 'newer' | null>(null);
  const load = useCallback(
    (side: 'older' | 'newer') => {
      const key = chatKeys.thread(spaceId, threadId, around);
      const window = client.getQueryData<ThreadWindow>(key)?.replies;
      const cursor = side === 'older' ? window?.previous : window?.next;
      if (!cursor || isBusy.current) return;
      isBusy.current = true;
      setFailed(null);
      const beyond = side === 'older' ? { before: cursor } : { after: cursor };
      const query = { thread: threadId, limit: 2 * PAGE, ...beyond };
      const since = live.position();
      call(listMessages, { params: { spaceId }, query })
        .then((page) => {
          client.setQueryData<ThreadWindow>(
            key,
            (now) => now && { ...now, replies: joinPage(now.replies, page, side) },
          );
          live.replay(spaceId, since);
        })
        .catch(() => setFailed(side))
        .finally(() => {
          isBusy.current = false;
        });
    },
    [call, client, live, spaceId, threadId, around],
  );
  return { load, failed };
}

export function useFollowThread(spaceId: string, threadId: string) {
  const call = useCall();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (following: boolean) =>
      call(followThread, { params: { spaceId, threadId }, body: { following } }),
    onSuccess: (_, following) => {
      changeThreads(client, spaceId, (thread) =>
        thread.root.id === threadId
          ? { ...thread, following, readSeq: following ? thread.replies.head : null }
          : thread,
      );
      rereadFollowed(client);
    },
  });
}

/** Marks the replies of all threads one follows read. */
export function useReadAllThreads() {
  const call = useCall();
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => call(readAllThreads, {}),
    onSuccess: () => rereadFollowed(client),
  });
}

/** The threads one follows, the one with the last reply first; all, or those with unread replies. */
export function useFollowedThreads(onlyUnread: boolean) {
  const call = useCall();
  return useInfiniteQuery({
    queryKey: [...chatKeys.followed, onlyUnread],
    queryFn: ({ pageParam, signal }) =>
      call(
        listMyThreads,
        {
          query: {
            limit: 30,
            ...(onlyUnread && { unread: 'true' }),
            ...(pageParam && { after: pageParam }),
          },
        },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  });
}
