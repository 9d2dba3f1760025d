import { performance } from 'node:perf_hooks';
import { and, eq, sql } from 'drizzle-orm';
import type { SpaceEvent } from '@teambrain/contract/log.ts';
import { newId } from '../core/id.ts';
import type { Log } from '../core/log.ts';
import type { Database } from '../db/database.ts';
import { followerCursors } from '../db/schema.ts';
import type { Bus } from '../ports/bus.ts';
import type { Follower } from './follower.ts';
import { handleBatch, handleParked } from './followers.batch.ts';
import { countParked, createParking, type Parking } from './parking.ts';
import { lease, release, whileLeased, type Leases } from './leases.ts';
import { LOG_TOPIC } from './relay.ts';

const BATCH = 200;
const POLL_MS = 1_000;
/** After an event, others are awaited for so long: a batch costs little more than one event. */
const GATHER_MS = 200;
/** Share of its time from which on this process counts as busy. */
const BUSY = 0.5;
/**
 * How many times as long as it worked a follower rests then. What it does costs little more for many
 * events than for one, so once it has caught up it lets them gather; behind, it takes half the time.
 */
const REST = { done: 9, more: 1, failed: 0 };
const MAX_REST_MS = 1_000;
const LEASE_SECONDS = 10;
const MAX_BACKOFF_MS = 30_000;
const NIL = '00000000-0000-0000-0000-000000000000';

/**
 * Runs followers of the log: each with its own durable cursor (tx, space, seq), on one instance at
 * a time by a lease, retried on its own with backoff. Rows are read only once no older transaction
 * is in progress (`tx < pg_snapshot_xmin`), so a late commit is never skipped. An event that keeps
 * failing by itself is parked and tried again later (`followers.batch.ts`).
 */
export function createFollowers(db: Database, bus: Bus, log: Log, leaseSeconds = LEASE_SECONDS) {
  const leases: Leases = { db, owner: newId(), seconds: leaseSeconds };
  const running: ReturnType<typeof run>[] = [];

  return {
    async start(follower: Follower): Promise<void> {
      await db
        .insert(followerCursors)
        .values({ follower: follower.name, tx: '0', spaceId: NIL, seq: 0 })
        .onConflictDoNothing();
      running.push(run(leases, bus, log, follower));
    },
    /** Resolves when every follower has caught up with what is committed now (tests, seed). */
    async idle(): Promise<void> {
      for (const loop of running) await loop.idle();
    },
    /** How many events the follower furthest behind has still to handle. */
    async backlog(): Promise<number> {
      const counts = await Promise.all(running.map((loop) => loop.backlog()));
      return Math.max(0, ...counts);
    },
    /** How many events are parked. */
    parked: () => countParked(db),
    /** What is left of the work in the background. */
    async left(): Promise<number> {
      const counts = await Promise.all(running.map((loop) => loop.left()));
      return counts.reduce((sum, count) => sum + count, 0);
    },
    async stop(): Promise<void> {
      await Promise.all(running.map((loop) => loop.stop()));
    },
  };
}

export type Followers = ReturnType<typeof createFollowers>;

