import { expect, test } from 'vitest';
import { useFaultyLink } from '../../testing/faulty-link.ts';
import { sharedRedisUrl, usePrivateRedis, useRedisPorts } from '../../testing/redis.ts';

/** What a Redis that fails may add to a request at most. */
const ADDED_MS = 250;
const BACK_MS = 10_000;
const secret = 'of the tests about a Redis that fails';

type Ports = Awaited<ReturnType<typeof useRedisPorts>>;

/** What a request asks of Redis: its limit, its session, and something to tell the others. */
async function request({ cache, limits, bus }: Ports, user: string): Promise<number> {
  const began = performance.now();
  await limits.take('read', user);
  await cache.load(`session:${user}`, 5_000, () => Promise.resolve({ user }));
  await cache.load(`space:${user}`, 5_000, () => Promise.resolve({ user }));
  await cache.drop(`space:${user}`);
  await bus.publish('topic', { user });
  return performance.now() - began;
}

async function slowestOf(ports: Ports, name: string, forMs: number): Promise<number> {
  let slowest = 0;
  const until = Date.now() + forMs;
  for (let n = 0; Date.now() < until; n += 1) {
    const times = Array.from({ length: 5 }, (_, i) => request(ports, `${name}-${n}-${i}`));
    slowest = Math.max(slowest, ...(await Promise.all(times)));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return slowest;
}

async function until(isTrue: () => boolean | Promise<boolean>): Promise<number> {
  const began = Date.now();
  while (!(await isTrue())) {
    if (Date.now() - began > BACK_MS) throw new Error('not true in 10 s');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return Date.now() - began;
}

const isWhole = ({ commands, subscriber }: Ports) => commands.isUp() && subscriber.isUp();

/** Whether a message of `a` reaches `b`. */
async function hears(a: Ports, b: Ports): Promise<boolean> {
  return new Promise((resolve) => {
    const off = b.bus.subscribe('probe', () => done(true));
    const timer = setTimeout(() => done(false), 100);
    const done = (isHeard: boolean) => {
      clearTimeout(timer);
      off();
      resolve(isHeard);
    };
    setTimeout(() => void a.bus.publish('probe', {}), 20);
  });
}

test.each(['killed', 'frozen'] as const)('a Redis that is %s delays no request', async (how) => {
  const redis = await usePrivateRedis();
  const [a, b] = [await useRedisPorts(secret, redis.url), await useRedisPorts(secret, redis.url)];
  const gaps: string[] = [];
  b.bus.onGap((state) => gaps.push(state));
  expect(await hears(a, b)).toBe(true);
  const whole = await slowestOf(a, 'whole', 300);

  const running = slowestOf(a, 'away', 3_000);
  if (how === 'killed') await redis.kill();
  else redis.freeze();
  const away = await running;
  expect(away - whole).toBeLessThan(ADDED_MS);

  if (how === 'killed') await redis.restart();
  else redis.thaw();
  const back = await until(() => isWhole(a) && isWhole(b));
  await until(() => hears(a, b));
  expect(gaps).toEqual(['lost', 'back']);
  console.info(
    `${how}: slowest request whole ${whole.toFixed(0)} ms, away ${away.toFixed(0)} ms; back in ${back} ms`,
  );
});

test.each([15, 40, 70, 95])(
  'a Redis that takes %i ms for every answer delays no request',
  async (ms) => {
    const link = await useFaultyLink(sharedRedisUrl());
    const ports = await useRedisPorts(secret, link.url);
    const whole = await slowestOf(ports, `before ${ms}`, 300);
    link.slow(ms);
    const slow = await slowestOf(ports, `slow ${ms}`, 3_000);
    console.info(`${ms} ms: slowest request ${whole.toFixed(0)} ms, then ${slow.toFixed(0)} ms`);
    expect(slow - whole).toBeLessThan(ADDED_MS);
    if (ms > 20) expect(ports.commands.isUp()).toBe(false);
    link.slow(0);
    await until(() => isWhole(ports));
  },
);

test.each(['killed', 'frozen'] as const)('a %s Redis does not lift limits', async (how) => {
  const redis = await usePrivateRedis();
  const { limits } = await useRedisPorts(secret, redis.url);
  if (how === 'killed') await redis.kill();
  else redis.freeze();
  let allowed = 0;
  for (let n = 0; n < 100; n += 1) {
    const state = await limits.take('login-account', 'someone@example.org');
    expect(state.quota).toBe(n === 0 ? state.quota : 2);
    if (state.isAllowed) allowed += 1;
    else expect(state.resetSeconds).toBeGreaterThan(890);
  }
  expect(allowed).toBeGreaterThan(0);
  expect(allowed).toBeLessThanOrEqual(5);
});

test('a flushed Redis brings no dropped value back and keeps limiting', async () => {
  const redis = await usePrivateRedis();
  const [a, b] = [await useRedisPorts(secret, redis.url), await useRedisPorts(secret, redis.url)];
  await b.cache.load('key', 60_000, () => Promise.resolve({ version: 0 }));
  await b.cache.drop('key');
  let finish: (value: object) => void = () => undefined;
  const load = b.cache.load('key', 60_000, () => new Promise<object>((done) => (finish = done)));
  await new Promise((resolve) => setTimeout(resolve, 50));
  await a.cache.drop('key');
  await a.commands.client.flushall();
  finish({ version: 1 });
  expect(await load).toEqual({ version: 1 });
  for (const { cache } of [a, b]) {
    const again = await cache.load('key', 60_000, () => Promise.resolve({ version: 2 }));
    expect(again).toEqual({ version: 2 });
  }
  let allowed = 0;
  for (let n = 0; n < 20; n += 1) {
    if (n === 10) await a.commands.client.flushall();
    if ((await a.limits.take('login-account', 'me')).isAllowed) allowed += 1;
  }
  expect(allowed).toBe(10);
});

test('what was dropped while Redis was away stays dropped when it comes back', async () => {
  const redis = await usePrivateRedis();
  const [a, b] = [await useRedisPorts(secret, redis.url), await useRedisPorts(secret, redis.url)];
  const load = (ports: Ports, version: number) =>
    ports.cache.load('key', 60_000, () => Promise.resolve({ version }));
  await load(a, 1);
  expect(await load(b, 0)).toEqual({ version: 1 });
  redis.freeze();
  await until(() => !a.commands.isUp() && !b.subscriber.isUp());
  await a.cache.drop('key');
  expect(await load(a, 2)).toEqual({ version: 2 });
  redis.thaw();
  await until(() => isWhole(a) && isWhole(b));
  await until(() => hears(a, b));
  expect(await load(b, 2)).toEqual({ version: 2 });
});

test('what ends while Redis is slow for one instance is heard by the others at once', async () => {
  const link = await useFaultyLink(sharedRedisUrl());
  const a = await useRedisPorts(secret, link.url);
  const b = await useRedisPorts(secret, sharedRedisUrl());
  const load = (version: number) =>
    b.cache.load('slow key', 60_000, () => Promise.resolve({ version }));
  expect(await load(1)).toEqual({ version: 1 });
  link.slow(150);
  await until(async () => {
    await a.limits.take('read', 'someone');
    return !a.commands.isUp();
  });
  await a.cache.drop('slow key');
  // Well before the two seconds after which a slow Redis is used again.
  const took = await until(async () => (await load(2)).version === 2);
  expect(took).toBeLessThan(1_000);
});
