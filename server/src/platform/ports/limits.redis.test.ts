import { randomUUID } from 'node:crypto';
import { limits as policies } from '@teambrain/contract/limit.ts';
import { expect, test } from 'vitest';
import { useRedisPorts } from '../../testing/redis.ts';
import { testLimits } from './limits.suite.ts';

testLimits(async () => (await useRedisPorts(randomUUID())).limits);

test('instances share their counts, exactly', async () => {
  const secret = randomUUID();
  const [a, b, c] = [
    await useRedisPorts(secret),
    await useRedisPorts(secret),
    await useRedisPorts(secret),
  ];
  const states = await Promise.all(
    Array.from({ length: 300 }, () =>
      [a, b, c].map(({ limits }) => limits.take('read', 'me')),
    ).flat(),
  );
  expect(states.filter((state) => state.isAllowed)).toHaveLength(policies.read.quota);
  await a.limits.forgive('read', 'me');
  expect((await b.limits.take('read', 'me')).remaining).toBe(policies.read.quota - 1);
});

test('installations do not share their counts', async () => {
  const [a, b] = [await useRedisPorts(randomUUID()), await useRedisPorts(randomUUID())];
  for (let n = 0; n < 10; n += 1) await a.limits.take('register', 'me');
  expect((await b.limits.take('register', 'me')).isAllowed).toBe(true);
});
