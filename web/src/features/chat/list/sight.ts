import type { VirtualItem } from '@tanstack/react-virtual';
import type { Row } from './chat.rows.ts';

/** Who is this near to the end, in pixels, follows it. */
export const END = 80;

/** What of the list is in sight. */
export interface Sight {
  isAtEnd: boolean;
  /** The seq of the last message that can be read whole, 0 when none can. */
  shown: number;
  /** Index of the first row that shows below the day at the top. */
  first: number;
  /** The first message below the top, and how many pixels below it is. */
  top: { key: string; seq: number; offset: number } | null;
}

/** Before the list has its place nothing counts as seen. */
export const NOWHERE: Sight = { isAtEnd: false, shown: 0, first: -1, top: null };

/** Height of a day's divider between messages. */
const DAY = 36;
/** Height of the day that stays at the top. */
const STRIP = 25;

export function sightOf(
  box: HTMLElement,
  items: readonly VirtualItem[],
  rows: readonly Row[],
): Sight {
  const { scrollTop, clientHeight, scrollHeight } = box;
  const isAtEnd = scrollHeight - scrollTop - clientHeight < END;
  const inside = items.filter(
    (item) => item.end > scrollTop && item.start < scrollTop + clientHeight,
  );
  let shown = 0;
  let top: Sight['top'] = null;
  for (const { index, start, end } of inside) {
    const row = rows[index];
    if (row?.type !== 'message' || row.pending) continue;
    if (end <= scrollTop + clientHeight + 1) shown = row.message.seq;
    top ??= { key: row.key, seq: row.message.seq, offset: Math.round(start - scrollTop) };
  }
  const first = inside.find(({ end }) => end > scrollTop + STRIP) ?? inside[0];
  return { isAtEnd, shown, first: first?.index ?? -1, top };
}

/** Whether both show the same to the reader; where exactly the top is changes with every pixel. */
export function isSame(a: Sight, b: Sight): boolean {
  return a.isAtEnd === b.isAtEnd && a.shown === b.shown && a.first === b.first;
}

/** The day of what is at the top (an instant of it), null where its divider itself is there. */
export function dayOf(rows: readonly Row[], { first }: Sight): string | null {
  const row = rows[first];
  if (row?.type === 'message') return row.message.createdAt;
  if (row?.type !== 'new') return null;
  const next = rows[first + 1];
  return next?.type === 'message' ? next.message.createdAt : null;
}

/** Where a list begins when it opens at what is new: the line below the day. */
export const BELOW_DAY = DAY;
