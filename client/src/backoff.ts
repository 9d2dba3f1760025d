export interface Backoff {
  /** Milliseconds the first wait is at most. */
  base: number;
  /** Milliseconds any wait is at most. */
  max: number;
}

/**
 * Full-jitter exponential backoff: milliseconds to wait before try `attempt` (0 for the first
 * retry), evenly between 0 and min(max, base × 2^attempt).
 */
export function backoff(attempt: number, { base, max }: Backoff, random = Math.random): number {
  return Math.round(random() * Math.min(max, base * 2 ** Math.min(attempt, 30)));
}

/** The longest wait `setTimeout` can do; a longer one would fire at once. */
const LONGEST = 2 ** 31 - 1;

/** A time-out that does not by itself keep a Node process alive. */
export function later(callback: () => void, milliseconds: number): ReturnType<typeof setTimeout> {
  const timer = setTimeout(callback, Math.min(Math.max(0, milliseconds), LONGEST));
  if (typeof timer === 'object') timer.unref();
  return timer;
}
