import type { Message, Pin } from '@teambrain/contract/chat.ts';
import type { SpaceEvent } from '@teambrain/contract/log.ts';
import type { Quote, QuoteRef } from '@teambrain/contract/quoted.ts';
import { withReaction, type Reaction } from '@teambrain/contract/reactions.ts';
import type { QueryClient } from '@tanstack/react-query';
import { withReply, type KnownState } from './chat.states.ts';
import {
  countReply,
  putMessage,
  removeMessage,
  replaceState,
  type MessageWindow,
} from './chat.window.ts';
import { recountThreads } from '../../platform/unread-threads.ts';
import { withPin, type Pinned } from './pins/window-pins.ts';
import { quoteAfter, withSource } from './quotes/window-quotes.ts';
import { react, type Reacted } from './reactions/window-reactions.ts';

export const chatKeys = {
  /** All windows of a space's messages. */
  windows: (spaceId: string) => ['space', spaceId, 'messages'],
  window: (spaceId: string, around: string | undefined) => [
    'space',
    spaceId,
    'messages',
    around ?? 'latest',
  ],
  /** All that is read of a space's threads. */
  threads: (spaceId: string) => ['space', spaceId, 'threads'],
  thread: (spaceId: string, threadId: string, around: string | undefined) => [
    'space',
    spaceId,
    'threads',
    threadId,
    around ?? 'latest',
  ],
  pins: (spaceId: string) => ['space', spaceId, 'pins'],
  quote: (spaceId: string, id: string) => ['space', spaceId, 'quote', id],
  /** The threads one follows. */
  followed: ['followed-threads'],
  versions: (spaceId: string, id: string, version: number) => [
    'space',
    spaceId,
    'versions',
    id,
    version,
  ],
} as const;

/** Whether a query is of a thread as its panel shows it. */
export const isThread = ({ queryKey }: { queryKey: readonly unknown[] }): boolean =>
  queryKey[0] === 'space' && queryKey[2] === 'threads';

/** A thread as its panel shows it. */
export interface ThreadWindow {
  readonly root: Message;
  /** Of the root. */
  readonly reactions: readonly Reaction[];
  readonly pin: Pin | null;
  readonly quote: Quote | null;
  readonly following: boolean;
  /** Of a followed thread: replies up to it have been read. */
  readonly readSeq: number | null;
  readonly state: KnownState;
  readonly replies: MessageWindow;
}

type Gone = { id: string; version: number; deletedAt: string };

/** Whether the space's own stream shows a message. */
export const isInStream = ({ threadId, inSpace }: Pick<Message, 'threadId' | 'inSpace'>): boolean =>
  threadId === null || inSpace;

/** Applies an event of a space's log to every window on its messages. */
export function applyChatEvent(client: QueryClient, event: SpaceEvent): void {
  switch (event.type) {
    case 'message.posted':
      cacheMessage(client, event.data.message);
      return countIn(client, event.data.message);
    case 'message.edited':
      cacheMessage(client, event.data.message);
      followSource(client, event.data.message, event.data.message);
      return rereadPins(client, event.space);
    case 'message.reacted':
      if (event.actor) cacheReaction(client, event.space, { ...event.data, person: event.actor });
      return undefined;
    case 'message.pinned': {
      const { id, on } = event.data;
      const pin = on && event.actor ? { by: event.actor, at: event.at } : null;
      return cachePin(client, event.space, { id, pin });
    }
    case 'message.deleted': {
      empty(client, event.space, event.data);
      rereadPins(client, event.space);
      followSource(client, { spaceId: event.space, id: event.data.id }, null);
      const { thread } = event.data;
      if (thread) replaceIn(client, event.space, thread.id, { ...thread, asOf: event.seq });
    }
  }
}

/** Where answers and events alike put a message. Replies are counted by their events alone. */
export function cacheMessage(client: QueryClient, message: Message): void {
  const { spaceId, threadId, id } = message;
  if (isInStream(message)) change(client, spaceId, (window) => putMessage(window, message));
  changeThreads(client, spaceId, (thread) => {
    if (thread.root.id === threadId) {
      return { ...thread, replies: putMessage(thread.replies, message) };
    }
    const isNewer = thread.root.id === id && thread.root.version < message.version;
    return isNewer ? { ...thread, root: message } : thread;
  });
}

/** Puts a reaction under its message, or takes it away, wherever that is shown. */
export function cacheReaction(client: QueryClient, spaceId: string, reacted: Reacted): void {
  const put = (window: MessageWindow): MessageWindow => {
    if (!window.items.some(({ id }) => id === reacted.id)) return window;
    const reactions = react(window.reactions, reacted);
    return reactions === window.reactions ? window : { ...window, reactions };
  };
  change(client, spaceId, put);
  changeThreads(client, spaceId, (thread) => {
    const { id, person } = reacted;
    if (thread.root.id !== id) return { ...thread, replies: put(thread.replies) };
    return { ...thread, reactions: withReaction(thread.reactions, person, reacted) };
  });
}

