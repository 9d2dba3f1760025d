import type { Seats } from './seats.ts';

interface MemorySeats extends Seats {
  /** Who holds seats here, by key. */
  readonly taken: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Seats of one process. @param width how many a key has */
export function createMemorySeats(width: number): MemorySeats {
  /** Ids in the order in which they came. */
  const taken = new Map<string, Set<string>>();
  function leave(key: string, id: string): Promise<void> {
    const own = taken.get(key);
    own?.delete(id);
    if (own?.size === 0) taken.delete(key);
    return Promise.resolve();
  }
  return {
    taken,
    take(key, id) {
      const own = taken.get(key) ?? new Set();
      taken.set(key, own.add(id));
      const lost = [...own].slice(0, Math.max(0, own.size - width));
      for (const one of lost) void leave(key, one);
      return Promise.resolve(lost);
    },
    leave,
    close: () => undefined,
  };
}
