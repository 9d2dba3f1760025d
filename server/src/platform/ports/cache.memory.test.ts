import { expect, test } from 'vitest';
import { testCache } from './cache.suite.ts';
import { createMemoryCache } from './cache.memory.ts';

testCache(() => Promise.resolve(createMemoryCache()));

test('large values push out older ones before memory runs short', async () => {
  const cache = createMemoryCache();
  const text = 'x'.repeat(2 ** 20);
  const load = (n: number) => cache.load(`${n}`, 60_000, () => Promise.resolve({ text }));
  for (let n = 0; n < 40; n += 1) await load(n);
  await load(39);
  expect(cache.stats()).toEqual({ l1: 1, l2: 0, miss: 40 });
  await load(0);
  expect(cache.stats()).toEqual({ l1: 1, l2: 0, miss: 41 });
});
