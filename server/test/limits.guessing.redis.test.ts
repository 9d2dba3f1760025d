import { randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { beforeAll, afterAll, expect, it } from 'vitest';
import { listEvents } from '@teambrain/contract/log.ts';
import { limits } from '@teambrain/contract/limit.ts';
import * as spaces from '@teambrain/contract/spaces.ts';
import { createLog } from '../src/platform/core/log.ts';
import type { OpenDatabase } from '../src/platform/db/database.ts';
import { callAs, codeOf, createCast, register, type Person } from '../src/testing/people.ts';
import { sharedRedisUrl } from '../src/testing/redis.ts';
import { createTestApp, openTestDatabase, type TestApp } from '../src/testing/test-app.ts';

/** Two instances, with limits as shipped but for those that stand in this test's way. */
const FREE = { quota: 10_000, window: 60 };
let database: OpenDatabase;
let apps: [TestApp, TestApp];
let cast: Awaited<ReturnType<typeof createCast>>;
let guessers: Person[];

beforeAll(async () => {
  database = await openTestDatabase(createLog('silent'));
  const config = {
    redisUrl: sharedRedisUrl(),
    secret: randomBytes(48).toString('base64'),
    limits: { register: FREE, write: { ...FREE, burst: FREE }, 'join-space': FREE },
  };
  const shared = { ...database, close: () => Promise.resolve() };
  const start = () => createTestApp({ database: shared, config, limitFactor: 1 });
  apps = [await start(), await start()];
  cast = await createCast(apps[0].url);
  guessers = [];
  const needed = (2 * limits['join-guesses'].quota) / limits.join.quota;
  for (let n = 0; n < needed; n += 1) guessers.push(await register(apps[0].url, `Guesser${n}`));
}, 120_000);
afterAll(async () => {
  await Promise.all(apps.map((app) => app.close()));
  await database.close();
});

/** As many wrong passwords as one account may try, at both instances in turn. */
async function guess(person: Person, spaceId: string, count: number = limits.join.quota) {
  for (let n = 0; n < count; n += 1) {
    const body = { password: `a guess of ${person.name}` };
    const call = callAs(apps[n % 2]?.url ?? '', person.token);
    const code = await codeOf(call(spaces.joinSpace, { params: { spaceId }, body }));
    expect(code).toBe('wrong-password');
  }
}

/** What each of the cast is told, at either instance, by the space's card and in the list. */
async function toldTo(person: Person, spaceId: string): Promise<(string | null | undefined)[]> {
  const told: (string | null | undefined)[] = [];
  for (const { url } of apps) {
    const call = callAs(url, person.token);
    told.push((await call(spaces.getSpace, { params: { spaceId } })).guessedAt);
    const { items } = await call(spaces.listSpaces, { query: { limit: 200 } });
    told.push(items.find(({ id }) => id === spaceId)?.guessedAt);
  }
  return told;
}

const NOTHING = [null, null, null, null];
const audited = async (spaceId: string) =>
  (
    await database.db.execute(
      sql`select * from audit_log where action = 'space.password-guessed' and subject_id = ${spaceId}`,
    )
  ).rows;

it('those who manage a space are told of guessing at its password, and nobody else', async () => {
  const { owner, moderator, member, locked, exMember, administrator } = cast;
  const others = [member, locked, exMember, administrator];
  const spaceId = cast.protectedSpace.id;
  const params = { spaceId };
  const { head } = await owner.call(listEvents, { params });
  const early = guessers.slice(0, 9);
  const tenth = guessers[9] as Person;

  for (const person of early) await guess(person, spaceId);
  await guess(tenth, spaceId, limits.join.quota - 1);
  expect(await toldTo(owner, spaceId)).toEqual(NOTHING);
  const before = Date.now();
  await guess(tenth, spaceId, 1);

  const [at = ''] = await toldTo(owner, spaceId);
  expect(Date.parse(at ?? '')).toBeGreaterThanOrEqual(before - 1);
  for (const person of [owner, moderator]) {
    expect(await toldTo(person, spaceId)).toEqual([at, at, at, at]);
  }
  for (const person of others) expect(await toldTo(person, spaceId)).toEqual(NOTHING);
  // It is no event of the space, which all members read.
  expect((await owner.call(listEvents, { params })).head).toBe(head);

  // One line for the record, of the space alone: who tried, and what, is nobody's business.
  const [line, ...more] = await audited(spaceId);
  expect(more).toEqual([]);
  expect(line).toMatchObject({ actor_id: null, address: null, request_id: null });
  const logged = apps.map((app) => app.logged()).join('');
  expect(logged).toContain('many wrong passwords at a space');
  expect(logged).not.toMatch(/a guess of|Guesser\d/);

  // More of the same within the hour is no news.
  for (const person of guessers.slice(10, 12)) await guess(person, spaceId);
  expect(await toldTo(owner, spaceId)).toEqual([at, at, at, at]);
  expect(await audited(spaceId)).toHaveLength(1);

  for (const person of others) {
    expect(await codeOf(person.call(spaces.noteGuessing, { params }))).not.toBeNull();
  }
  expect(await toldTo(owner, spaceId)).toEqual([at, at, at, at]);
  await moderator.call(spaces.noteGuessing, { params });
  expect(await toldTo(owner, spaceId)).toEqual(NOTHING);
}, 120_000);

it('a new password ends the notice', async () => {
  const body = { name: 'Safe', visibility: 'protected', password: 'open up sesame' } as const;
  const { id: spaceId } = await cast.owner.call(spaces.createSpace, { body });
  for (const person of guessers.slice(0, 10)) await guess(person, spaceId);
  expect(await toldTo(cast.owner, spaceId)).not.toContain(null);
  await cast.owner.call(spaces.updateSpace, {
    params: { spaceId },
    body: { password: 'another one' },
  });
  expect(await toldTo(cast.owner, spaceId)).toEqual(NOTHING);
}, 120_000);
