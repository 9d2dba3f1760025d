import type { Message, MessagePage } from '@teambrain/contract/chat.ts';
import { noReply, statesOf, withReply, type KnownState } from './chat.states.ts';
import { pinsIn, withPin, type PinsById } from './pins/window-pins.ts';
import { quotesIn, type QuotesById } from './quotes/window-quotes.ts';
import { reactionsIn, type ReactionsById } from './reactions/window-reactions.ts';

/** A stretch of a space's messages without holes, by ascending seq. Never changed in place. */
export interface MessageWindow {
  readonly items: readonly Message[];
  /** Cursor of older messages, null at the beginning of the space. */
  readonly previous: string | null;
  /** Cursor of newer messages, null when the window reaches the live end. */
  readonly next: string | null;
  /** What is under those messages that have a thread, by their ids. */
  readonly states: ReadonlyMap<string, KnownState>;
  readonly reactions: ReactionsById;
  readonly pins: PinsById;
  readonly quotes: QuotesById;
  /** The log's head when it was first read. */
  readonly head: number;
  /** The thread that the message it was read around is a reply in. */
  readonly thread: string | null;
}

export function windowOf(page: MessagePage): MessageWindow {
  const { items, previous, next, head, thread } = page;
  const under = {
    states: statesOf(page),
    reactions: reactionsIn(page),
    pins: pinsIn(page),
    quotes: quotesIn(page),
  };
  return { items, previous, next, head, thread, ...under };
}

/** Joins a page of older or newer messages to the window. */
export function joinPage(
  window: MessageWindow,
  page: MessagePage,
  side: 'older' | 'newer',
): MessageWindow {
  const items = page.items.reduce(insert, window.items);
  const states = new Map([...statesOf(page), ...window.states]);
  const reactions = new Map([...reactionsIn(page), ...window.reactions]);
  const pins = new Map([...pinsIn(page), ...window.pins]);
  const quotes = new Map([...quotesIn(page), ...window.quotes]);
  const joined = { ...window, items, states, reactions, pins, quotes };
  return side === 'older' ? { ...joined, previous: page.previous } : { ...joined, next: page.next };
}

/**
 * Takes over a message, from an answer or an event alike: the newest version wins, and whatever
 * lies outside of the window stays outside, to be read with its neighbours.
 */
export function putMessage(window: MessageWindow, message: Message): MessageWindow {
  const first = window.items[0];
  const last = window.items.at(-1);
  const isKnown = window.items.some((one) => one.id === message.id);
  if (!isKnown) {
    if (window.next !== null && (!last || message.seq > last.seq)) return window;
    if (window.previous !== null && (!first || message.seq < first.seq)) return window;
  }
  const items = insert(window.items, message);
  return items === window.items ? window : { ...window, items };
}

function insert(items: readonly Message[], message: Message): readonly Message[] {
  const at = items.findIndex((one) => one.id === message.id);
  const known = items[at];
  if (known) return known.version >= message.version ? items : items.with(at, message);
  const after = items.findLastIndex((one) => one.seq < message.seq);
  return items.toSpliced(after + 1, 0, message);
}

/** Empties a deleted message. */
export function removeMessage(
  window: MessageWindow,
  gone: { id: string; version: number; deletedAt: string },
): MessageWindow {
  const at = window.items.findIndex((one) => one.id === gone.id);
  const message = window.items[at];
  if (!message || message.deletedAt !== null) return window;
  const { version, deletedAt } = gone;
  const items = window.items.with(at, { ...message, text: '', files: [], version, deletedAt });
  const reactions = new Map(window.reactions);
  reactions.delete(gone.id);
  return { ...window, items, reactions, pins: withPin(window.pins, { id: gone.id, pin: null }) };
}

/** Counts a reply under its root, where the window has that. */
export function countReply(window: MessageWindow, reply: Message): MessageWindow {
  const { threadId } = reply;
  if (threadId === null || !window.items.some(({ id }) => id === threadId)) return window;
  const before = window.states.get(threadId) ?? noReply(window.head);
  const state = withReply(before, reply);
  return state === before ? window : putState(window, threadId, state);
}

/** Takes over what an event says is under a root. */
export function replaceState(window: MessageWindow, id: string, state: KnownState): MessageWindow {
  const before = window.states.get(id);
  return before && before.asOf < state.asOf ? putState(window, id, state) : window;
}

function putState(window: MessageWindow, id: string, state: KnownState): MessageWindow {
  return { ...window, states: new Map(window.states).set(id, state) };
}