function run(leases: Leases, bus: Bus, log: Log, follower: Follower) {
  const { db } = leases;
  const parking = createParking(db, follower.name);
  const work: Work = { follower, log, parking, failed: { at: '', times: 0 } };
  let isStopped = false;
  let wake: () => void = () => undefined;
  let failures = 0;
  let isDirty = false;
  let isGathering = false;
  const unsubscribe = bus.subscribe(LOG_TOPIC, () => {
    isDirty = true;
    if (failures === 0 && !isGathering) wake();
  });
  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  async function loop() {
    while (!isStopped) {
      isDirty = false;
      const restOf = measureRest();
      const outcome = await step();
      const rest = restOf(outcome);
      if (outcome === 'failed') await pause(Math.min(MAX_BACKOFF_MS, 250 * 2 ** failures));
      else if (outcome === 'done' && !isDirty && !isStopped) await pause(POLL_MS);
      isGathering = true;
      const wait = Math.max(rest, outcome === 'more' ? 0 : GATHER_MS);
      if ((isDirty || outcome === 'more') && !isStopped && wait > 0) await pause(wait);
      isGathering = false;
    }
  }

  async function step(): Promise<keyof typeof REST> {
    try {
      const hasMore = await advance(leases, work);
      failures = 0;
      return hasMore ? 'more' : 'done';
    } catch (error) {
      if (!isStopped) {
        failures += 1;
        log.error({ err: error, follower: follower.name }, 'a follower failed and will retry');
      }
      return 'failed';
    }
  }

  const ended = loop();
  return {
    backlog: () => countUnhandled(db, follower.name),
    left: async () => (await follower.background?.left()) ?? 0,
    async stop() {
      isStopped = true;
      unsubscribe();
      wake();
      await ended;
      await release(leases, follower.name).catch((error: unknown) => {
        log.warn({ err: error, follower: follower.name }, 'a lease was left to end by itself');
      });
    },
    async idle() {
      const deadline = Date.now() + 60_000;
      while (await isBehind(db, follower.name)) {
        if (Date.now() > deadline) throw new Error(`${follower.name} did not catch up in 60 s`);
        wake();
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
  };
}

/** How long to rest after work that begins now: not at all, unless people wait. */
function measureRest(): (outcome: keyof typeof REST) => number {
  const [began, load] = [performance.now(), performance.eventLoopUtilization()];
  return (outcome) => {
    const isBusy = performance.eventLoopUtilization(load).utilization > BUSY;
    return isBusy ? Math.min(MAX_REST_MS, REST[outcome] * (performance.now() - began)) : 0;
  };
}

interface LogRow extends Record<string, unknown> {
  tx: string;
  space_id: string;
  seq: string;
  type: SpaceEvent['type'];
  subject_id: string | null;
}

/** Events the follower has not handled and may already (no older transaction is open). */
const unhandled = (name: string) => sql`
  from events e, follower_cursors c
  where c.follower = ${name} and (e.tx, e.space_id, e.seq) > (c.tx, c.space_id, c.seq)`;

interface Work {
  follower: Follower;
  parking: Parking;
  log: Log;
  /** Where the batch begins that was handled last, and how often it was tried. */
  failed: { at: string; times: number };
}

/** Handles what comes next. @returns whether there is more */
async function advance(leases: Leases, work: Work): Promise<boolean> {
  const { db, owner } = leases;
  const { follower } = work;
  const rows = await db.execute<LogRow>(sql`
    select e.tx::text, e.space_id, e.seq, e.type, e.subject_id ${unhandled(follower.name)}
    and e.tx < pg_snapshot_xmin(pg_current_snapshot())
    order by e.tx, e.space_id, e.seq limit ${BATCH}`);
  const last = rows.rows.at(-1);
  if (!last) return workInBackground(leases, work);
  if (!(await lease(leases, follower.name))) return false;
  const events = rows.rows.map((row) => ({
    spaceId: row.space_id,
    seq: Number(row.seq),
    type: row.type,
    subjectId: row.subject_id,
  }));
  const first = `${rows.rows[0]?.tx} ${rows.rows[0]?.space_id} ${rows.rows[0]?.seq}`;
  if (work.failed.at !== first) work.failed = { at: first, times: 0 };
  const { failed } = work;
  failed.times += 1;
  await whileLeased(leases, follower.name, (signal) =>
    handleBatch(events, { ...work, failures: failed.times - 1, signal }),
  );
  await db
    .update(followerCursors)
    .set({ tx: last.tx, spaceId: last.space_id, seq: Number(last.seq) })
    .where(and(eq(followerCursors.follower, follower.name), eq(followerCursors.leaseOwner, owner)));
  return rows.rows.length === BATCH;
}

async function workInBackground(leases: Leases, work: Work) {
  const { parking, follower } = work;
  const { name, background } = follower;
  const isRetryDue = await parking.isDue();
  if (!isRetryDue && !(await background?.isDue())) return false;
  if (!(await lease(leases, name))) return false;
  await whileLeased(leases, name, async (signal) => {
    const parked = isRetryDue ? await parking.next() : null;
    if (parked) await handleParked(parked, { ...work, signal });
    else await background?.step();
  });
  return true;
}

async function countUnhandled(db: Database, name: string): Promise<number> {
  const found = await db.execute<{ count: number }>(
    sql`select count(*)::int count ${unhandled(name)}`,
  );
  return found.rows[0]?.count ?? 0;
}

async function isBehind(db: Database, name: string): Promise<boolean> {
  const rows = await db.execute(sql`select 1 ${unhandled(name)} limit 1`);
  return rows.rows.length > 0;
}
