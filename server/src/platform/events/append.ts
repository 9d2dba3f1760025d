import { sql, type SQL } from 'drizzle-orm';
import type { DataOf, EventType } from '@teambrain/contract/event.ts';
import type { SpaceEvent } from '@teambrain/contract/log.ts';
import type { Space } from '../access/access.ts';
import { createGroups, type Groups } from '../core/groups.ts';
import { newId } from '../core/id.ts';
import { sqlStateOf, type Database } from '../db/database.ts';
import { prepare } from '../db/prepared.ts';
import type { WriterDependencies } from './write.ts';

/** How things of one kind are created many at once, in SQL. */
export interface Kind<E extends EventType> {
  type: E;
  /** Condition: a thing with the key `i.space_id, i.id` is there already. */
  isTaken: SQL;
  /** Inserts a row for each of `fresh f` (space_id, id, seq, actor_id, created_at, payload). */
  insert: SQL;
  /** The event's payload: `f.payload` with `f.seq` in its place. */
  payload: SQL;
}

/** One thing to be created, and the first event about it. */
export interface Creation<E extends EventType> {
  space: Space<'write'>;
  id: string;
  requestHash: string;
  /** What the event carries, once it has its place and time. */
  data(seq: number, at: Date): DataOf<E>;
  /** Another time than now, for imports. */
  at?: Date | undefined;
}

interface Item {
  space: Space<'write'>;
  id: string;
  json: string;
}

/** A seq; or why there is none: not the plain case, or the space's lock is taken by another. */
type Outcome = number | 'not-plain' | 'locked';

const MAX_ITEMS = 100;
const MAX_LENGTH = 262_144;
const MAX_WAITING = 5_000;
const PATIENCE_MS = 2_500;
/** Spaces whose lock may be waited for at once: each holds a connection. */
const MAX_LANES = 8;

export type Appender = ReturnType<typeof createAppender>;

/**
 * Group commit: creations that wait for the database go together, in one statement and so in one
 * transaction, whatever their spaces. In it each is judged by itself, after its space's lock was
 * taken: who may not be a writer any more since the door was passed, or whose id is there already,
 * is left out and gets null; its caller takes the ordinary way (`write`), which checks and explains.
 *
 * A space whose lock another transaction holds, or had while the statement began, is passed over, so
 * that it delays no other; its creations wait for the lock by themselves, again together.
 */
export function createAppender({ db, relay, clock, standings }: WriterDependencies) {
  return function appends<E extends EventType>(kind: Kind<E>) {
    const groupsOf = (run: RunGroup): Groups<Item, Outcome> =>
      createGroups({
        run: (items) => appendAll(run, items),
        flights: 1,
        maxItems: MAX_ITEMS,
        maxWeight: MAX_LENGTH,
        weigh: ({ json }) => json.length,
        maxWaiting: MAX_WAITING,
        patienceMs: PATIENCE_MS,
      });
    const all = groupsOf(passing(db, kind));
    const lanes = new Map<string, Groups<Item, Outcome>>();

    async function inLane(item: Item): Promise<Outcome> {
      const { id } = item.space;
      const lane = lanes.get(id) ?? groupsOf(waiting(db, kind, id));
      lanes.set(id, lane);
      try {
        return await lane.add(item);
      } finally {
        if (lane.isIdle && lanes.get(id) === lane) lanes.delete(id);
      }
    }

    async function seqFor(item: Item): Promise<Outcome> {
      if (lanes.has(item.space.id)) return inLane(item);
      const outcome = await all.add(item);
      if (outcome !== 'locked') return outcome;
      const mayWait = lanes.has(item.space.id) || lanes.size < MAX_LANES;
      return mayWait ? inLane(item) : 'not-plain';
    }

    /** What a creation's event carries; null if it was not the plain case and nothing was done. */
    return async ({
      space,
      id,
      requestHash,
      data,
      at = clock.now(),
    }: Creation<E>): Promise<DataOf<E> | null> => {
      const eventId = newId();
      const json = JSON.stringify({
        space_id: space.id,
        rights_version: space.rightsVersion,
        id,
        event_id: eventId,
        actor_id: space.actor.userId,
        request_hash: requestHash,
        created_at: at.toISOString(),
        payload: data(0, at),
      });
      const seq = await seqFor({ space, id, json }).catch((error: unknown) => {
        // It may have come to pass all the same.
        standings.forget(space.id);
        throw error;
      });
      if (typeof seq !== 'number') return null;
      standings.advanced(space.id, seq);
      const carried = data(seq, at);
      relay.committed({
        space: space.id,
        seq,
        id: eventId,
        actor: { id: space.actor.userId, name: space.actor.name },
        at: at.toISOString(),
        type: kind.type.type,
        data: carried,
      } as SpaceEvent);
      return carried;
    };
  };
}

