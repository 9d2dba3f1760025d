import { RateLimiterMemory } from 'rate-limiter-flexible';
import { createLimits, type LimitOptions, type TakePlace } from './limits.counters.ts';
import type { Limits } from './limits.ts';

/** When to ask again for a place that nobody knows the end of. */
const AGAIN_SECONDS = 2;

/** Limits of one process. */
export const createMemoryLimits = (options: LimitOptions = {}): Limits =>
  createLimits(
    (_name, points, duration) => new RateLimiterMemory({ points, duration }),
    createPlaces(),
    options,
  );

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
