import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import * as knowledge from '@teambrain/contract/knowledge.ts';
import * as contract from '@teambrain/contract/search.ts';
import { register, type Person } from '../../testing/people.ts';
import { createSpace, post, upTo } from '../../testing/space.ts';
import { createTestApp, type TestApp } from '../../testing/test-app.ts';

let app: TestApp;
let owner: Person;
let outsider: Person;

beforeAll(async () => {
  app = await createTestApp();
  owner = await register(app.url, 'Owner');
  outsider = await register(app.url, 'Outsider');
  const space = await createSpace(owner);
  for (const n of upTo(3)) {
    await owner.call(knowledge.createEntry, {
      params: { spaceId: space },
      body: {
        kind: 'document',
        title: `计划 ${n}`,
        markdown: `Ticket PROJ-123${n}\n\n部署在星期六。`,
      },
    });
  }
  for (const n of upTo(12)) await post(owner, space, `Crate ${n} goes to ops-team@example.org`);
  await app.followers.idle();
});
afterAll(() => app.close());

const search = (q: string, person = owner) => person.call(contract.search, { query: { q } });
const count = async (q: string) => (await search(q)).items.length;
const rows = async () =>
  (
    await app.database.db.execute(sql`
      select d.format, d.title, d.first_seq, d.last_seq, d.length, p.term, p.frequency
      from passages d join postings p on p.passage_id = d.id order by 2, 3, 6`)
  ).rows;
const encoded = async () =>
  (await app.database.db.execute(sql`select passage_id from sentence_codes`)).rows.length;

/** Leaves the index as the version before did: with other terms, and vectors of everything. */
async function makeOld() {
  const { db } = app.database;
  await db.execute(sql`delete from postings where term in ('1232', 'op', 'team', '部署')`);
  await db.execute(sql`insert into postings (passage_id, term, frequency)
    select id, '部署在星期六', 1 from passages where kind = 'document' on conflict do nothing`);
  await db.execute(sql`update sentences set embedding = array_fill(0.1, array[512])::vector
    where embedding is null`);
  await db.execute(sql`insert into sentence_codes (passage_id, ordinal, space_id, code)
    select passage_id, ordinal, space_id, binary_quantize(embedding)::bit(512) from sentences
    on conflict do nothing`);
  await db.execute(sql`update passages set format = 1`);
  await db.execute(sql`update search_versions set version = version + 1`);
}

describe('after an upgrade', () => {
  let before: unknown[];
  let vectors: number;
  beforeEach(async () => {
    before = await rows();
    vectors = await encoded();
  });

  it('the index is made again while the search goes on and says how far it is', async () => {
    await app.followers.stop();
    await makeOld();
    expect(await count('1232')).toBe(0);
    expect((await search('crate')).indexed).toBe(0);
    expect(await count('crate')).toBe(12);
    expect((await search('crate', outsider)).indexed).toBe(100);
    await app.followers.start(app.indexer);
    await vi.waitFor(async () => expect((await search('crate')).indexed).toBe(100), 10_000);
    expect([await count('1232'), await count('部署'), await count('ops-team')]).toEqual([1, 3, 12]);
    expect(await rows()).toEqual(before);
    expect(await encoded()).toBe(vectors);
    expect(app.logged()).toContain('the search index is rebuilt');
  });

  it('goes on where it was stopped, and does what people do first', async () => {
    await app.followers.stop();
    await makeOld();
    await app.indexer.background?.step();
    const done = await app.database.db.execute(sql`select id from passages where format > 1`);
    expect(done.rows.length).toBeGreaterThan(0);
    await app.followers.start(app.indexer);
    await vi.waitFor(async () => expect(await app.indexer.background?.left()).toBe(0), 10_000);
    expect(await rows()).toEqual(before);
  });

  it('what cannot be made again is kept, and not tried for ever', async () => {
    await app.followers.stop();
    await app.database.db.execute(sql`
      insert into passages (id, space_id, kind, source_id, version, title, heading, length)
      select gen_random_uuid(), id, 'message', gen_random_uuid(), 1, '', '', 1 from spaces`);
    await app.indexer.background?.step();
    expect(await app.indexer.background?.left()).toBe(0);
    await app.followers.start(app.indexer);
  });
});
