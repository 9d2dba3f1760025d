import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as auth from '@teambrain/contract/auth.ts';
import * as spaces from '@teambrain/contract/spaces.ts';
import { useFaultyLink } from '../../testing/faulty-link.ts';
import { at, shareEncoder, useInstances } from '../../testing/instances.ts';
import { codeOf, register, type Person } from '../../testing/people.ts';
import { sharedRedisUrl, usePrivateRedis } from '../../testing/redis.ts';
import { openSocket, type RawSocket } from '../../testing/socket.ts';
import { createSpace, post, upTo } from '../../testing/space.ts';
import { median } from '../../testing/statistics.ts';
import { statusOf } from '../../testing/window.ts';
import type { TestApp } from '../../testing/test-app.ts';

/** Longer than a hint takes on a busy machine, shorter than the poll that stands in for one. */
const FAST_MS = 1_000;
/** The poll of 2 s, with what a busy machine adds. */
const REPAIRED_MS = 4_000;

let shared: Awaited<ReturnType<typeof shareEncoder>>;
beforeAll(async () => (shared = await shareEncoder()));
afterAll(() => shared.end());

const follow = (app: TestApp, person: Person, id: string) =>
  openSocket(app.url, { token: person.token, spaces: [{ id, after: 0 }] });

/** Instances with a space of two people, and a socket of the second at each. */
async function useHouse(redisUrls: string[]) {
  const apps = await useInstances(redisUrls, shared.encoder);
  const [first] = apps;
  if (!first) throw new Error('no instance');
  const owner = await register(first.url, 'Owner');
  const reader = await register(first.url, 'Reader');
  const space = await createSpace(owner, [reader]);
  const sockets = await Promise.all(apps.map((app) => follow(app, reader, space)));
  let head = 3;
  await Promise.all(sockets.map((socket) => socket.reaches(space, head)));
  return {
    apps,
    owner,
    reader,
    space,
    sockets,
    /** Posts at an instance; milliseconds until each socket had it. */
    async deliver(from: TestApp): Promise<number[]> {
      head += 1;
      const began = performance.now();
      await post(at(from, owner), space, `message ${head}`);
      return Promise.all(
        sockets.map(async (socket) => {
          await socket.reaches(space, head);
          expect(socket.seqs(space)).toEqual(upTo(head));
          return performance.now() - began;
        }),
      );
    },
  };
}

const slowestOf = (times: number[]) => Math.max(...times);
const gapsOf = (app: TestApp) => app.hub.counters.gapsRepaired;

/** Whether hints of each instance reach the others again. */
const isFast = async (house: Awaited<ReturnType<typeof useHouse>>) => {
  for (const app of house.apps) {
    if (slowestOf(await house.deliver(app)) > FAST_MS) return false;
  }
  return true;
};

describe('a message', () => {
  it('reaches the sockets of three instances by hints, in one order', async () => {
    const url = sharedRedisUrl();
    const house = await useHouse([url, url, url]);
    const times: number[] = [];
    for (const n of upTo(30)) {
      const from = house.apps[n % 3];
      if (from) times.push(slowestOf(await house.deliver(from)));
    }
    console.info(`to all of three instances: median ${median(times).toFixed(0)} ms`);
    expect(median(times)).toBeLessThan(300);
    // A poll that comes between a commit and its hint may find the event first, now and then.
    const found = house.apps.map(({ hub }) => hub.counters.eventsRepaired);
    expect(slowestOf(found)).toBeLessThan(10);
  });

  it('whose hint is lost is read from the log within three seconds', async () => {
    const link = await useFaultyLink(sharedRedisUrl());
    const house = await useHouse([link.url, sharedRedisUrl()]);
    const [mute, whole] = house.apps as [TestApp, TestApp];
    link.hang(); // its own link alone: the other one hears of no gap
    const lost = slowestOf(await house.deliver(mute));
    console.info(`hint lost: ${lost.toFixed(0)} ms`);
    expect(lost).toBeLessThan(REPAIRED_MS);
    expect(gapsOf(whole)).toBeGreaterThan(0);
    link.heal();
    await vi.waitFor(async () => expect(await isFast(house)).toBe(true), 20_000);
  });

  it('arrives within three seconds while Redis is dead, and at once when it is back', async () => {
    const redis = await usePrivateRedis();
    const house = await useHouse([redis.url, redis.url]);
    const [a, b] = house.apps as [TestApp, TestApp];
    await redis.kill();
    const dead = [...(await house.deliver(a)), ...(await house.deliver(b))];
    console.info(`Redis dead: ${slowestOf(dead).toFixed(0)} ms`);
    expect(slowestOf(dead)).toBeLessThan(REPAIRED_MS);
    expect(gapsOf(a) + gapsOf(b)).toBeGreaterThanOrEqual(2);
    await redis.restart();
    await vi.waitFor(async () => expect(await isFast(house)).toBe(true), 20_000);
  });
});

