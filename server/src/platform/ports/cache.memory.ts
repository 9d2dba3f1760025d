import { LRUCache } from 'lru-cache';
import type { Cache } from './cache.ts';

/** A cache of one process: at most `max` values, least recently used go first. */
export function createMemoryCache(max = 10_000): Cache {
  const values = new LRUCache<string, object>({ max });
  const loading = new Map<string, Promise<object>>();

  return {
    async load<T extends object>(key: string, ttl: number, loader: () => Promise<T>): Promise<T> {
      const known = (values.get(key) ?? loading.get(key)) as T | Promise<T> | undefined;
      if (known) return known;
      const load = loader();
      loading.set(key, load);
      try {
        const value = await load;
        // A drop while loading removed the entry: what was read may be older than the drop.
        if (loading.get(key) === load) values.set(key, value, { ttl });
        return value;
      } finally {
        if (loading.get(key) === load) loading.delete(key);
      }
    },
    drop(key) {
      values.delete(key);
      loading.delete(key);
      return Promise.resolve();
    },
    close() {
      values.clear();
      loading.clear();
      return Promise.resolve();
    },
  };
}
