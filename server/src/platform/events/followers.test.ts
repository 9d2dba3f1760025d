import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { register, type Person } from '../../testing/people.ts';
import { appendEvents, createSpace, post, upTo } from '../../testing/space.ts';
import { createTestApp, type TestApp } from '../../testing/test-app.ts';
import { newId } from '../core/id.ts';
import { createLog } from '../core/log.ts';
import { createMemoryBus } from '../ports/bus.memory.ts';
import type { FollowedEvent, Follower } from './follower.ts';
import { createFollowers } from './followers.ts';

let app: TestApp;
let owner: Person;
let space: string;
let names = 0;

beforeAll(async () => {
  app = await createTestApp();
  owner = await register(app.url, 'Owner');
  space = await createSpace(owner);
});
afterAll(() => app.close());

/** As on another instance: with a bus of its own, so that only the poll tells of new events. */
async function follow(name: string, handle: Follower['handle'], leaseSeconds?: number) {
  const log = createLog('silent');
  const followers = createFollowers(app.database.db, createMemoryBus(), log, leaseSeconds);
  onTestFinished(() => followers.stop());
  await followers.start({ name, handle });
  return followers;
}

const newName = () => `test-${(names += 1)}`;
const writeSome = async (count: number) => {
  for (const n of upTo(count)) await post(owner, space, `message ${n}`);
};
const seqsOf = (events: readonly FollowedEvent[]) =>
  events.filter(({ spaceId }) => spaceId === space).map(({ seq }) => seq);
async function headOf(): Promise<number> {
  const found = await app.database.db.execute<{ head: string }>(
    sql`select last_seq head from spaces where id = ${space}`,
  );
  return Number(found.rows[0]?.head);
}

/** A follower that notes what it was given. */
function noting() {
  const seen: FollowedEvent[] = [];
  const handle = (events: readonly FollowedEvent[]) => {
    seen.push(...events);
    return Promise.resolve();
  };
  return { seen, handle };
}

describe('a follower', () => {
  it('is given the whole log in order, once, and then what comes', async () => {
    await writeSome(3);
    const { seen, handle } = noting();
    const followers = await follow(newName(), handle);
    await followers.idle();
    expect(seqsOf(seen)).toEqual(upTo(await headOf()));
    expect(seen[0]).toMatchObject({ type: 'space.created', subjectId: space });
    await writeSome(3);
    await followers.idle();
    expect(seqsOf(seen)).toEqual(upTo(await headOf()));
  });

  it('goes on after a restart where it had come to', async () => {
    const name = newName();
    const before = noting();
    const first = await follow(name, before.handle);
    await first.idle();
    await first.stop();
    const head = await headOf();
    await writeSome(4);
    const after = noting();
    const second = await follow(name, after.handle);
    await second.idle();
    expect(seqsOf(before.seen)).toEqual(upTo(head));
    expect(seqsOf(after.seen)).toEqual(upTo(head + 4).slice(head));
  });

  it('that fails is given the same again until it succeeds, and skips nothing', async () => {
    const { seen, handle } = noting();
    const tried: number[][] = [];
    const followers = await follow(newName(), async (events) => {
      tried.push(seqsOf(events));
      if (tried.length < 4) throw new Error('not now');
      await handle(events);
    });
    const quick = noting();
    const other = await follow(newName(), quick.handle);
    await other.idle();
    const head = await headOf();
    expect(seqsOf(quick.seen)).toEqual(upTo(head));
    await followers.idle();
    expect(tried.length).toBeGreaterThanOrEqual(4);
    for (const batch of tried.slice(0, 4)) expect(batch.slice(0, 3)).toEqual([1, 2, 3]);
    expect(seqsOf(seen)).toEqual(upTo(head));
  });

  it('that dies after its work and before the cursor moved is given the batch again', async () => {
    const name = newName();
    const seen: number[] = [];
    let fails = true;
    const followers = await follow(name, (events) => {
      seen.push(...seqsOf(events));
      return fails ? Promise.reject(new Error('died here')) : Promise.resolve();
    });
    await vi.waitUntil(() => seen.length > 0, { timeout: 10_000 });
    fails = false;
    await followers.idle();
    const head = await headOf();
    expect(seen.slice(-head)).toEqual(upTo(head));
    expect(seen.length).toBeGreaterThanOrEqual(2 * head);
  });

  it('gets long logs in batches and in order', async () => {
    const crowded = await createSpace(owner);
    await appendEvents(app.database, crowded, 480);
    const sizes: number[] = [];
    const seen: number[] = [];
    const followers = await follow(newName(), (events) => {
      sizes.push(events.length);
      seen.push(...events.filter(({ spaceId }) => spaceId === crowded).map(({ seq }) => seq));
      return Promise.resolve();
    });
    await followers.idle();
    expect(seen).toEqual(upTo(482));
    expect(Math.max(...sizes)).toBe(200);
  });
});

describe('one follower on two instances', () => {
  it('works on one of them at a time, and on the other once the first has stopped', async () => {
    const name = newName();
    const [first, second] = [noting(), noting()];
    const one = await follow(name, first.handle);
    await one.idle();
    const two = await follow(name, second.handle);
    await writeSome(10);
    await one.idle();
    const head = await headOf();
    expect(seqsOf(first.seen)).toEqual(upTo(head));
    expect(second.seen).toEqual([]);
    await one.stop();
    await writeSome(5);
    await two.idle();
    expect(seqsOf(second.seen)).toEqual(upTo(head + 5).slice(head));
    expect(seqsOf(first.seen)).toEqual(upTo(head));
  });

  it('is taken over from one that died, when its lease is over and not before', async () => {
    const name = newName();
    const db = app.database.db;
    await db.execute(sql`
      insert into follower_cursors (follower, tx, space_id, seq, lease_owner, lease_until)
      values (${name}, '0', '00000000-0000-0000-0000-000000000000', 0, ${newId()},
        now() + interval '3 seconds')`);
    const started = Date.now();
    const { seen, handle } = noting();
    const followers = await follow(name, handle);
    await followers.idle();
    expect(Date.now() - started).toBeGreaterThan(2_800);
    expect(seqsOf(seen)).toEqual(upTo(await headOf()));
  });

  it('keeps its lease while a batch takes longer than that lasts', async () => {
    const name = newName();
    let isBusy = false;
    let end: () => void = () => undefined;
    const first = new Promise<void>((resolve) => (end = resolve));
    const slow = (_events: readonly FollowedEvent[]) => {
      isBusy = true;
      return first;
    };
    const one = await follow(name, slow, 1);
    await vi.waitUntil(() => isBusy, { timeout: 10_000 });
    const other = noting();
    await follow(name, other.handle, 1);
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    expect(other.seen).toEqual([]);
    end();
    await one.idle();
  });

  it('is stopped where another has taken over, and does not move its cursor', async () => {
    const name = newName();
    const db = app.database.db;
    const lost: boolean[] = [];
    const slow = async (_events: readonly FollowedEvent[], signal?: AbortSignal) => {
      await db.execute(sql`
        update follower_cursors set lease_owner = ${newId()},
          lease_until = now() + interval '1 hour' where follower = ${name}`);
      await vi.waitUntil(() => signal?.aborted, { timeout: 10_000 });
      lost.push(true);
    };
    await follow(name, slow, 1);
    await vi.waitUntil(() => lost.length > 0, { timeout: 15_000 });
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(lost).toEqual([true]);
    const found = await db.execute(
      sql`select seq::int from follower_cursors where follower = ${name}`,
    );
    expect(found.rows).toEqual([{ seq: 0 }]);
  });
});
