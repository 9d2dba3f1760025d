import { useRouter } from '@tanstack/react-router';
import { useEffect, useState, type RefObject } from 'react';

/** Where one was: scroll positions in pixels, or a row of a list and how far below the top it was. */
export type Place = { type: 'scroll'; tops: Record<string, number> } | RowPlace;
export interface RowPlace {
  type: 'row';
  key: string;
  /** The row's place in the order of the list. */
  seq: number;
  offset: number;
}

/** Places kept for this tab; the ones visited longest ago go first. */
const MOST = 200;
const NAME = 'teambrain-places';
/** Milliseconds in which a page has to become as long as it was. */
const PATIENCE = 1_500;

const places = new Map<string, Place>(stored());

function stored(): [string, Place][] {
  try {
    return JSON.parse(sessionStorage.getItem(NAME) ?? '[]') as [string, Place][];
  } catch {
    return [];
  }
}

globalThis.addEventListener?.('pagehide', () => {
  try {
    sessionStorage.setItem(NAME, JSON.stringify([...places]));
  } catch {
    // Then a reload starts at the top.
  }
});

export function keepPlace(name: string, place: Place | null): void {
  places.delete(name);
  if (place) places.set(name, place);
  const oldest = places.keys().next().value;
  if (places.size > MOST && oldest !== undefined) places.delete(oldest);
}

export const placeOf = (name: string): Place | undefined => places.get(name);

export function clearPlaces(): void {
  places.clear();
}

/** The name of the entry of the browser's history that is shown: the same again after “back”. */
export function useHistoryEntry(): string {
  const { history } = useRouter();
  const [name] = useState(() => entryOf(history.location));
  return name;
}

export function entryOf({ state, href }: { state: { __TSR_key?: string }; href: string }): string {
  return `entry ${state.__TSR_key ?? href}`;
}

/**
 * Keeps how far everything below `main` that has `data-keep-scroll` is scrolled, for each entry of
 * the history. Back and reload return there; a page that is opened starts at its top.
 */
export function useKeptScroll(main: RefObject<HTMLElement | null>): void {
  const { history } = useRouter();
  useEffect(() => {
    const box = main.current;
    if (!box) return undefined;
    let entry = entryOf(history.location);
    let { pathname } = history.location;
    let stop = restore(box, placeOf(entry));
    const onScroll = ({ target }: Event) => {
      const name = target instanceof HTMLElement ? target.dataset['keepScroll'] : undefined;
      if (!name) return;
      const kept = placeOf(entry);
      const tops = kept?.type === 'scroll' ? kept.tops : {};
      keepPlace(entry, {
        type: 'scroll',
        tops: { ...tops, [name]: (target as HTMLElement).scrollTop },
      });
    };
    const unsubscribe = history.subscribe(({ location }) => {
      const isOther = location.pathname !== pathname;
      entry = entryOf(location);
      ({ pathname } = location);
      stop();
      const kept = placeOf(entry);
      // Words that are cited are scrolled to by who shows them.
      if (kept || (isOther && !location.search.includes('start='))) stop = restore(box, kept);
    });
    box.addEventListener('scroll', onScroll, { capture: true, passive: true });
    return () => {
      stop();
      unsubscribe();
      box.removeEventListener('scroll', onScroll, { capture: true });
    };
  }, [main, history]);
}

/** Scrolls to where it was as soon as the page is long enough; the reader's own scrolling ends it. */
function restore(box: HTMLElement, place: Place | undefined): () => void {
  const tops = place?.type === 'scroll' ? place.tops : {};
  const begun = performance.now();
  const acts = ['wheel', 'touchstart', 'keydown', 'pointerdown'] as const;
  let frame = requestAnimationFrame(function look() {
    for (const one of box.querySelectorAll<HTMLElement>('[data-keep-scroll]')) {
      const top = tops[one.dataset['keepScroll'] ?? ''] ?? 0;
      if (Math.abs(one.scrollTop - top) > 1) one.scrollTop = top;
    }
    if (performance.now() - begun > (place ? PATIENCE : 200)) stop();
    else frame = requestAnimationFrame(look);
  });
  const stop = () => {
    cancelAnimationFrame(frame);
    for (const act of acts) box.removeEventListener(act, stop);
  };
  for (const act of acts) box.addEventListener(act, stop, { passive: true, once: true });
  return stop;
}
