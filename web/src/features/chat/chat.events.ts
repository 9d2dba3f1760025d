import type { Message } from '@teambrain/contract/chat.ts';
import type { SpaceEvent } from '@teambrain/contract/log.ts';
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

/** A thread as its panel shows it. */
export interface ThreadWindow {
  readonly root: Message;
  /** Of the root. */
  readonly reactions: readonly Reaction[];
  readonly following: boolean;
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
      return cacheMessage(client, event.data.message);
    case 'message.reacted':
      if (event.actor) cacheReaction(client, event.space, { ...event.data, person: event.actor });
      return undefined;
    case 'message.deleted': {
      empty(client, event.space, event.data);
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
      : { ...thread, reactions: [], root: { ...root, text: '', version, deletedAt } };
  });
}

function countIn(client: QueryClient, reply: Message): void {
  const { spaceId, threadId } = reply;
  if (threadId === null) return;
  change(client, spaceId, (window) => countReply(window, reply));
  changeThreads(client, spaceId, (thread) =>
    thread.root.id === threadId ? { ...thread, state: withReply(thread.state, reply) } : thread,
  );
  void client.invalidateQueries({ queryKey: chatKeys.followed }, { cancelRefetch: false });
}

function replaceIn(client: QueryClient, spaceId: string, id: string, state: KnownState): void {
  change(client, spaceId, (window) => replaceState(window, id, state));
  changeThreads(client, spaceId, (thread) =>
    thread.root.id === id && thread.state.asOf < state.asOf ? { ...thread, state } : thread,
  );
  void client.invalidateQueries({ queryKey: chatKeys.followed }, { cancelRefetch: false });
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
