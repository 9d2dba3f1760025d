import { sql, type SQL } from 'drizzle-orm';
import type { DataOf, EventType } from '@teambrain/contract/event.ts';
import type { Space } from '../access/access.ts';
import { sqlStateOf, type Database, type Executor, type Tx } from '../db/database.ts';
import { prepare } from '../db/prepared.ts';

/** How things of one kind are created many at once, in SQL. */
export interface Kind<E extends EventType> {
  type: E;
  /**
   * Condition: the creation `i` goes alone, as a thing with the key `i.space_id, i.id` is there already,
   * or `requires` would refuse it. Those before it in the same statement are in `input`.
   */
  isNotPlain: SQL;
  /**
   * Inserts a row for each of `fresh f` (space_id, id, seq, actor_id, created_at, payload). The payload
   * has people by their ids alone.
   */
  insert: SQL;
  /** Other statements over `fresh f` that go with it; `f.beside` is what the creation gives them. */
  besides?: readonly SQL[];
  /** What must be so under the space's lock. @throws the problem of a creation that cannot be */
  requires?(tx: Tx, space: Space<'write'>, data: DataOf<E>): Promise<void>;
  /** The event's payload: `f.payload` with `f.seq` in its place. */
  payload: SQL;
  /** The thing with this id as the event of its creation would carry it now; null without one. */
  find(db: Executor, space: Space<'write'>, id: string): Promise<DataOf<E> | null>;
}

/** A creation as the statement takes it. */
export interface Item {
  space: Space<'write'>;
  id: string;
  json: string;
}

/** A seq; or why there is none: not the plain case, or the space's lock is taken by another. */
export type Outcome = number | 'not-plain' | 'locked';

interface Appended extends Record<string, unknown> {
  n: number;
  isHeld: boolean;
  seq: string | null;
}

export type RunGroup = (values: { items: string }) => Promise<Appended[]>;

/** Without waiting for any lock. */
export function passing<E extends EventType>(db: Database, kind: Kind<E>): RunGroup {
  const statement = appending(kind, sql.placeholder('items'));
  return prepare(db, `append ${kind.type.type}`, statement);
}

/** After waiting for the lock of the one space it is about. */
export function waiting<E extends EventType>(
  db: Database,
  kind: Kind<E>,
  spaceId: string,
): RunGroup {
  return ({ items }) =>
    db.transaction(async (tx) => {
      await tx.execute(sql`select from spaces where id = ${spaceId} for no key update`);
      const { rows } = await tx.execute<Appended>(appending(kind, items));
      return rows;
    });
}

/** Runs a group. Nothing was done where it fails because of one of them: each then goes alone. */
export async function appendAll(run: RunGroup, items: readonly Item[]): Promise<Outcome[]> {
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

/** Whether the space's log knows the id: then nothing of another kind may be created with it. */
export const isSubject = (spaceId: unknown, id: unknown): SQL => sql`exists (
  select from events of_it where of_it.space_id = ${spaceId} and of_it.subject_id = ${id})`;

const steps = (besides: readonly SQL[] = []): SQL =>
  sql.join(besides.map((step, n) => sql`, ${sql.raw(`beside_${n}`)} as (${step})`));

/** The row of one creation, in a transaction that has the space's lock and checked the rights. */
export async function insertOne<E extends EventType>(
  tx: Tx,
  { insert, besides }: Kind<E>,
  { space, id, beside = null }: Pick<Item, 'space' | 'id'> & { beside?: object | null | undefined },
  { seq, at, payload }: { seq: number; at: Date; payload: object },
): Promise<void> {
  await tx.execute(sql`
    with fresh as (select ${space.id}::uuid space_id, ${id}::uuid id, ${seq}::bigint seq,
      ${space.actor.userId}::uuid actor_id, ${at.toISOString()}::timestamptz created_at,
      ${beside && JSON.stringify(beside)}::jsonb beside,
      ${JSON.stringify(payload)}::jsonb payload)${steps(besides)}
    ${insert}`);
}

/**
 * One statement, one commit. It writes what the door let in, and judges no rights itself: of a space
 * whose rights moved since the door it leaves everything out. `held` takes the locks that are free, of those spaces that stand as this
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
        created_at timestamptz, beside jsonb, payload jsonb)
    ), locked as materialized (
      select s.id, s.ctid, s.last_seq, s.rights_version from spaces s
      where s.id in (select space_id from input) order by s.id for no key update skip locked
    ), held as materialized (
      select l.* from locked l join spaces seen on seen.id = l.id and seen.ctid = l.ctid
    ), fresh as materialized (
      select i.*, h.last_seq + row_number() over (partition by i.space_id order by i.n) seq
      from input i join held h on h.id = i.space_id
      where h.rights_version = i.rights_version and not ${kind.isNotPlain} and not exists (
        select from events e where e.actor_id = i.actor_id and e.space_id = i.space_id
          and e.client_id = i.id) and not ${isSubject(sql`i.space_id`, sql`i.id`)}
    ), things as (
      ${kind.insert}
    )${steps(kind.besides)}, log as (
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
