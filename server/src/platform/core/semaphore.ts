import { problem } from './problem.ts';

/**
 * At most `width` tasks at a time and at most `queue` waiting; beyond that `busy` (503) at once,
 * so that a flood costs its sender and not the server's memory.
 */
export function createSemaphore(width: number, queue: number) {
  let running = 0;
  const waiting: (() => void)[] = [];

  return async function run<T>(task: () => Promise<T>): Promise<T> {
    if (running >= width) {
      if (waiting.length >= queue) throw problem('busy', { retryAfter: 2 });
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running += 1;
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
