import * as chat from '@teambrain/contract/chat.ts';
import type { Message } from '@teambrain/contract/chat.ts';
import { PAGE_LIMIT } from '@teambrain/contract/page.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useCallback, useRef, useState } from 'react';
import { useLive } from '../../platform/live.tsx';
import { entryOf, placeOf } from '../../platform/places.ts';
import { useCall } from '../../platform/session.tsx';
import { markOf, whenKnown } from '../../platform/unread.ts';
import { cacheDeletion, cacheMessage, chatKeys } from './chat.events.ts';
import { joinPage, windowOf, type MessageWindow } from './chat.window.ts';

const PAGE = 50;
/** Of a space with much unread, at most this many more pages are read before it is shown. */
const MORE = 3;

/** The latest messages of a space, or those around one; kept current by events. */
export function useMessages(spaceId: string, around: string | undefined, enabled = true) {
  const call = useCall();
  const live = useLive();
  const { history } = useRouter();
  return useQuery({
    queryKey: chatKeys.window(spaceId, around),
    queryFn: async ({ signal }): Promise<MessageWindow> => {
      const query = { limit: PAGE, ...(around && { around }) };
      const page = await call(chat.listMessages, { params: { spaceId }, query }, { signal });
      live.follow(spaceId, page.head);
      await whenKnown();
      let window = windowOf(page);
      const goal = around ? Infinity : oldestWanted(spaceId, entryOf(history.location));
      for (let turn = 0; turn < MORE && window.previous !== null; turn += 1) {
        if ((window.items[0]?.seq ?? 0) <= goal) break;
        const older = { limit: PAGE_LIMIT, before: window.previous };
        const answer = await call(
          chat.listMessages,
          { params: { spaceId }, query: older },
          { signal },
        );
        window = joinPage(window, answer, 'older');
      }
      return window;
    },
    enabled,
    staleTime: Infinity,
    gcTime: around ? 60_000 : 10 * 60_000,
  });
}

/** The seq that has to be there: of the first unread message, and of the place to come back to. */
function oldestWanted(spaceId: string, entry: string): number {
  const place = placeOf(`chat ${entry}`) ?? placeOf(`chat ${spaceId}`);
  return Math.min(markOf(spaceId)?.seq ?? Infinity, place?.type === 'row' ? place.seq : Infinity);
}

/** What a message said before its edits; read each time it is asked for. */
export function useVersions({ id, spaceId, version }: Message) {
  const call = useCall();
  return useQuery({
    queryKey: chatKeys.versions(spaceId, id, version),
    queryFn: async ({ signal }) => {
      const all: chat.MessageVersion[] = [];
      let after: string | undefined;
      // Pages of long texts are shorter than asked for.
      while (all.length < chat.VERSIONS_KEPT) {
        const query = { limit: chat.VERSIONS_KEPT, ...(after && { after }) };
        const input = { params: { spaceId, messageId: id }, query };
        const page = await call(chat.listMessageVersions, input, { signal });
        all.push(...page.items);
        if (page.next === null) break;
        after = page.next;
      }
      return all;
    },
    gcTime: 0,
  });
}

/** Reads the page before or after a window; one at a time for each side. */
export function useMorePages(spaceId: string, around: string | undefined) {
  const call = useCall();
  const client = useQueryClient();
  const live = useLive();
  const busy = useRef(new Set<string>());
  const [failed, setFailed] = useState<'older' | 'newer' | null>(null);
  const load = useCallback(
    (side: 'older' | 'newer') => {
      const key = chatKeys.window(spaceId, around);
      const window = client.getQueryData<MessageWindow>(key);
      const cursor = side === 'older' ? window?.previous : window?.next;
      if (!cursor || busy.current.has(side)) return;
      busy.current.add(side);
      setFailed(null);
      const query = { limit: 2 * PAGE, [side === 'older' ? 'before' : 'after']: cursor };
      const since = live.position();
      call(chat.listMessages, { params: { spaceId }, query })
        .then((page) => {
          client.setQueryData<MessageWindow>(key, (now) => now && joinPage(now, page, side));
          live.replay(spaceId, since);
        })
        .catch(() => setFailed(side))
        .finally(() => busy.current.delete(side));
    },
    [call, client, live, spaceId, around],
  );
  return { load, failed };
}

export function useEditMessage() {
  const call = useCall();
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ message, text }: { message: Message; text: string }) =>
      call(chat.editMessage, {
        params: { spaceId: message.spaceId, messageId: message.id },
        body: { text },
        version: message.version,
      }),
    onSuccess: (message) => cacheMessage(client, message),
  });
}

export function useDeleteMessage() {
  const call = useCall();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (message: Message) =>
      call(chat.deleteMessage, { params: { spaceId: message.spaceId, messageId: message.id } }),
    onSuccess: (_, message) => cacheDeletion(client, message),
  });
}
