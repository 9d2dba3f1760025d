import { randomUUID } from 'node:crypto';
import { limits as policies } from '@teambrain/contract/limit.ts';
import { expect, test } from 'vitest';
import { together } from '../core/maybe-promise.ts';
import { usePrivateRedis, useRedisPorts } from '../../testing/redis.ts';
import { createRedisLimits } from './limits.redis.ts';
import { testLimits } from './limits.suite.ts';

testLimits(async () => (await useRedisPorts(randomUUID())).limits);

test('instances share their counts, exactly', async () => {
  const secret = randomUUID();
  const [a, b, c] = [
    await useRedisPorts(secret),
    await useRedisPorts(secret),
    await useRedisPorts(secret),
  ];
  const states = await together(
    Array.from({ length: 300 }, () =>
      [a, b, c].map(({ limits }) => limits.take('read', 'me')),
    ).flat(),
  );
  expect(states.filter((state) => state.isAllowed)).toHaveLength(policies.read.quota);
  await a.limits.forgive('read', 'me');
  expect((await b.limits.take('read', 'me')).remaining).toBe(policies.read.quota - 1);
});

test('instances share the places, and those of one that died come back', async () => {
  const secret = randomUUID();
  const [a, b] = [await useRedisPorts(secret), await useRedisPorts(secret)];
  const { atOnce } = policies.ai;
  for (let n = 1; n < atOnce; n += 1) await a.limits.enter('ai', 'me');
  await b.limits.enter('ai', 'me'); // and goes on being held
  const refusal = await b.limits.enter('ai', 'me');
  if (refusal.isAllowed) throw new Error('one too many');
  expect(refusal.resetSeconds).toBeLessThanOrEqual(5);
  a.commands.close(); // as when it is killed: nothing is given back, nothing prolonged
  await expect
    .poll(async () => (await b.limits.enter('ai', 'me')).isAllowed, { timeout: 15_000 })
    .toBe(true);
  expect((await b.limits.enter('ai', 'me')).isAllowed).toBe(atOnce > 2);
});

test('a place is held for as long as its holder lives, also over a flush', async () => {
  const redis = await usePrivateRedis();
  const { commands, seal } = await useRedisPorts(randomUUID(), redis.url);
  const limits = createRedisLimits(commands, seal, { leaseMs: 2_000 });
  const { atOnce } = policies.ai;
  const holds = [];
  for (let n = 0; n < atOnce; n += 1) holds.push(await limits.enter('ai', 'me'));
  await redis.flush();
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  expect((await limits.enter('ai', 'me')).isAllowed).toBe(false);
  for (const hold of holds) if (hold.isAllowed) await hold.release();
  expect((await limits.enter('ai', 'me')).isAllowed).toBe(true);
});

test('installations do not share their counts', async () => {
  const [a, b] = [await useRedisPorts(randomUUID()), await useRedisPorts(randomUUID())];
  for (let n = 0; n < 10; n += 1) await a.limits.take('register', 'me');
  expect((await b.limits.take('register', 'me')).isAllowed).toBe(true);
});
