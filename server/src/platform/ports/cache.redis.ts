import { LRUCache } from 'lru-cache';
import { newId } from '../core/id.ts';
import type { Bus } from './bus.ts';
import { l1Bounds, type Cache, type CacheStats } from './cache.ts';
import type { Seal } from './redis-seal.ts';
import type { RedisLink } from './redis.ts';
import { createSharedValues } from './shared-values.redis.ts';

const DROPPED = 'cache.dropped';
/** Longest life of a copy in this process, should a drop of another instance get lost. */
const L1_MS = 10_000;

export interface RedisCacheOptions {
  commands: RedisLink;
  bus: Bus;
  seal: Seal;
  /** Most values kept in this process. */
  max?: number;
}

interface Copy {
  value: object;
  /** Moment (performance.now) from which the value is too old. */
  until: number;
}

/**
 * Two layers: copies in this process (L1) over values that all instances share (L2 in Redis). A
 * drop reaches L2, then all copies through the bus. Without Redis it is a cache of one process whose
 * copies live for at most ten seconds.
 */
export function createRedisCache({ commands, bus, seal, max = 10_000 }: RedisCacheOptions): Cache {
  const me = newId();
  const copies = new LRUCache<string, object>(l1Bounds(max));
  const loading = new Map<string, Promise<Copy>>();
  const shared = createSharedValues(commands, seal);
  const stats: CacheStats = { l1: 0, l2: 0, miss: 0 };

  function forget(key: string): void {
    copies.delete(key);
    loading.delete(key); // the load goes on for who waits, but keeps nothing
  }

  function clear(): void {
    copies.clear();
    loading.clear();
  }

  /** From L2 or the loader; `isCurrent` says whether nobody dropped the key meanwhile. */
  async function fetch(
    key: string,
    ttlMs: number,
    loader: () => Promise<object>,
    isCurrent: () => boolean,
  ): Promise<Copy> {
    const place = await shared.find(key);
    if (place?.value) {
      stats.l2 += 1;
      return { value: place.value, until: performance.now() + place.lifeMs };
    }
    stats.miss += 1;
    const until = performance.now() + ttlMs;
    const value = await loader();
    if (place && isCurrent()) await shared.store(key, place, value, until - performance.now());
    return { value, until };
  }

  async function begin<T extends object>(
    key: string,
    ttlMs: number,
    loader: () => Promise<T>,
    copyMs: number,
  ) {
    const isCurrent = () => loading.get(key) === fetching;
    const fetching: Promise<Copy> = fetch(key, ttlMs, loader, isCurrent);
    loading.set(key, fetching);
    try {
      const { value, until } = await fetching;
      const ttl = Math.floor(Math.min(copyMs, until - performance.now()));
      if (isCurrent() && ttl > 0) copies.set(key, value, { ttl });
      return value as T;
    } finally {
      if (isCurrent()) loading.delete(key);
    }
  }

  const offDropped = bus.subscribe(DROPPED, (message) => {
    const { key, by } = (message ?? {}) as { key?: unknown; by?: unknown };
    if (typeof key === 'string' && by !== me) forget(key);
  });
  // Drops of others were or will be missed: nothing here can be trusted.
  const offGap = bus.onGap(clear);

  return {
    load<T extends object>(key: string, ttlMs: number, loader: () => Promise<T>, copyMs = L1_MS) {
      const copy = copies.get(key) as T | undefined;
      const running = loading.get(key);
      if (copy ?? running) stats.l1 += 1;
      return copy ?? running?.then(({ value }) => value as T) ?? begin(key, ttlMs, loader, copyMs);
    },
    async drop(key) {
      forget(key);
      await shared.drop(key);
      forget(key); // what was read from L2 before it was gone there
      await bus.publish(DROPPED, { key, by: me });
    },
    stats: () => ({ ...stats }),
    close() {
      offDropped();
      offGap();
      shared.close();
      clear();
      return Promise.resolve();
    },
  };
}
