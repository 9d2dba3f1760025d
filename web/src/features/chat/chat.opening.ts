import type { MessagePage } from '@teambrain/contract/chat.ts';
import { PAGE_LIMIT } from '@teambrain/contract/page.ts';
import { joinPage, windowOf, type MessageWindow } from './chat.window.ts';

export const PAGE = 50;
/** Of a space with much unread, at most this many more pages are read before it is shown. */
const MORE = 3;
/** Messages shown before the first unread one, where it is further from the end than that. */
const BEFORE = 20;

/** Reads a page of the space's messages. */
export type ReadPage = (query: {
  limit: number;
  before?: string;
  after?: string;
  since?: string;
}) => Promise<MessagePage>;

/** The latest messages back to `wanted`, as far as that is not too far. */
export async function readBackTo(
  read: ReadPage,
  latest: MessagePage,
  wanted: number,
): Promise<MessageWindow> {
  let window = windowOf(latest);
  for (
    let turn = 0;
    turn < MORE && window.previous !== null && !reaches(window, wanted);
    turn += 1
  ) {
    const older = await read({ limit: PAGE_LIMIT, before: window.previous });
    window = joinPage(window, older, 'older');
  }
  return window;
}

/** Whether everything after the seq, up to the window's end, is in it. */
export const reaches = ({ items, previous }: MessageWindow, seq: number): boolean =>
  previous === null || (items[0]?.seq ?? Infinity) <= seq;

/** Messages on both sides of a read mark; what comes after them is read on the way down. */
export async function readAround(read: ReadPage, mark: number): Promise<MessageWindow> {
  const [older, newer] = await Promise.all([
    read({ limit: BEFORE, before: String(mark + 1) }),
    read({ limit: 2 * PAGE, after: String(mark) }),
  ]);
  return { ...windowOf(newer), items: [...older.items, ...newer.items], previous: older.previous };
}
