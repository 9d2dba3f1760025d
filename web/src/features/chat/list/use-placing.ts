import type { Virtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';

type List = Virtualizer<HTMLDivElement, Element>;

/** Frames in which nothing moved, after which a list counts as placed. */
const STILL = 3;
/** Milliseconds after which it counts as placed whatever moves. */
const PATIENCE = 2_000;

/** Where a list begins: at its end, or at a row, in the middle or so many pixels below the top. */
export type Opening = { index: number; offset: number | 'center' } | null;

/**
 * Puts a freshly drawn list where it begins and stays there while rows are being measured. Whether
 * it is done: until then no page may be added, for it would move what is being placed. The
 * reader's own scrolling ends it.
 */
export function usePlacing(
  list: List,
  scroller: RefObject<HTMLDivElement | null>,
  opening: Opening,
) {
  const [isPlaced, setIsPlaced] = useState(false);
  const start = useRef({ list, opening });
  useLayoutEffect(() => {
    const { list: placed, opening: at } = start.current;
    const place = () => {
      if (at === null) return placed.scrollToEnd();
      const box = scroller.current;
      const away = box && at.offset !== 'center' ? distance(box, at.index, at.offset) : null;
      if (box && away !== null) box.scrollTop += away;
      else placed.scrollToIndex(at.index, { align: at.offset === 'center' ? 'center' : 'start' });
    };
    const begun = performance.now();
    let before = '';
    let still = 0;
    let frame = requestAnimationFrame(function look() {
      const box = scroller.current;
      const now = box ? `${Math.round(box.scrollTop)} ${box.scrollHeight} ${box.clientHeight}` : '';
      const isThere = box !== null && (at === null ? isAtEnd(box) : isAt(box, at));
      still = isThere && now === before ? still + 1 : 0;
      before = now;
      if (still >= STILL || performance.now() - begun > PATIENCE) return setIsPlaced(true);
      if (!isThere) place();
      frame = requestAnimationFrame(look);
    });
    place();
    const box = scroller.current;
    const stop = () => {
      cancelAnimationFrame(frame);
      setIsPlaced(true);
    };
    const acts = ['wheel', 'touchstart', 'keydown', 'pointerdown'] as const;
    for (const act of acts) box?.addEventListener(act, stop, { passive: true, once: true });
    return () => {
      cancelAnimationFrame(frame);
      for (const act of acts) box?.removeEventListener(act, stop);
    };
  }, [scroller]);
  return isPlaced;
}

/** How far a row is from so many pixels below the top; null while it is not drawn. */
function distance(box: HTMLElement, index: number, offset: number): number | null {
  const row = box.querySelector(`[data-index="${index}"]`);
  if (!row) return null;
  return row.getBoundingClientRect().top - box.getBoundingClientRect().top - offset;
}

function isAt(box: HTMLElement, { index, offset }: NonNullable<Opening>): boolean {
  if (offset === 'center') return isInSight(box, index);
  const away = distance(box, index, offset);
  if (away === null) return false;
  // Near the end, or the beginning, there may be nothing more to scroll.
  return Math.abs(away) <= 2 || (away > 0 ? isAtEnd(box) : box.scrollTop <= 0);
}

function isInSight(box: HTMLElement, index: number): boolean {
  const row = box.querySelector(`[data-index="${index}"]`)?.getBoundingClientRect();
  const { top, bottom } = box.getBoundingClientRect();
  return row !== undefined && row.bottom > top && row.top < bottom;
}

export function isAtEnd(box: HTMLElement, within = 2): boolean {
  return box.scrollHeight - box.scrollTop - box.clientHeight <= within;
}

/** Keeps the end in sight when the list's frame changes its height, as when the composer grows. */
export function useStickToEnd(
  list: List,
  scroller: RefObject<HTMLDivElement | null>,
  isStuck: boolean,
): void {
  const stuck = useRef(isStuck);
  useEffect(() => {
    stuck.current = isStuck;
  }, [isStuck]);
  useEffect(() => {
    const box = scroller.current;
    if (!box) return undefined;
    const observer = new ResizeObserver(() => {
      if (stuck.current) list.scrollToEnd();
    });
    observer.observe(box);
    return () => observer.disconnect();
  }, [list, scroller]);
}
