import { sql } from 'drizzle-orm';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import * as knowledge from '@teambrain/contract/knowledge.ts';
import * as contract from '@teambrain/contract/search.ts';
import { hashingEncoder } from '../../testing/hashing-encoder.ts';
import { at, useInstances } from '../../testing/instances.ts';
import { register, type Person } from '../../testing/people.ts';
import { sharedRedisUrl } from '../../testing/redis.ts';
import { createSpace, post, upTo } from '../../testing/space.ts';
import type { TestApp } from '../../testing/test-app.ts';

/** Passages of several steps of the rebuild. */
const DOCUMENTS = 90;
/** Rests after each step, so that people search between them. */
const REST_MS = 100;

let apps: [TestApp, TestApp];
let owner: Person;
let space: string;
let before: unknown[];
/** Steps that each instance made. */
let steps: [number, number];

const search = async (app: TestApp, q: string) =>
  at(app, owner).call(contract.search, { query: { q, limit: 50 } });
const rows = async () => {
  const found = await apps[0].database.db.execute(sql`
    select d.format, d.title, d.first_seq, d.length, p.term, p.frequency
    from passages d join postings p on p.passage_id = d.id order by 2, 3, 5`);
  return found.rows;
};

beforeEach(async () => {
  const url = sharedRedisUrl();
  apps = (await useInstances([url, url], hashingEncoder())) as [TestApp, TestApp];
  owner = await register(apps[0].url, 'Owner');
  space = await createSpace(owner);
  for (const n of upTo(DOCUMENTS)) {
    const body = {
      kind: 'document' as const,
      title: `Plan ${n}`,
      markdown: `Ticket PROJ-4711 is about crate ${n}.`,
    };
    await owner.call(knowledge.createEntry, { params: { spaceId: space }, body });
  }
  for (const n of upTo(5)) await post(owner, space, `Barrel ${n} goes to ops-team@example.org`);
  await apps[0].followers.idle();
  before = await rows();
  await Promise.all(apps.map((app) => app.followers.stop()));
  await makeOld();
  steps = [0, 0];
  for (const [n, { indexer }] of apps.entries()) {
    const { background } = indexer;
    if (!background) throw new Error('no background work');
    const step = background.step.bind(background);
    vi.spyOn(background, 'step').mockImplementation(async () => {
      steps[n as 0 | 1] += 1;
      await step();
      await new Promise((resolve) => setTimeout(resolve, REST_MS));
    });
  }
}, 120_000);

/** As the version before left the index: without parts of words. */
async function makeOld(): Promise<void> {
  const { db } = apps[0].database;
  await db.execute(sql`delete from postings where term in ('4711', 'team')`);
  await db.execute(sql`update passages set format = 1`);
  await db.execute(sql`update search_versions set version = version + 1`);
}

/** Searches on both instances until both call the index complete; gives what each said before. */
async function searchMeanwhile(): Promise<[number[], number[]]> {
  const told: [number[], number[]] = [[], []];
  await vi.waitFor(
    async () => {
      const found = await Promise.all(apps.map((app) => search(app, 'barrel')));
      for (const [n, { items, indexed }] of found.entries()) {
        expect(items).toHaveLength(5);
        told[n as 0 | 1].push(indexed);
      }
      expect(found.map(({ indexed }) => indexed)).toEqual([100, 100]);
    },
    { timeout: 30_000, interval: 30 },
  );
  return told;
}

const start = () => Promise.all(apps.map((app) => app.followers.start(app.indexer)));
const isBetween = (share: number) => share > 0 && share < 100;

describe('after an upgrade of two instances', () => {
  it('one makes the index again, and both search and tell how far it is', async () => {
    for (const app of apps) {
      // Some may be found by meaning.
      expect((await search(app, '4711')).items.length).toBeLessThan(10);
      expect(await search(app, 'barrel')).toMatchObject({ indexed: 0, items: { length: 5 } });
    }
    await start();
    const told = await searchMeanwhile();
    for (const shares of told) {
      expect(shares).toEqual([...shares].sort((a, b) => a - b));
      expect(shares.filter(isBetween).length).toBeGreaterThan(0);
    }
    expect(steps.filter((count) => count > 0)).toHaveLength(1);
    const ends = apps.filter((app) => app.logged().includes('the search index is rebuilt'));
    expect(ends).toHaveLength(1);
    expect(await rows()).toEqual(before);
    for (const app of apps) {
      expect(await app.indexer.background?.left()).toBe(0);
      expect((await search(app, '4711')).items).toHaveLength(50);
      expect((await search(app, 'team')).items).toHaveLength(5);
    }
  });

  it('the other goes on where the first one stopped, and what people write is found meanwhile', async () => {
    await start();
    await vi.waitFor(() => expect(Math.max(...steps)).toBeGreaterThan(1), 10_000);
    const first = steps[0] > 0 ? 0 : 1;
    const [gone, other] = first === 0 ? apps : [apps[1], apps[0]];
    await gone.followers.stop();
    expect(await other.indexer.background?.left()).toBeGreaterThan(0);
    await post(at(gone, owner), space, 'A lighthouse in the fog');
    await vi.waitFor(async () => {
      for (const app of apps) expect((await search(app, 'lighthouse')).items).toHaveLength(1);
    }, 15_000);
    await searchMeanwhile();
    expect(steps[1 - first]).toBeGreaterThan(0);
    expect(other.logged()).toContain('the search index is rebuilt');
  });
});