/** Pins a message, or takes its pin away, wherever it is shown. */
export function cachePin(client: QueryClient, spaceId: string, pinned: Pinned): void {
  const put = (window: MessageWindow): MessageWindow => {
    const pins = withPin(window.pins, pinned);
    return pins === window.pins ? window : { ...window, pins };
  };
  change(client, spaceId, put);
  changeThreads(client, spaceId, (thread) =>
    thread.root.id === pinned.id
      ? { ...thread, pin: pinned.pin }
      : { ...thread, replies: put(thread.replies) },
  );
  rereadPins(client, spaceId);
}

/** What a sent message quotes is known before the server is asked. */
export function cacheQuote(client: QueryClient, { spaceId, id }: Message, quote: Quote): void {
  client.setQueryData(chatKeys.quote(spaceId, id), quote);
}

/** Quotations of a message that was edited, or (null) deleted, in all spaces that are shown. */
function followSource(client: QueryClient, source: QuoteRef, now: Message | null): void {
  const put = (window: MessageWindow, spaceId: string): MessageWindow => {
    const quotes = withSource(window.quotes, source, now, spaceId);
    return quotes === window.quotes ? window : { ...window, quotes };
  };
  const isOfIt = ({ from }: Quote) => from.id === source.id && from.spaceId === source.spaceId;
  for (const { queryKey } of client.getQueryCache().findAll({ queryKey: ['space'] })) {
    const [, spaceId, what] = queryKey as [string, string, string];
    if (what === 'messages') {
      client.setQueryData<MessageWindow>(queryKey, (window) => window && put(window, spaceId));
    } else if (what === 'threads') {
      client.setQueryData<ThreadWindow>(queryKey, (thread) => {
        if (!thread) return thread;
        const { quote, replies } = thread;
        const own = quote && isOfIt(quote) ? quoteAfter(quote, now, spaceId) : quote;
        return { ...thread, quote: own, replies: put(replies, spaceId) };
      });
    } else if (what === 'quote') {
      client.setQueryData<Quote | null>(queryKey, (quote) =>
        quote && isOfIt(quote) ? quoteAfter(quote, now, spaceId) : quote,
      );
    }
  }
}

/** The list of pins, where it is open, has what they say now. */
function rereadPins(client: QueryClient, spaceId: string): void {
  void client.invalidateQueries({ queryKey: chatKeys.pins(spaceId) });
}

export function cacheDeletion(client: QueryClient, message: Message): void {
  const { id, version } = message;
  const gone = { id, version: version + 1, deletedAt: new Date().toISOString() };
  empty(client, message.spaceId, gone);
}

function empty(client: QueryClient, spaceId: string, gone: Gone): void {
  change(client, spaceId, (window) => removeMessage(window, gone));
  changeThreads(client, spaceId, (thread) => {
    const { root } = thread;
    if (root.id !== gone.id) return { ...thread, replies: removeMessage(thread.replies, gone) };
    const { version, deletedAt } = gone;
    return root.deletedAt
      ? thread
      : {
          ...thread,
          reactions: [],
          pin: null,
          root: { ...root, text: '', files: [], version, deletedAt },
        };
  });
}

function countIn(client: QueryClient, reply: Message): void {
  const { spaceId, threadId } = reply;
  if (threadId === null) return;
  change(client, spaceId, (window) => countReply(window, reply));
  changeThreads(client, spaceId, (thread) =>
    thread.root.id === threadId ? { ...thread, state: withReply(thread.state, reply) } : thread,
  );
  rereadFollowed(client);
}

/** The threads one follows, and what is unread in them. */
export function rereadFollowed(client: QueryClient): void {
  recountThreads(client);
  // A reading under way may be older than what happened: it begins again.
  void client.invalidateQueries({ queryKey: chatKeys.followed });
}

function replaceIn(client: QueryClient, spaceId: string, id: string, state: KnownState): void {
  change(client, spaceId, (window) => replaceState(window, id, state));
  changeThreads(client, spaceId, (thread) =>
    thread.root.id === id && thread.state.asOf < state.asOf ? { ...thread, state } : thread,
  );
  rereadFollowed(client);
}

function change(
  client: QueryClient,
  spaceId: string,
  how: (window: MessageWindow) => MessageWindow,
): void {
  client.setQueriesData<MessageWindow>(
    { queryKey: chatKeys.windows(spaceId) },
    (window) => window && how(window),
  );
}

export function changeThreads(
  client: QueryClient,
  spaceId: string,
  how: (thread: ThreadWindow) => ThreadWindow,
): void {
  client.setQueriesData<ThreadWindow>(
    { queryKey: chatKeys.threads(spaceId) },
    (thread) => thread && how(thread),
  );
}
