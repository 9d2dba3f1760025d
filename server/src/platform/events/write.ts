import { and, eq, sql, type SQL } from 'drizzle-orm';
import type { DataOf, EventType } from '@teambrain/contract/event.ts';
import type { ContentType } from '@teambrain/contract/kinds.ts';
import type { SpaceEvent } from '@teambrain/contract/log.ts';
import { recheck, standing, type Space } from '../access/access.ts';
import type { Standings } from '../access/standings.ts';
import type { Clock } from '../core/clock.ts';
import { newId } from '../core/id.ts';
import { problem } from '../core/problem.ts';
import { createLanes } from '../core/semaphore.ts';
import { violatedConstraint, type Database, type Tx } from '../db/database.ts';
import { events, spaces } from '../db/schema.ts';
import { storedOf } from './people.ts';
import type { Relay } from './relay.ts';
import { withoutWords } from './words.ts';

/** What an event is about, and for creations how a retry is recognised. */
export interface Subject {
  id: string;
  version: number;
  created?: { clientId: string; requestHash: string };
}

/**
 * A change of one space in progress. It locks the rows it is about first (`for no key update`), the
 * space last and shortly: whoever waits for the space holds up all its writers.
 */
export interface Change {
  tx: Tx;
  /** The time that rows and events of this change carry; never used for order. */
  at: Date;
  /**
   * The seq of the next event, for rows that carry it and for what needs the space to stand still.
   * Takes the space's lock and checks the rights anew if they moved, so whatever was read before must
   * be read with the change's `tx` again if it matters. A number that no event uses is given back.
   */
  next(): Promise<number>;
  /** What the actor is and may do now; to be asked under the lock, the grant being older. */
  standing(): Promise<Pick<Space, 'role' | 'ability'>>;
  /** Appends the event, under the lock, with the seq `next()` gave or the next one. */
  record<E extends EventType>(type: E, subject: Subject, data: DataOf<E>): Promise<void>;
}

/**
 * Changes of one space wait for each other here, without holding a connection: its lock lets only one
 * through, and those before it would leave none for other spaces and for reads.
 */
const TURNS = { width: 1, queue: 500, patienceMs: 2_500 };

export type EventWriter = ReturnType<typeof createEventWriter>;

export interface WriterDependencies {
  db: Database;
  relay: Relay;
  clock: Clock;
  standings: Standings;
}

/**
 * The one way to change a space: `change` runs in a transaction together with the events it
 * records. The per-space counter gives them gap-free numbers in commit order; after the commit they
 * are relayed to who listens.
 */
export function createEventWriter({ db, relay, clock, standings }: WriterDependencies) {
  const inTurn = createLanes(TURNS);
  return function write<T>(
    space: Space,
    change: (change: Change) => Promise<T>,
    /** Another time than now, for imports. */
    at = clock.now(),
  ): Promise<T> {
    return inTurn(space.id, async () => {
      try {
        const { changed, recorded } = await db.transaction((tx) => run(tx, space, change, at));
        for (const event of recorded) relay.committed(event);
        return changed;
      } finally {
        // Also when it failed: a commit whose answer was lost may have come to pass.
        standings.forget(space.id);
      }
    });
  };
}

async function run<T>(tx: Tx, space: Space, change: (change: Change) => Promise<T>, at: Date) {
  const recorded: SpaceEvent[] = [];
  let isLocked = false;
  let rightsVersion = space.rightsVersion;
  let seq: number | null = null;

  /** Of the first lock alone: what moves the rights afterwards is this change itself. */
  async function locked(found: number): Promise<void> {
    if (isLocked) return;
    isLocked = true;
    rightsVersion = found;
    if (found !== space.rightsVersion) await recheck(tx, space);
  }

  const changed = await change({
    tx,
    at,
    async next() {
      const taken = await takeSeq(tx, space);
      await locked(taken.rightsVersion);
      return (seq = taken.seq);
    },
    async standing() {
      if (!isLocked) throw new Error('Rights are asked for under the lock');
      return rightsVersion === space.rightsVersion ? space : standing(tx, space);
    },
    async record(type, subject, data) {
      const line = { type, subject, data, at, isNumbered: seq !== null };
      seq = null;
      const { rightsVersion: found, event } = await append(tx, space, line);
      await locked(found);
      recorded.push(event);
    },
  });
  if (seq !== null) await giveBack(tx, space);
  return { changed, recorded };
}

interface Taken {
  seq: number;
  /** As it was before this change. */
  rightsVersion: number;
}

