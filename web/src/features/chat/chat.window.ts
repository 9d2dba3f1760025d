import type { Message, MessagePage } from '@teambrain/contract/chat.ts';

/** A stretch of a space's messages without holes, by ascending seq. Never changed in place. */
export interface MessageWindow {
  readonly items: readonly Message[];
  /** Cursor of older messages, null at the beginning of the space. */
  readonly previous: string | null;
  /** Cursor of newer messages, null when the window reaches the live end. */
  readonly next: string | null;
}

export function windowOf({ items, previous, next }: MessagePage): MessageWindow {
  return { items, previous, next };
}

/** Joins a page of older or newer messages to the window. */
export function joinPage(
  window: MessageWindow,
  page: MessagePage,
  side: 'older' | 'newer',
): MessageWindow {
  const items = page.items.reduce(insert, window.items);
  return side === 'older'
    ? { ...window, items, previous: page.previous }
    : { ...window, items, next: page.next };
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
  return { ...window, items: window.items.with(at, { ...message, text: '', version, deletedAt }) };
}
