import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as spaces from '@teambrain/contract/spaces.ts';
import { at, shareEncoder, useInstances } from '../src/testing/instances.ts';
import { register } from '../src/testing/people.ts';
import { sharedRedisUrl, usePrivateRedis } from '../src/testing/redis.ts';
import { createSpace, upTo } from '../src/testing/space.ts';
import type { TestApp } from '../src/testing/test-app.ts';
import { send } from '../src/testing/http.ts';

/** How many people lose their rights, so many at a time. */
const PEOPLE = 1_000;
const AT_ONCE = 125;

let shared: Awaited<ReturnType<typeof shareEncoder>>;
beforeAll(async () => (shared = await shareEncoder()));
afterAll(() => shared.end());

interface SignedIn {
  userId: string;
  token: string;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** People with a session each; without passwords, whose hashing would take minutes. */
async function signInMany({ database, sessions }: TestApp, count: number): Promise<SignedIn[]> {
  const ids = upTo(count).map(() => randomUUID());
  await database.db.execute(sql`
    insert into users (id, name, created_at)
    select id, 'Someone', now() from unnest(${sql.param(ids)}::uuid[]) id`);
  const origin = { address: '127.0.0.1', device: 'test', requestId: '' };
  const people: SignedIn[] = [];
  await inPortions(ids, async (portion) => {
    const opened = portion.map(async (id) => {
      const session = await sessions.open({ id, passwordHash: null }, origin);
      people.push({ userId: id, token: session?.accessToken ?? '' });
    });
    await Promise.all(opened);
  });
  return people;
}

async function inPortions<T>(items: T[], work: (portion: T[]) => Promise<void>): Promise<void> {
  for (let from = 0; from < items.length; from += AT_ONCE) {
    await work(items.slice(from, from + AT_ONCE));
  }
}

/** Statuses of one read by each, and how often each came. */
async function statusesOf(app: TestApp, people: SignedIn[], path: string) {
  const counts: Record<number, number> = {};
  const replies = await Promise.all(
    people.map(({ token }) => send(app.url, `GET ${path}`, { token })),
  );
  for (const { status } of replies) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

it('no session is served on B a second after it ended on A, in 1,000', async () => {
  const url = sharedRedisUrl();
  const [a, b] = (await useInstances([url, url], shared.encoder)) as [TestApp, TestApp];
  const people = await signInMany(a, PEOPLE);
  await inPortions(people, async (portion) => {
    const all = { 200: portion.length };
    expect(await statusesOf(b, portion, '/me')).toEqual(all); // B knows them now
    expect(await statusesOf(a, portion, '/me')).toEqual(all);
    const ended = await Promise.all(
      portion.map(({ token }) => send(a.url, 'POST /auth/logout-all', { token })),
    );
    expect(ended.map(({ status }) => status)).toEqual(portion.map(() => 204));
    expect(await statusesOf(a, portion, '/me')).toEqual({ 401: portion.length });
    await pause(1_000);
    expect(await statusesOf(b, portion, '/me')).toEqual({ 401: portion.length });
  });
  // It was a cache that was asked.
  expect(b.cache.stats().l2 + b.cache.stats().l1).toBeGreaterThan(0);
}, 180_000);

it('no space is read on B a second after the membership ended on A, in 1,000', async () => {
  const url = sharedRedisUrl();
  const [a, b] = (await useInstances([url, url], shared.encoder)) as [TestApp, TestApp];
  const owner = await register(a.url, 'Owner');
  const space = await createSpace(owner);
  const people = await signInMany(a, PEOPLE);
  await a.database.db.execute(sql`
    insert into memberships (space_id, user_id, role, joined_at)
    select ${space}, id, 'member', now()
    from unnest(${sql.param(people.map(({ userId }) => userId))}::uuid[]) id`);
  const path = `/spaces/${space}/messages`;
  await inPortions(people, async (portion) => {
    expect(await statusesOf(b, portion, path)).toEqual({ 200: portion.length });
    for (const { userId } of portion) {
      const params = { spaceId: space, userId };
      await at(a, owner).call(spaces.removeMember, { params });
    }
    await pause(1_000);
    expect(await statusesOf(b, portion, path)).toEqual({ 403: portion.length });
  });
}, 240_000);

it('without Redis a session is served on B for at most a second more', async () => {
  const redis = await usePrivateRedis();
  const urls = [redis.url, redis.url];
  const [a, b] = (await useInstances(urls, shared.encoder)) as [TestApp, TestApp];
  const people = await signInMany(a, AT_ONCE);
  await redis.kill();
  await pause(1_000); // both have noticed, and know nobody any more
  expect(await statusesOf(b, people, '/me')).toEqual({ 200: people.length });
  await Promise.all(people.map(({ token }) => send(a.url, 'POST /auth/logout-all', { token })));
  await pause(1_000);
  expect(await statusesOf(b, people, '/me')).toEqual({ 401: people.length });
  await redis.restart();
  await pause(3_000);
  expect(await statusesOf(b, people, '/me')).toEqual({ 401: people.length });
});
