import type { Clock } from '../platform/core/clock.ts';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const DAY = 24 * 60 * MINUTE;

/** The wall clock with an offset that a test moves. */
export function movableClock(offset = 0): Clock & { advance(ms: number): void } {
  let moved = offset;
  return {
    now: () => new Date(Date.now() + moved),
    advance: (ms) => void (moved += ms),
  };
}
