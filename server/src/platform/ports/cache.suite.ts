import { describe, expect, test } from 'vitest';
import type { Cache } from './cache.ts';

/** What every cache does. `open` gives an empty cache that is closed when the test ends. */
export function testCache(open: () => Promise<Cache>): void {
  const minute = 60_000;

  describe('a cache', () => {
    test('loads a value once', async () => {
      const cache = await open();
      const { loads, loader } = counting();
      expect(await cache.load('key', minute, loader)).toEqual({ n: 1 });
      expect(await cache.load('key', minute, loader)).toEqual({ n: 1 });
      expect(await cache.load('other', minute, loader)).toEqual({ n: 2 });
      expect(loads()).toBe(2);
      expect(cache.stats()).toEqual({ l1: 1, l2: 0, miss: 2 });
    });

    test('loads once for all who ask at the same time', async () => {
      const cache = await open();
      const { loads, loader } = counting();
      const values = await Promise.all(
        Array.from({ length: 100 }, async () => cache.load('key', minute, loader)),
      );
      expect(new Set(values.map(({ n }) => n))).toEqual(new Set([1]));
      expect(loads()).toBe(1);
    });

    test('keeps a value no longer than its time', async () => {
      const cache = await open();
      const { loader } = counting();
      await cache.load('key', 150, loader);
      expect(await cache.load('key', 150, loader)).toEqual({ n: 1 });
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect(await cache.load('key', 150, loader)).toEqual({ n: 2 });
    });

    test('counts the time from the begin of the load', async () => {
      const cache = await open();
      const slow = async () => {
        await new Promise((resolve) => setTimeout(resolve, 120));
        return { n: 0 };
      };
      await cache.load('key', 100, slow);
      expect(await cache.load('key', 100, counting().loader)).toEqual({ n: 1 });
    });

    test('loads anew after a drop', async () => {
      const cache = await open();
      const { loader } = counting();
      await cache.load('key', minute, loader);
      await cache.load('other', minute, loader);
      await cache.drop('key');
      await cache.drop('never loaded');
      expect(await cache.load('key', minute, loader)).toEqual({ n: 3 });
      expect(await cache.load('other', minute, loader)).toEqual({ n: 2 });
    });

    test('does not let a load under way bring a dropped value back', async () => {
      const cache = await open();
      let finish: (value: { n: number }) => void = () => undefined;
      const old = cache.load(
        'key',
        minute,
        () => new Promise<{ n: number }>((done) => (finish = done)),
      );
      await new Promise((resolve) => setTimeout(resolve, 50));
      await cache.drop('key');
      const fresh = await cache.load('key', minute, () => Promise.resolve({ n: 2 }));
      expect(fresh).toEqual({ n: 2 });
      finish({ n: 1 });
      expect(await old).toEqual({ n: 1 });
      expect(await cache.load('key', minute, () => Promise.resolve({ n: 3 }))).toEqual({ n: 2 });
    });

    test('passes a failure on to all who wait and keeps nothing of it', async () => {
      const cache = await open();
      const failing = () => Promise.reject(new Error('of the load'));
      const both = await Promise.allSettled([
        cache.load('key', minute, failing),
        cache.load('key', minute, failing),
      ]);
      expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
      expect(await cache.load('key', minute, counting().loader)).toEqual({ n: 1 });
    });
  });
}

function counting() {
  let count = 0;
  return { loads: () => count, loader: () => Promise.resolve({ n: (count += 1) }) };
}
