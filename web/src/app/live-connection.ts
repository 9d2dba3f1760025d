import type { SpaceEvent } from '@teambrain/contract/log.ts';
import { isTransient, ProblemError } from '@teambrain/client/errors.ts';
import { createRealtime, realtimeUrl } from '@teambrain/client/realtime.ts';
import type { Session } from '@teambrain/client/session.ts';
import type { QueryClient } from '@tanstack/react-query';
import { connection, noteTyping, type Live } from '../platform/live.tsx';
import { forgetSpace, leaveUnfollowed, noteHeads } from '../features/spaces/spaces.events.ts';
import { isThread, rereadFollowed } from '../features/chat/chat.events.ts';
import { startUnread } from '../features/unread/unread.keeper.ts';
import { applyEvent, noticeEvent } from './events.ts';
import { closePanelOf } from '../platform/panel.tsx';
import { draftsKey } from '../platform/drafts/on-server.ts';
import { scheduledKey } from '../platform/drafts/on-server.ts';
import { savedKey } from '../platform/saved/saved.ts';
import { dropUnread } from '../platform/unread.ts';

/** What people have for themselves, besides read marks. */
const OWN = ['saved', 'threads', 'follows', 'drafts'] as const;

/** Something of one's own was changed, maybe by another window. */
function readOwn(client: QueryClient, what: (typeof OWN)[number]): void {
  if (what === 'saved') void client.invalidateQueries({ queryKey: savedKey });
  else if (what === 'drafts') {
    void client.invalidateQueries({ queryKey: draftsKey });
    void client.invalidateQueries({ queryKey: scheduledKey });
  } else rereadFollowed(client);
  if (what === 'follows') void client.invalidateQueries({ predicate: isThread });
}

/** Events kept for a moment, so that a slower answer does not undo them. */
const KEPT = 500;

/** The one realtime connection: events go into the query cache, once and in order. */
export function startLive(session: Session, client: QueryClient, myId: string) {
  const recent: SpaceEvent[] = [];
  let position = 0;
  const unread = startUnread(session.call, myId);
  const realtime = createRealtime({
    url: realtimeUrl(''),
    session,
    call: session.call,
    onEvent: (event) => {
      recent.push(event);
      position += 1;
      if (recent.length > KEPT) recent.shift();
      applyEvent(client, event, myId);
      noticeEvent(event, myId);
    },
    // Its other events wait until everything shown of it has been read anew.
    onReset: (space, reason) => {
      // Of another log, seqs mean nothing.
      if (reason === 'epoch') dropUnread(space);
      unread.ask(space);
      return readAnew(client, space);
    },
    onRemoved: (space) => {
      forgetSpace(client, space);
      dropUnread(space);
      closePanelOf(space);
    },
    onTyping: (space, user, thread) => {
      if (user.id !== myId) noteTyping(space, user, thread);
    },
    onHeads: (heads) => {
      for (const space of Object.keys(heads)) unread.ask(space);
      noteHeads(client, Object.keys(heads));
      rereadFollowed(client);
    },
    onReadMark: (mark) => unread.take([mark]),
    onOwn: (what) => readOwn(client, what),
    onState: (state) => {
      unread.setLive(state === 'live');
      if (state === 'live') for (const what of OWN) readOwn(client, what);
      if (state === 'live') connection.set('live');
      // Without a socket the polling tells what is so; until then it is not known.
      else connection.set((was) => (was === 'live' ? 'connecting' : was));
    },
    onPolling: (works) => {
      if (works !== null) connection.set(works ? 'polling' : 'offline');
    },
    onError: (error) => {
      // What the server refuses shows itself elsewhere; the rest is ours to mend.
      if (!(error instanceof ProblemError)) reportError(error);
    },
  });
  const live: Live = {
    follow: (spaceId, head) => {
      if (realtime.cursor(spaceId) === null) realtime.subscribe(spaceId, head);
    },
    unfollow: (spaceId) => {
      realtime.unsubscribe(spaceId);
      leaveUnfollowed(client, spaceId);
    },
    typing: (spaceId, threadId) => realtime.typing(spaceId, threadId),
    position: () => position,
    replay: (spaceId, since) => {
      const missed =
        position === since ? [] : recent.slice(Math.max(0, recent.length - (position - since)));
      for (const event of missed) {
        if (event.space === spaceId) applyEvent(client, event, myId);
      }
    },
  };
  const stop = replayAfterReads(client, live);
  return {
    live,
    close: () => {
      stop();
      unread.close();
      realtime.close();
      connection.set('connecting');
    },
  };
}

/** Rejects when something shown of the space could not be read now: it is asked for again then. */
async function readAnew(client: QueryClient, space: string): Promise<void> {
  const queryKey = ['space', space];
  await client.invalidateQueries({ queryKey });
  for (const { state } of client.getQueryCache().findAll({ queryKey, type: 'active' })) {
    const { error, isInvalidated } = state;
    if (isInvalidated && error && isTransient(error)) throw error;
  }
}

/** An event may come while an older state is still on its way: it is then applied once more. */
function replayAfterReads(client: QueryClient, live: Live): () => void {
  const startedAt = new Map<string, number>();
  return client.getQueryCache().subscribe((change) => {
    if (change.type !== 'updated') return;
    const { queryHash } = change.query;
    const [scope, spaceId] = change.query.queryKey as readonly unknown[];
    if (scope !== 'space' || typeof spaceId !== 'string') return;
    const { action } = change;
    if (action.type === 'fetch') startedAt.set(queryHash, live.position());
    if (action.type !== 'success' || action.manual) return;
    const since = startedAt.get(queryHash);
    startedAt.delete(queryHash);
    // After the observers have been told of what was read.
    if (since !== undefined) setTimeout(() => live.replay(spaceId, since), 0);
  });
}