async function takeSeq(tx: Tx, space: Space): Promise<Taken> {
  const [row] = await tx
    .update(spaces)
    .set({ lastSeq: sql`${spaces.lastSeq} + 1` })
    .where(eq(spaces.id, space.id))
    .returning({ seq: spaces.lastSeq, rightsVersion: spaces.rightsVersion });
  if (!row) throw problem('not-found');
  return row;
}

/** Nothing happened after all: the next event gets the number, so that the log has no gap. */
async function giveBack(tx: Tx, space: Space): Promise<void> {
  await tx
    .update(spaces)
    .set({ lastSeq: sql`${spaces.lastSeq} - 1` })
    .where(eq(spaces.id, space.id));
}

interface Line<E extends EventType> {
  at: Date;
  type: E;
  subject: Subject;
  data: DataOf<E>;
  /** Whether `next()` took its seq already. */
  isNumbered: boolean;
}

/** One statement, so that the space is not locked for longer than it and the commit take. */
async function append<E extends EventType>(
  tx: Tx,
  space: Space,
  { at, type, subject, data, isNumbered }: Line<E>,
): Promise<{ event: SpaceEvent; rightsVersion: number }> {
  const id = newId();
  const { clientId = null, requestHash = null } = subject.created ?? {};
  const moves = type.changesRights ? 1 : 0;
  const row = await insert(
    tx,
    sql`
      with space as (
        update spaces set last_seq = last_seq + ${isNumbered ? 0 : 1}::int,
          rights_version = rights_version + ${moves}::int
        where id = ${space.id} returning id, last_seq, rights_version
      )
      insert into events (space_id, seq, id, type, subject_id, subject_version, actor_id, client_id,
        request_hash, payload, created_at)
      select id, last_seq, ${id}::uuid, ${type.type}, ${subject.id}::uuid, ${subject.version}::int,
        ${space.actor.userId}::uuid, ${clientId}::uuid, ${requestHash},
        ${JSON.stringify(storedOf(type, data))}::jsonb, ${at.toISOString()}::timestamptz
      from space returning seq, (select rights_version from space) "rightsVersion"`,
  );
  if (!row) throw problem('not-found');
  const event = {
    space: space.id,
    seq: Number(row.seq),
    id,
    actor: { id: space.actor.userId, name: space.actor.name },
    at: at.toISOString(),
    type: type.type,
    data,
  } as SpaceEvent;
  return { event, rightsVersion: Number(row.rightsVersion) - moves };
}

/** @throws id-taken when the client-made id was used for something of another kind */
async function insert(tx: Tx, statement: SQL) {
  try {
    const { rows } = await tx.execute<{ seq: string; rightsVersion: string }>(statement);
    return rows[0];
  } catch (error) {
    if (violatedConstraint(error) === 'events_client') throw problem('id-taken');
    throw error;
  }
}

/**
 * That the earlier creation with this client-made id was this very one: by the same person and of the
 * same content. Of what was changed or deleted since then the first content is not known any more, and
 * the person and the id are enough. Creations call it after their insert met an existing id.
 * @throws id-taken when the id was used for something else
 */
export async function requireSameCreation(
  db: Database,
  space: Space,
  { clientId, requestHash }: NonNullable<Subject['created']>,
): Promise<void> {
  const [earlier] = await db
    .select({ requestHash: events.requestHash })
    .from(events)
    .where(
      and(
        eq(events.spaceId, space.id),
        eq(events.actorId, space.actor.userId),
        eq(events.clientId, clientId),
      ),
    );
  const isSame = earlier && [requestHash, null].includes(earlier.requestHash);
  if (!isSame) throw problem('id-taken');
}

/** What events are about: the first part of their types' names, and its id. */
export interface Thing {
  type: ContentType | 'space';
  id: string;
}

/**
 * Takes the words of a thing, as their types declare them, out of its events so far: when it is deleted, and before the event of
 * an edit, which carries the new ones. Replays then show that something was there, and its words
 * with the last event alone. The hash of its creation goes as well: short words could be guessed by
 * it. Of a space it is called under the space's lock.
 * @param kept a word that may stay, because it is the present one too (a title that did not change)
 */
export async function redactEvents(
  tx: Tx,
  space: Space,
  { type, id }: Thing,
  kept = '',
): Promise<void> {
  const left = sql.raw(withoutWords('word.kept'));
  await tx.execute(sql`
    update events set request_hash = null, payload = ${left}
    from (select ${kept}::text kept) word
    where space_id = ${space.id} and subject_id = ${id} and split_part(type, '.', 1) = ${type}
      and (request_hash is not null or ${left} is distinct from payload)`);
}
