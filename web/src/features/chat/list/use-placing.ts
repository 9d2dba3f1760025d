import type { Virtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';

type List = Virtualizer<HTMLDivElement, Element>;

/** Frames in which nothing moved, after which a list counts as placed. */
const STILL = 3;
/** Milliseconds after which it counts as placed whatever moves. */
const PATIENCE = 2_000;

/**
 * Puts a freshly drawn list at a row's middle, or at its end, and stays there while rows are
 * being measured. Whether it is done: until then no page may be added, for it would move what
 * is being placed. The reader's own scrolling ends it.
 */
export function usePlacing(list: List, scroller: RefObject<HTMLDivElement | null>, index: number) {
  const [isPlaced, setIsPlaced] = useState(false);
  const start = useRef({ list, index });
  useLayoutEffect(() => {
    const { list: placed, index: at } = start.current;
    const place = () =>
      at >= 0 ? placed.scrollToIndex(at, { align: 'center' }) : placed.scrollToEnd();
    const begun = performance.now();
    let before = '';
    let still = 0;
    let frame = requestAnimationFrame(function look() {
      const box = scroller.current;
      const now = box ? `${Math.round(box.scrollTop)} ${box.scrollHeight} ${box.clientHeight}` : '';
      const isThere = box !== null && (at >= 0 ? isInSight(box, at) : isAtEnd(box));
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
