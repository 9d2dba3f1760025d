import { useCallback, useEffect, useLayoutEffect, useRef } from 'react';
import type { Row } from '../list/chat.rows.ts';
import { END } from '../list/sight.ts';

/**
 * Where a thread is scrolled to: it opens at its last reply, or at the one that was asked for, and
 * stays at the end while replies come, unless its reader went up.
 */
export function useThreadPlace(
  rows: { replies: readonly Row[] },
  isLive: boolean,
  lastSent: string | undefined,
  target: string | undefined,
) {
  const scroller = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const first = useRef<{ key: string | undefined; height: number }>({ key: undefined, height: 0 });
  const look = useCallback(() => {
    const box = scroller.current;
    if (box) isAtEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < END;
  }, []);
  const toEnd = useCallback(() => {
    const box = scroller.current;
    if (box) box.scrollTop = box.scrollHeight;
  }, []);
  useLayoutEffect(() => {
    const row = target && scroller.current?.querySelector('[data-target]');
    if (row) row.scrollIntoView({ block: 'center' });
    else toEnd();
    look();
  }, [target, toEnd, look]);
  useLayoutEffect(() => {
    const box = scroller.current;
    if (!box) return;
    const { key, height } = first.current;
    const now = rows.replies[0]?.key;
    // Earlier replies must not push away what is being read.
    if (key !== undefined && key !== now) box.scrollTop += box.scrollHeight - height;
    else if (isAtEnd.current && isLive) toEnd();
    first.current = { key: now, height: box.scrollHeight };
  }, [rows, isLive, toEnd]);
  useEffect(() => {
    // Who sends something wants to see it.
    if (lastSent) toEnd();
  }, [lastSent, toEnd]);
  useEffect(() => {
    const box = scroller.current;
    if (!box) return undefined;
    const observer = new ResizeObserver(() => {
      if (isAtEnd.current) toEnd();
    });
    observer.observe(box);
    return () => observer.disconnect();
  }, [toEnd]);
  /** Whether the end of the list is in sight. */
  const isInSight = useCallback(() => isAtEnd.current, []);
  return { scroller, look, isAtEnd: isInSight };
}