describe('a right that ends on one instance', () => {
  /** Milliseconds until the socket heard of it and HTTP of that instance refuses. */
  async function timeTo(end: () => Promise<unknown>, over: (() => Promise<unknown>)[]) {
    await end();
    const began = performance.now();
    await Promise.all(over.map((isOver) => isOver()));
    return performance.now() - began;
  }
  const refused = (app: TestApp, token: string) => () =>
    vi.waitFor(async () => expect(await statusOf(app.url, token)).toBe(401), {
      timeout: 10_000,
      interval: 20,
    });
  const closed = (socket: RawSocket) => async () => expect(await socket.closed()).toBe(4401);

  it('ends HTTP and sockets of the session on the others within a second, for good', async () => {
    const redis = await usePrivateRedis();
    const house = await useHouse([redis.url, redis.url, redis.url]);
    const [a, b, c] = house.apps as [TestApp, TestApp, TestApp];
    const { reader, sockets } = house;
    // Known to every instance, so that each has something to forget.
    for (const app of house.apps) expect(await statusOf(app.url, reader.token)).toBe(200);
    const signOut = () => at(a, reader).call(auth.logoutAll, {});
    const took = await timeTo(signOut, [
      refused(b, reader.token),
      refused(c, reader.token),
      ...sockets.map(closed),
    ]);
    console.info(`session revoked: ${took.toFixed(0)} ms`);
    expect(took).toBeLessThan(FAST_MS);
    await redis.flush();
    for (const app of house.apps) expect(await statusOf(app.url, reader.token)).toBe(401);
  });

  it('ends them within five seconds while Redis is dead', async () => {
    const redis = await usePrivateRedis();
    const house = await useHouse([redis.url, redis.url]);
    const [a, b] = house.apps as [TestApp, TestApp];
    const { reader, sockets } = house;
    for (const app of house.apps) expect(await statusOf(app.url, reader.token)).toBe(200);
    await redis.kill();
    const signOut = () => at(a, reader).call(auth.logoutAll, {});
    const took = await timeTo(signOut, [refused(b, reader.token), ...sockets.map(closed)]);
    console.info(`session revoked without Redis: ${took.toFixed(0)} ms`);
    expect(took).toBeLessThan(5_500);
  });

  it('ends a membership for HTTP and sockets of the others within a second', async () => {
    const url = sharedRedisUrl();
    const house = await useHouse([url, url]);
    const [a, b] = house.apps as [TestApp, TestApp];
    const { owner, reader, space, sockets } = house;
    const params = { spaceId: space, userId: reader.id };
    const took = await timeTo(
      () => at(a, owner).call(spaces.removeMember, { params }),
      [
        async () => expect(await codeOf(post(at(b, reader), space, 'still here?'))).toBe('locked'),
        ...sockets.map((socket) => async () => {
          expect((await socket.next('removed')).reason).toBe('removed');
        }),
      ],
    );
    expect(took).toBeLessThan(FAST_MS);
    await post(at(a, owner), space, 'after the removal');
    for (const socket of sockets) expect(socket.seqs(space).at(-1)).toBeLessThanOrEqual(4);
  });

  it('ends with the space, on every instance', async () => {
    const url = sharedRedisUrl();
    const { apps, owner, space, sockets } = await useHouse([url, url]);
    const [a] = apps as [TestApp, TestApp];
    const took = await timeTo(
      () => at(a, owner).call(spaces.deleteSpace, { params: { spaceId: space } }),
      sockets.map((socket) => async () => {
        expect((await socket.next('removed')).reason).toBe('deleted');
      }),
    );
    expect(took).toBeLessThan(FAST_MS);
  });
});

it('a person has ten sockets over all instances: one more closes the oldest, wherever it is', async () => {
  const [a, b] = await useInstances([sharedRedisUrl(), sharedRedisUrl()], shared.encoder);
  if (!a || !b) throw new Error('no instances');
  const person = await register(a.url, 'Many');
  const oldest = await openSocket(a.url, person);
  const others: RawSocket[] = [];
  for (const n of upTo(9)) others.push(await openSocket(n % 2 ? a.url : b.url, person));
  expect(oldest.isOpen).toBe(true);
  others.push(await openSocket(b.url, person));
  expect(await oldest.closed()).toBe(4409);
  expect(others.every(({ isOpen }) => isOpen)).toBe(true);
  for (const socket of others) socket.close();
});
