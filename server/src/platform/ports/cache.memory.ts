import { LRUCache } from 'lru-cache';
import type { MaybePromise } from '../core/maybe-promise.ts';
import { l1Bounds, type Cache, type CacheStats } from './cache.ts';

/** A cache of one process: at most `max` values and 32 MiB, least recently used go first. */
export function createMemoryCache(max = 10_000): Cache {
  const values = new LRUCache<string, object>(l1Bounds(max));
  const loading = new Map<string, Promise<object>>();
  const stats: CacheStats = { l1: 0, l2: 0, miss: 0 };

  async function fetch<T extends object>(key: string, ttl: number, loader: () => Promise<T>) {
    const began = performance.now();
    const load = loader();
    loading.set(key, load);
    try {
      const value = await load;
      const life = Math.floor(ttl - (performance.now() - began));
      // A drop while loading removed the entry: what was read may be older than the drop.
      if (loading.get(key) === load && life > 0) values.set(key, value, { ttl: life });
      return value;
    } finally {
      if (loading.get(key) === load) loading.delete(key);
    }
  }

  return {
    load<T extends object>(key: string, ttl: number, loader: () => Promise<T>) {
      const known = (values.get(key) ?? loading.get(key)) as MaybePromise<T> | undefined;
      stats[known ? 'l1' : 'miss'] += 1;
      return known ?? fetch(key, ttl, loader);
    },
    drop(key) {
      values.delete(key);
      loading.delete(key);
      return Promise.resolve();
    },
    stats: () => ({ ...stats }),
    close() {
      values.clear();
      loading.clear();
      return Promise.resolve();
    },
  };
}
