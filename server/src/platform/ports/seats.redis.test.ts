import { randomUUID } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { newId } from '../core/id.ts';
import { usePrivateRedis, useRedisPorts } from '../../testing/redis.ts';
import { createRedisSeats } from './seats.redis.ts';
import { testSeats } from './seats.suite.ts';

/** Seats as one instance of the installation with this secret has them. */
async function useSeats(width: number, secret: string, leaseMs?: number, url?: string) {
  const { commands, seal } = await useRedisPorts(secret, url);
  const seats = createRedisSeats(commands, seal.namespace, width, leaseMs);
  onTestFinished(() => seats.close());
  return { seats, commands };
}

testSeats(async (width) => (await useSeats(width, randomUUID())).seats);

test('are counted over all instances', async () => {
  const secret = randomUUID();
  const [a, b] = [await useSeats(3, secret), await useSeats(3, secret)];
  const ids = [newId(), newId(), newId(), newId()];
  expect(await a.seats.take('me', ids[0] ?? '')).toEqual([]);
  expect(await b.seats.take('me', ids[1] ?? '')).toEqual([]);
  expect(await a.seats.take('me', ids[2] ?? '')).toEqual([]);
  expect(await b.seats.take('me', ids[3] ?? '')).toEqual([ids[0]]);
});

test('of an instance that died are free in time, those of one that lives are held over a flush', async () => {
  const redis = await usePrivateRedis();
  const secret = randomUUID();
  const [dead, living, asking] = [
    await useSeats(2, secret, 1_500, redis.url),
    await useSeats(2, secret, 1_500, redis.url),
    await useSeats(2, secret, 1_500, redis.url),
  ];
  const [gone, stays] = [newId(), newId()];
  await dead.seats.take('me', gone);
  await living.seats.take('me', stays);
  dead.commands.close(); // as when it is killed: nothing is left, nothing prolonged
  await redis.flush();
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  expect(await asking.seats.take('me', newId())).toEqual([]);
  expect(await asking.seats.take('me', newId())).toEqual([stays]); // the oldest, remembered again
});

test('are counted by each instance alone while Redis is away', async () => {
  const redis = await usePrivateRedis();
  const { seats } = await useSeats(2, randomUUID(), 1_500, redis.url);
  await redis.kill();
  const ids = [newId(), newId(), newId()];
  expect(await seats.take('me', ids[0] ?? '')).toEqual([]);
  expect(await seats.take('me', ids[1] ?? '')).toEqual([]);
  expect(await seats.take('me', ids[2] ?? '')).toEqual([ids[0]]);
});
