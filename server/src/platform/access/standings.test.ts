import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { register } from '../../testing/people.ts';
import { createSpace } from '../../testing/space.ts';
import { useTestApp } from '../../testing/test-app.ts';
import { createOwnStandings, createSharedStandings } from './standings.ts';

/** A space past whose process the log can be moved on, as by hand. */
async function setUp() {
  const app = await useTestApp();
  const { db } = app.database;
  const id = await createSpace(await register(app.url, 'Owner'));
  const moveTo = (head: number) =>
    db.execute(sql`update spaces set last_seq = ${head} where id = ${id}`);
  return { db, id, moveTo };
}

it('among several instances the database is asked each time', async () => {
  const { db, id, moveTo } = await setUp();
  const standings = createSharedStandings(db);
  expect(await standings.find(id)).toMatchObject({ head: 2, rightsVersion: 2 });
  await moveTo(7);
  expect(await standings.find(id)).toMatchObject({ head: 7 });
});

it('alone, a process knows from one change of its own to the next, for a second at most', async () => {
  const { db, id, moveTo } = await setUp();
  const standings = createOwnStandings(db);
  const first = await standings.find(id);
  expect(first).toMatchObject({ head: 2, visibility: 'protected' });
  await moveTo(7);
  expect(standings.find(id)).toBe(first); // nothing was asked
  standings.advanced(id, 5);
  expect(standings.find(id)).toMatchObject({ head: 5, rightsVersion: 2 });
  standings.advanced(id, 4); // an earlier commit, told later
  expect(standings.find(id)).toMatchObject({ head: 5 });
  standings.forget(id);
  expect(await standings.find(id)).toMatchObject({ head: 7 });
  await moveTo(9);
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  expect(await standings.find(id)).toMatchObject({ head: 9 });
});

it('what was asked before a change is neither kept nor given to who asks after it', async () => {
  const { db, id, moveTo } = await setUp();
  const standings = createOwnStandings(db);
  for (const end of [() => standings.forget(id), () => standings.advanced(id, 8)]) {
    await moveTo(2);
    standings.forget(id);
    const early = standings.find(id);
    await moveTo(8);
    end(); // the change is over
    const late = standings.find(id);
    expect(late).not.toBe(early);
    expect(await late).toMatchObject({ head: 8 });
    await early;
    expect(standings.find(id)).toMatchObject({ head: 8 });
  }
});

it('a space that is not there is asked for again', async () => {
  const { db, id } = await setUp();
  const standings = createOwnStandings(db);
  const unknown = '00000000-0000-7000-8000-000000000000';
  expect(await standings.find(unknown)).toBeNull();
  await db.execute(sql`
    insert into spaces (id, name, visibility, created_by, request_hash, created_at)
    select ${unknown}, name, visibility, created_by, request_hash, created_at
    from spaces where id = ${id}`);
  expect(await standings.find(unknown)).toMatchObject({ head: 0 });
});