interface Appended extends Record<string, unknown> {
  n: number;
  isHeld: boolean;
  seq: string | null;
}

type RunGroup = (values: { items: string }) => Promise<Appended[]>;

/** Without waiting for any lock. */
function passing<E extends EventType>(db: Database, kind: Kind<E>): RunGroup {
  const statement = appending(kind, sql.placeholder('items'));
  return prepare(db, `append ${kind.type.type}`, statement);
}

/** After waiting for the lock of the one space it is about. */
function waiting<E extends EventType>(db: Database, kind: Kind<E>, spaceId: string): RunGroup {
  return ({ items }) =>
    db.transaction(async (tx) => {
      await tx.execute(sql`select from spaces where id = ${spaceId} for no key update`);
      const { rows } = await tx.execute<Appended>(appending(kind, items));
      return rows;
    });
}

/** Runs a group. Nothing was done where it fails because of one of them: each then goes alone. */
async function appendAll(run: RunGroup, items: readonly Item[]): Promise<Outcome[]> {
  try {
    const rows = await run({ items: firstOfEach(items) });
    const outcomes = new Map<number, Outcome>();
    for (const { n, isHeld, seq } of rows) {
      outcomes.set(n, seq !== null ? Number(seq) : isHeld ? 'not-plain' : 'locked');
    }
    return items.map((_, n) => outcomes.get(n) ?? 'not-plain');
  } catch (error) {
    if (!isOfOne(error)) throw error;
    return items.map(() => 'not-plain');
  }
}

/** Of two with one id the later goes alone, to find the first. Each carries its place. */
function firstOfEach(items: readonly Item[]): string {
  const seen = new Set<string>();
  const first: string[] = [];
  for (const [n, { space, id, json }] of items.entries()) {
    const key = `${space.id} ${id}`;
    if (seen.has(key)) continue;
    seen.add(key);
    first.push(`{"n":${n},${json.slice(1)}`);
  }
  return `[${first.join(',')}]`;
}

/** Data or a constraint (one creation’s fault), or a deadlock: trying each alone can help. */
const isOfOne = (error: unknown) => /^(?:22|23|40)/.test(sqlStateOf(error) ?? '');

/** Nothing about rights changed since the door; or what did left a membership: members may write. */
const MAY_WRITE = sql`(h.rights_version = i.rights_version or exists (
  select from memberships m where m.space_id = i.space_id and m.user_id = i.actor_id))`;

/**
 * One statement, one commit. `held` takes the locks that are free, of those spaces that stand as this
 * statement sees them: so what else it reads, and numbers, is as of the lock. (To go on with a space
 * that moved on since the statement began, PostgreSQL would look for its newest version in the update
 * again, and wait there for whoever waits for us.)
 */
function appending<E extends EventType>(kind: Kind<E>, items: unknown): SQL {
  const { type } = kind.type;
  return sql`
    with input as materialized (
      select * from jsonb_to_recordset(${items}::jsonb) as i(n int, space_id uuid,
        rights_version bigint, id uuid, event_id uuid, actor_id uuid, request_hash text,
        created_at timestamptz, payload jsonb)
    ), locked as materialized (
      select s.id, s.ctid, s.last_seq, s.rights_version from spaces s
      where s.id in (select space_id from input) order by s.id for no key update skip locked
    ), held as materialized (
      select l.* from locked l join spaces seen on seen.id = l.id and seen.ctid = l.ctid
    ), fresh as materialized (
      select i.*, h.last_seq + row_number() over (partition by i.space_id order by i.n) seq
      from input i join held h on h.id = i.space_id
      where ${MAY_WRITE} and not ${kind.isTaken} and not exists (
        select from events e where e.actor_id = i.actor_id and e.space_id = i.space_id
          and e.client_id = i.id)
    ), things as (
      ${kind.insert}
    ), log as (
      insert into events (space_id, seq, id, type, subject_id, subject_version, actor_id,
        client_id, request_hash, payload, created_at)
      select f.space_id, f.seq, f.event_id, ${sql.raw(`'${type}'`)}, f.id, 1, f.actor_id, f.id,
        f.request_hash, ${kind.payload}, f.created_at from fresh f
    ), counters as (
      update spaces s set last_seq = f.last from (
        select space_id, max(seq) last from fresh group by space_id) f
      where s.id = f.space_id
    )
    select i.n, h.id is not null "isHeld", f.seq from input i
    left join held h on h.id = i.space_id left join fresh f on f.n = i.n`;
}
