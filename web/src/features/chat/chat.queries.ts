import * as chat from '@teambrain/contract/chat.ts';
import type { Message } from '@teambrain/contract/chat.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useCallback, useRef, useState } from 'react';
import { useLive } from '../../platform/live.tsx';
import { entryOf, placeOf, type Place } from '../../platform/places/places.ts';
import { useCall } from '../../platform/session.tsx';
import { markOf, unreadIn, whenKnown } from '../../platform/unread.ts';
import { cacheDeletion, cacheMessage, chatKeys } from './chat.events.ts';
import { PAGE, readAround, readBackTo, reaches, type ReadPage } from './chat.opening.ts';
import { joinPage, windowOf, type MessageWindow } from './chat.window.ts';

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
      if (around) return windowOf(page);
      const read: ReadPage = (query) =>
        call(chat.listMessages, { params: { spaceId }, query }, { signal });
      const place = placeOf(`chat ${entryOf(history.location)}`);
      const mark = unreadIn(spaceId) > 0 ? (markOf(spaceId)?.seq ?? null) : null;
      const window = await readBackTo(read, page, oldestWanted(spaceId, place, mark));
      // So much is unread that it would begin amid of it: where one is to go on is another place.
      if (mark !== null && place === undefined && !reaches(window, mark)) {
        return readAround(read, mark);
      }
      return window;
    },
    enabled,
    staleTime: Infinity,
    gcTime: around ? 60_000 : 10 * 60_000,
  });
}

/** The seq that has to be there: of the first unread message, and of the place to come back to. */
function oldestWanted(spaceId: string, ofEntry: Place | undefined, mark: number | null): number {
  const place = ofEntry ?? placeOf(`chat ${spaceId}`);
  return Math.min(mark ?? Infinity, place?.type === 'row' ? place.seq : Infinity);
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

/** What a space's list can be opened at: its end, the read mark, or the first message since a time. */
export type OpenAt = 'end' | 'unread' | Date;

/** Puts other messages in the place of the latest ones. */
export function useReopen(spaceId: string) {
  const call = useCall();
  const client = useQueryClient();
  const live = useLive();
  return useCallback(
    async (at: OpenAt) => {
      const read: ReadPage = (query) => call(chat.listMessages, { params: { spaceId }, query });
      const since = at instanceof Date ? { since: at.toISOString() } : {};
      const mark = markOf(spaceId)?.seq;
      const position = live.position();
      const window =
        at === 'unread' && mark !== undefined
          ? await readAround(read, mark)
          : windowOf(await read({ limit: PAGE, ...since }));
      client.setQueryData<MessageWindow>(chatKeys.window(spaceId, undefined), window);
      live.replay(spaceId, position);
    },
    [call, client, live, spaceId],
  );
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
