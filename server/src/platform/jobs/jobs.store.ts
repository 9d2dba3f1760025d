import { and, eq, sql } from 'drizzle-orm';
import type { Database, Executor, Tx } from '../db/database.ts';
import { jobs } from '../db/schema/jobs.ts';

/** A job with the turn in which it is done. */
export interface Claimed extends Record<string, unknown> {
  kind: string;
  key: string;
  payload: unknown;
  attempts: number;
  lease: string;
  /** Epoch seconds. */
  runAt: number;
}

const is = ({ kind, key }: Pick<Claimed, 'kind' | 'key'>) =>
  and(eq(jobs.kind, kind), eq(jobs.key, key));
/** Nobody else has begun it since, and it was not enqueued again. */
const isOwn = (job: Claimed) => and(is(job), eq(jobs.lease, job.lease));

/**
 * Has a job done at `runAt` or soon after it, once the transaction is committed. One of the same kind
 * and key that is not done yet takes this payload and time, and begins from the start.
 */
export async function enqueue(
  tx: Tx,
  kind: string,
  key: string,
  payload: unknown,
  runAt: Date,
): Promise<void> {
  const begun = { attempts: 0, error: null, lease: null, leaseUntil: null, parkedAt: null };
  await tx
    .insert(jobs)
    .values({ kind, key, payload, runAt })
    .onConflictDoUpdate({ target: [jobs.kind, jobs.key], set: { payload, runAt, ...begun } });
}

/** Forgets a job, done or not. */
export async function dequeue(tx: Executor, kind: string, key: string): Promise<void> {
  await tx.delete(jobs).where(is({ kind, key }));
}

export interface Claim {
  kinds: readonly string[];
  now: Date;
  lease: string;
  seconds: number;
  limit: number;
}

/** Takes jobs that are due, the first one first, and of which no other instance has the lease. */
export async function claim(
  db: Database,
  { kinds, now, lease, seconds, limit }: Claim,
): Promise<Claimed[]> {
  const { rows } = await db.execute<Claimed>(sql`
    update jobs j set attempts = j.attempts + 1, lease = ${lease}::uuid,
      lease_until = now() + make_interval(secs => ${seconds})
    where (j.kind, j.key) in (
      select d.kind, d.key from jobs d
      where d.parked_at is null and d.run_at <= ${now.toISOString()}::timestamptz
        and d.kind = any(${sql.param([...kinds])}::text[])
        and (d.lease_until is null or d.lease_until < now())
      order by d.run_at limit ${limit} for update skip locked)
    returning j.kind, j.key, j.payload, j.attempts, j.lease,
      extract(epoch from j.run_at)::float8 "runAt"`);
  return rows.sort((a, b) => a.runAt - b.runAt || (a.key < b.key ? -1 : 1));
}

/** Prolongs the lease; false where another instance has begun it since. */
export async function renew(db: Database, job: Claimed, seconds: number): Promise<boolean> {
  const rows = await db
    .update(jobs)
    .set({ leaseUntil: sql`now() + make_interval(secs => ${seconds})` })
    .where(isOwn(job))
    .returning({ key: jobs.key });
  return rows.length > 0;
}

/** It was not begun: another instance can take it at once. */
export async function giveBack(db: Database, job: Claimed): Promise<void> {
  await db
    .update(jobs)
    .set({ attempts: sql`${jobs.attempts} - 1`, lease: null, leaseUntil: null })
    .where(isOwn(job));
}

/** It is done. */
export async function finish(db: Database, job: Claimed): Promise<void> {
  await db.delete(jobs).where(isOwn(job));
}

/** It failed: it is done again at `runAt`, or (null) not again by itself. */
export async function fail(
  db: Database,
  job: Claimed,
  { error, runAt, at }: { error: string; runAt: Date | null; at: Date },
): Promise<void> {
  const next = runAt === null ? { parkedAt: at } : { runAt };
  await db
    .update(jobs)
    .set({ error, lease: null, leaseUntil: null, ...next })
    .where(isOwn(job));
}

/** How many jobs there are: those that wait for their time or a new try, and those given up. */
export async function countJobs(db: Database): Promise<{ waiting: number; parked: number }> {
  const { rows } = await db.execute<{ waiting: number; parked: number }>(sql`
    select count(*) filter (where parked_at is null)::int waiting,
      count(*) filter (where parked_at is not null)::int parked from jobs`);
  return rows[0] ?? { waiting: 0, parked: 0 };
}
