import { and, eq, sql, type SQL } from 'drizzle-orm';
import { events as declared } from '@teambrain/contract/log.ts';
import type { Database } from '../db/database.ts';
import { parkedEvents } from '../db/schema.ts';
import type { FollowedEvent } from './follower.ts';

/** One whose process died while it was tried is tried again after so long. */
const TRY_MINUTES = 10;

const deletions = new Set<string>(declared.filter((one) => one.deletes).map(({ type }) => type));

/** Deletions are never parked: what was made of the deleted words has to go. */
export const isDeletion = ({ type }: FollowedEvent): boolean => deletions.has(type);

export type Parking = ReturnType<typeof createParking>;

/** The parked events of one follower: it went on without them (`followers.ts`). */
export function createParking(db: Database, follower: string) {
  const is = ({ spaceId, seq }: FollowedEvent) =>
    and(
      eq(parkedEvents.follower, follower),
      eq(parkedEvents.spaceId, spaceId),
      eq(parkedEvents.seq, seq),
    );
  return {
    /** Parks an event, or notes that it failed again: each failure doubles the wait, from a minute. */
    async park({ spaceId, seq, type, subjectId }: FollowedEvent, error: Error): Promise<void> {
      const failure = { error: error.name, isTried: false };
      await db
        .insert(parkedEvents)
        .values({
          follower,
          spaceId,
          seq,
          type,
          subjectId,
          attempts: 1,
          ...failure,
          retryAt: after(sql`1`),
        })
        .onConflictDoUpdate({
          target: [parkedEvents.follower, parkedEvents.spaceId, parkedEvents.seq],
          set: {
            ...failure,
            attempts: sql`${parkedEvents.attempts} + 1`,
            retryAt: after(sql`power(2, least(${parkedEvents.attempts}, 20))`),
          },
        });
    },
    /** Takes an event out, as it was handled. */
    async release(event: FollowedEvent): Promise<void> {
      await db.delete(parkedEvents).where(is(event));
    },
    /** Takes out what is parked of subjects about which something new happened. */
    async releaseSubjects(events: readonly FollowedEvent[]): Promise<void> {
      await db.execute(sql`
        delete from parked_events p using jsonb_to_recordset(${JSON.stringify(events)}::jsonb)
          i("spaceId" uuid, seq bigint, "subjectId" uuid)
        where p.follower = ${follower} and p.space_id = i."spaceId"
          and p.subject_id = i."subjectId" and p.seq < i.seq`);
    },
    /** Ends tries that nobody makes any more; for the instance that has the lease. */
    async endTries(): Promise<void> {
      await db
        .update(parkedEvents)
        .set({ isTried: false })
        .where(and(eq(parkedEvents.follower, follower), eq(parkedEvents.isTried, true)));
    },
    /** An event that is due to be tried again, now visible to its follower; null if none is. */
    async next(): Promise<FollowedEvent | null> {
      const { rows } = await db.execute<FollowedEvent & Record<string, unknown>>(sql`
        update parked_events p
        set is_tried = true, retry_at = now() + make_interval(mins => ${TRY_MINUTES})
        from (select follower, space_id, seq from parked_events
          where follower = ${follower} and retry_at <= now() order by retry_at limit 1) due
        where p.follower = due.follower and p.space_id = due.space_id and p.seq = due.seq
        returning p.space_id "spaceId", p.seq::float8 seq, p.type, p.subject_id "subjectId"`);
      return rows[0] ?? null;
    },
    async isDue(): Promise<boolean> {
      const { rows } = await db.execute(sql`
        select from parked_events where follower = ${follower} and retry_at <= now() limit 1`);
      return rows.length > 0;
    },
  };
}

/** Subjects, as `space id` and id with a blank between, that a follower leaves out because of parked events. */
export async function parkedSubjects(
  db: Database,
  follower: string,
  spaceIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await db.execute<{ subject: string }>(sql`
    select space_id || ' ' || subject_id subject from parked_events
    where follower = ${follower} and space_id = any(${sql.param(spaceIds)}::uuid[])
      and subject_id is not null and not is_tried`);
  return new Set(rows.map(({ subject }) => subject));
}

/** How many events are parked, of all followers. */
export const countParked = (db: Database): Promise<number> => db.$count(parkedEvents);

/** The time after so many waits, each as long as the first, a day at most. */
const after = (waits: SQL) => sql`now() + least(interval '1 day', interval '1 minute' * ${waits})`;
