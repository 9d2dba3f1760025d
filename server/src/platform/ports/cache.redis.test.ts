import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { useRedisPorts } from '../../testing/redis.ts';
import { testCache } from './cache.suite.ts';

const minute = 60_000;
type Ports = Awaited<ReturnType<typeof useRedisPorts>>;

testCache(async () => (await useRedisPorts(randomUUID())).cache);

async function useTwo() {
  const secret = randomUUID();
  return [await useRedisPorts(secret), await useRedisPorts(secret)] as const;
}

const load = ({ cache }: Ports, version: number, key = 'key') =>
  cache.load(key, minute, () => Promise.resolve({ version }));

test('instances share what one of them loaded', async () => {
  const [a, b] = await useTwo();
  await load(a, 1);
  expect(await load(b, 2)).toEqual({ version: 1 });
  expect(await load(b, 3)).toEqual({ version: 1 });
  expect(a.cache.stats()).toEqual({ l1: 0, l2: 0, miss: 1 });
  expect(b.cache.stats()).toEqual({ l1: 1, l2: 1, miss: 0 });
});

test('a copy is no older than its time, however many layers it came through', async () => {
  const [a, b] = await useTwo();
  await a.cache.load('key', 400, () => Promise.resolve({ version: 1 }));
  await new Promise((resolve) => setTimeout(resolve, 250));
  expect(await load(b, 2)).toEqual({ version: 1 });
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(await load(b, 3)).toEqual({ version: 3 });
});

test('a drop reaches the copies of all instances, 95 of 100 times within 100 ms', async () => {
  const [a, b] = await useTwo();
  const times: number[] = [];
  for (let version = 1; version <= 300; version += 1) {
    expect(await load(b, version)).toEqual({ version });
    expect(await load(a, 0)).toEqual({ version });
    const began = performance.now();
    await a.cache.drop('key');
    while ((await load(b, version + 1)).version === version) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    times.push(performance.now() - began);
  }
  times.sort((one, other) => one - other);
  expect(times[Math.floor(times.length * 0.95)]).toBeLessThan(100);
  expect(times.at(-1)).toBeLessThan(1_000);
});

test('a load that raced with a drop elsewhere brings nothing back, in no layer', async () => {
  const [a, b] = await useTwo();
  for (let round = 0; round < 50; round += 1) {
    const key = `key ${round}`;
    let version = 1;
    const read = async () => {
      const seen = version;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 8));
      return { version: seen };
    };
    const racing = b.cache.load(key, minute, read);
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 8));
    version = 2;
    await a.cache.drop(key);
    await racing;
    // Once the drop has arrived, which is long before a copy would end by itself, it is gone for good.
    for (const { cache } of [a, b]) {
      await expect
        .poll(() => cache.load(key, minute, read), { timeout: 3_000, interval: 5 })
        .toEqual({ version: 2 });
    }
  }
});

test('what others wrote into Redis is not believed', async () => {
  const [a, b] = await useTwo();
  await load(a, 1, 'session:victim');
  await load(a, 2, 'session:mine');
  const { client } = a.commands;
  const keyOf = (key: string) => `${a.seal.namespace}cache:value:${a.seal.hide(key)}`;
  const mine = await client.get(keyOf('session:mine'));
  expect(mine).not.toBeNull();
  for (const forged of [
    '',
    '{}',
    '{"version":0}',
    'x'.repeat(22) + '{"version":0}',
    String(mine),
  ]) {
    await client.set(keyOf('session:victim'), forged, 'PX', minute);
    expect(await load(b, 3, 'session:victim')).toEqual({ version: 3 });
    await b.cache.drop('session:victim');
  }
});

test('copies are given up when the bus is lost', async () => {
  const [a, b] = await useTwo();
  await load(b, 1);
  b.subscriber.client.stream.destroy();
  await new Promise((resolve) => setTimeout(resolve, 20));
  await a.commands.client.del(...(await a.commands.client.keys(`${a.seal.namespace}*`)));
  expect(await load(b, 2)).toEqual({ version: 2 });
});

test('a copy lives no longer than it may without word from others', async () => {
  const [a, b] = await useTwo();
  const ask = (version: number) =>
    b.cache.load('copied', minute, () => Promise.resolve({ version }), 100);
  expect(await ask(1)).toEqual({ version: 1 });
  // Dropped by an instance whose word is lost.
  await a.commands.client.del(...(await a.commands.client.keys(`${a.seal.namespace}*`)));
  expect(await ask(2)).toEqual({ version: 1 });
  await new Promise((resolve) => setTimeout(resolve, 120));
  expect(await ask(3)).toEqual({ version: 3 });
});
