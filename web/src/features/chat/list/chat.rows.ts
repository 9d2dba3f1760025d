import type { Message, Pin, ThreadState } from '@teambrain/contract/chat.ts';
import type { Attachment } from '@teambrain/contract/files.ts';
import type { Person } from '@teambrain/contract/id.ts';
import type { Quote } from '@teambrain/contract/quoted.ts';
import type { Reaction } from '@teambrain/contract/reactions.ts';
import type { QuotesById } from '../quotes/window-quotes.ts';
import type { PinsById } from '../pins/window-pins.ts';
import type { ReactionsById } from '../reactions/window-reactions.ts';

/** A message on its way: shown after those that arrived. */
export interface PendingMessage {
  id: string;
  text: string;
  createdAt: string;
  /** Why it was not sent; null while it is being sent. */
  failure: string | null;
  /** When it goes on (epoch milliseconds), where the server asked to wait. */
  retryAt: number | null;
  /** Why it waits, e.g. “more than 20 messages in 5 seconds”, where the server said so. */
  reason: string | null;
  /** The thread it replies in, and whether the space shows it as well. */
  threadId: string | null;
  inSpace: boolean;
  files: readonly Attachment[];
  /** What it quotes. */
  quote: Quote | null;
}

/** One line of the list. */
export type Row =
  | { type: 'start'; key: string }
  | { type: 'day'; key: string; at: string }
  | { type: 'new'; key: string; count: number }
  | {
      type: 'message';
      key: string;
      message: Message;
      /** Set while it is on its way. */
      pending: PendingMessage | null;
      isFirst: boolean;
      /** What is under it, where it is the root of a thread. */
      thread: ThreadState | null;
      reactions: readonly Reaction[];
      pin: Pin | null;
      /** What it quotes, where that is known. */
      quote: Quote | null;
    };

interface Input {
  messages: readonly Message[];
  states: ReadonlyMap<string, ThreadState>;
  reactions: ReactionsById;
  pins: PinsById;
  quotes: QuotesById;
  pending: readonly PendingMessage[];
  me: Person;
  /** Whether there are no older messages. */
  isStart: boolean;
  /** The seq up to which the reader had seen messages, null when nothing is new. */
  seen: number | null;
  /** How many are new, where the messages do not tell. */
  newCount?: number | null;
}

/** Messages of one author within this many milliseconds stand together under one name. */
const TOGETHER = 5 * 60_000;

const NONE: readonly Reaction[] = [];

/** The lines of the list: day dividers, the “new” line, messages grouped by author and time. */
export function buildRows(input: Input): Row[] {
  const { messages, states, reactions, pins, quotes, pending, me, isStart, seen, newCount } = input;
  const rows: Row[] = isStart ? [{ type: 'start', key: 'start' }] : [];
  let before: { author: string; at: number; day: string } | null = null;
  let isNewDrawn = seen === null;
  const place = (author: string, createdAt: string): boolean => {
    const at = Date.parse(createdAt);
    const day = new Date(createdAt).toDateString();
    const isNewDay = day !== before?.day;
    if (isNewDay) rows.push({ type: 'day', key: `day ${day}`, at: createdAt });
    const isFirst = isNewDay || author !== before?.author || at - (before?.at ?? 0) > TOGETHER;
    before = { author, at, day };
    return isFirst;
  };
  const isNew = ({ seq, author, deletedAt }: Message) =>
    seq > (seen ?? 0) && author.id !== me.id && deletedAt === null;
  const arrived = new Set<string>();
  for (const message of messages) {
    arrived.add(message.id);
    let isFirst = place(message.author.id, message.createdAt);
    if (!isNewDrawn && isNew(message)) {
      rows.push({ type: 'new', key: 'new', count: newCount ?? messages.filter(isNew).length });
      isNewDrawn = true;
      isFirst = true;
    }
    const state = states.get(message.id);
    const thread = state && state.replies > 0 ? state : null;
    rows.push({
      type: 'message',
      key: message.id,
      message,
      pending: null,
      isFirst,
      thread,
      reactions: reactions.get(message.id) ?? NONE,
      pin: pins.get(message.id) ?? null,
      quote: quotes.get(message.id) ?? null,
    });
  }
  for (const one of pending) {
    if (arrived.has(one.id)) continue;
    rows.push({
      type: 'message',
      // The same key and kind as the message will have: when it arrives nothing is drawn again.
      key: one.id,
      message: asMessage(one, me),
      pending: one,
      isFirst: place(me.id, one.createdAt),
      thread: null,
      reactions: NONE,
      pin: null,
      quote: one.quote,
    });
  }
  return rows;
}

/** A message on its way in the shape of one that has arrived. */
function asMessage(pending: PendingMessage, author: Person): Message {
  const { id, text, createdAt, threadId, inSpace, files } = pending;
  const sent = { editedAt: null, deletedAt: null, version: 1, seq: Number.MAX_SAFE_INTEGER };
  return {
    id,
    spaceId: '',
    author,
    text,
    createdAt,
    threadId,
    inSpace,
    files: [...files],
    quote: pending.quote?.from ?? null,
    ...sent,
  };
}
