import { problem } from './problem.ts';

export interface SemaphoreOptions {
  /** Tasks at a time. */
  width: number;
  /** Tasks that may wait for their turn. */
  queue: number;
  /** Longest wait for a turn, in milliseconds; without end unless given. */
  patienceMs?: number;
}

export type Semaphore = <T>(task: () => Promise<T>) => Promise<T>;

/**
 * At most `width` tasks at a time and at most `queue` waiting; beyond that, or after waiting too
 * long, `busy` (503), so that a flood costs its sender and not the server's memory.
 */
export function createSemaphore({ width, queue, patienceMs }: SemaphoreOptions): Semaphore {
  let running = 0;
  const waiting = new Set<() => void>();

  function turn(): Promise<void> {
    return new Promise((resolve, reject) => {
      const begin = () => {
        clearTimeout(timer);
        resolve();
      };
      const giveUp = () => {
        waiting.delete(begin);
        reject(problem('busy', { retryAfter: 1 }));
      };
      const timer = patienceMs === undefined ? undefined : setTimeout(giveUp, patienceMs);
      waiting.add(begin);
    });
  }

  return async function run<T>(task: () => Promise<T>): Promise<T> {
    if (running >= width) {
      if (waiting.size >= queue) throw problem('busy', { retryAfter: 2 });
      await turn();
    } else running += 1;
    try {
      return await task();
    } finally {
      const [next] = waiting;
      if (next) {
        waiting.delete(next);
        next();
      } else running -= 1;
    }
  };
}

/** A semaphore of its own for each key, as long as somebody uses it. */
export function createLanes(options: SemaphoreOptions) {
  const lanes = new Map<string, { run: Semaphore; users: number }>();
  return async function run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const lane = lanes.get(key) ?? { run: createSemaphore(options), users: 0 };
    lanes.set(key, lane);
    lane.users += 1;
    try {
      return await lane.run(task);
    } finally {
      lane.users -= 1;
      if (lane.users === 0) lanes.delete(key);
    }
  };
}
