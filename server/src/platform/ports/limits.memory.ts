import {
  createLimits,
  type Count,
  type Counter,
  type LimitOptions,
  type TakePlace,
} from './limits.counters.ts';
import type { Limits } from './limits.ts';

/** When to ask again for a place that nobody knows the end of. */
const AGAIN_SECONDS = 2;

/** Keys counted at a time, of each policy; those whose window began first go first. */
const MAX_KEYS = 100_000;

/** Of a clock nobody sets; whole, so that a window is never a fraction longer than it is. */
const millisecond = () => Math.floor(performance.now());

/** Limits of one process. */
export const createMemoryLimits = (options: LimitOptions = {}): Limits =>
  createLimits(
    (_name, _quota, duration) => createCounter(duration * 1000),
    createPlaces(),
    options,
  );

interface Window {
  used: number;
  /** The millisecond it ends in. */
  until: number;
}

/**
 * Counts at once and within bounds: rate-limiter-flexible's counter in memory answers by a promise,
 * which costs a cached read a tenth, and holds a timer for each of any number of keys.
 */
export function createCounter(windowMs: number, maxKeys = MAX_KEYS): Counter {
  /** By the beginning of their windows, thus, but for those prolonged, by their end. */
  const windows = new Map<string, Window>();

  function begin(key: string, used: number, now: number, lengthMs: number) {
    windows.delete(key);
    for (const [oldest, { until }] of windows) {
      if (until > now && windows.size < maxKeys) break;
      windows.delete(oldest);
    }
    const window = { used, until: now + lengthMs };
    windows.set(key, window);
    return window;
  }
  const countOf = ({ used, until }: Window, now: number): Count => ({
    used,
    msLeft: until - now,
  });

  return {
    add(key) {
      const now = millisecond();
      let window = windows.get(key);
      if (!window || window.until <= now) window = begin(key, 0, now, windowMs);
      window.used += 1;
      return countOf(window, now);
    },
    subtract(key) {
      const window = windows.get(key);
      if (window && window.used > 0) window.used -= 1;
    },
    prolong(key, seconds) {
      const now = millisecond();
      return countOf(begin(key, windows.get(key)?.used ?? 0, now, seconds * 1000), now);
    },
    delete: (key) => windows.delete(key),
  };
}

function createPlaces(): TakePlace {
  const taken = new Map<string, number>();
  function giveBack(key: string): void {
    const left = (taken.get(key) ?? 1) - 1;
    if (left > 0) taken.set(key, left);
    else taken.delete(key);
  }
  return (key, width) => {
    const now = taken.get(key) ?? 0;
    if (now >= width) return Promise.resolve({ isAllowed: false, resetSeconds: AGAIN_SECONDS });
    taken.set(key, now + 1);
    let isHeld = true;
    const release = () => {
      if (isHeld) giveBack(key);
      isHeld = false;
      return Promise.resolve();
    };
    return Promise.resolve({ isAllowed: true, release });
  };
}
