import { and, eq, sql } from 'drizzle-orm';
import type { DataOf, EventType } from '@teambrain/contract/event.ts';
import type { SpaceEvent } from '@teambrain/contract/log.ts';
import { recheck, standing, type Space } from '../access/access.ts';
import type { Clock } from '../core/clock.ts';
import { newId } from '../core/id.ts';
import { problem } from '../core/problem.ts';
import { createLanes } from '../core/semaphore.ts';
import { violatedConstraint, type Database, type Tx } from '../db/database.ts';
import { events, spaces } from '../db/schema.ts';
import type { Relay } from './relay.ts';

/** What an event is about, and for creations how a retry is recognised. */
export interface Subject {
  id: string;
  version: number;
  created?: { clientId: string; requestHash: string };
}

/** A change of one space in progress. */
export interface Change {
  tx: Tx;
  /** The time that rows and events of this change carry; never used for order. */
  at: Date;
  /**
   * The seq of the next event. Takes the space's lock and checks the rights anew if they moved, so
   * whatever was read before must be read with the change's `tx` again if it matters. A number that
   * no event uses is given back at the end.
   */
  next(): Promise<number>;
  /** What the actor is and may do now; to be asked after `next()`, the grant being older. */
  standing(): Promise<Pick<Space, 'role' | 'ability'>>;
  /** Appends the event with the seq `next()` gave (asking for one if it was not called). */
  record<E extends EventType>(type: E, subject: Subject, data: DataOf<E>): Promise<void>;
}

/**
 * Changes of one space wait for each other here, without holding a connection: its lock lets only one
 * through, and those before it would leave none for other spaces and for reads.
 */
const TURNS = { width: 1, queue: 500, patienceMs: 2_500 };

export type EventWriter = ReturnType<typeof createEventWriter>;

/**
 * The one way to change a space: `change` runs in a transaction together with the events it
 * records. The per-space counter gives them gap-free numbers in commit order; after the commit they
 * are relayed to who listens.
 */
export function createEventWriter(db: Database, relay: Relay, clock: Clock) {
  const inTurn = createLanes(TURNS);
  return function write<T>(
    space: Space,
    change: (change: Change) => Promise<T>,
    /** Another time than now, for imports. */
    at = clock.now(),
  ): Promise<T> {
    return inTurn(space.id, () => writeNow(space, change, at));
  };

  async function writeNow<T>(
    space: Space,
    change: (change: Change) => Promise<T>,
    at: Date,
  ): Promise<T> {
    const recorded: SpaceEvent[] = [];
    const result = await db.transaction(async (tx) => {
      recorded.length = 0;
      let seq: number | null = null;
      const next = async () => (seq = await takeSeq(tx, space));
      const changed = await change({
        tx,
        at,
        next,
        standing: () => standing(tx, space),
        async record(type, subject, data) {
          const number = seq ?? (await next());
          seq = null;
          recorded.push(await append(tx, space, { seq: number, at, type, subject, data }));
        },
      });
      if (seq !== null) await giveBack(tx, space);
      return changed;
    });
    for (const event of recorded) relay.committed(event);
    return result;
  }
}

async function takeSeq(tx: Tx, space: Space): Promise<number> {
  const [row] = await tx
    .update(spaces)
    .set({ lastSeq: sql`${spaces.lastSeq} + 1` })
    .where(eq(spaces.id, space.id))
    .returning({ seq: spaces.lastSeq, rightsVersion: spaces.rightsVersion });
  if (!row) throw problem('not-found');
  if (row.rightsVersion !== space.rightsVersion) await recheck(tx, space);
  return row.seq;
}

/** Nothing happened after all: the next event gets the number, so that the log has no gap. */
async function giveBack(tx: Tx, space: Space): Promise<void> {
  await tx
    .update(spaces)
    .set({ lastSeq: sql`${spaces.lastSeq} - 1` })
    .where(eq(spaces.id, space.id));
}

interface Line<E extends EventType> {
  seq: number;
  at: Date;
  type: E;
  subject: Subject;
  data: DataOf<E>;
}

async function append<E extends EventType>(
  tx: Tx,
  space: Space,
  { seq, at, type, subject, data }: Line<E>,
): Promise<SpaceEvent> {
  const id = newId();
  await insert(tx, {
    spaceId: space.id,
    seq,
    id,
    type: type.type,
    subjectId: subject.id,
    subjectVersion: subject.version,
    actorId: space.actor.userId,
    clientId: subject.created?.clientId ?? null,
    requestHash: subject.created?.requestHash ?? null,
    payload: data,
    createdAt: at,
  });
  if (type.changesRights) {
    await tx
      .update(spaces)
      .set({ rightsVersion: sql`${spaces.rightsVersion} + 1` })
      .where(eq(spaces.id, space.id));
  }
  return {
    space: space.id,
    seq,
    id,
    actor: { id: space.actor.userId, name: space.actor.name },
    at: at.toISOString(),
    type: type.type,
    data,
  } as SpaceEvent;
}

/** @throws id-taken when the client-made id was used for something of another kind */
async function insert(tx: Tx, row: typeof events.$inferInsert): Promise<void> {
  try {
    await tx.insert(events).values(row);
  } catch (error) {
    if (violatedConstraint(error) === 'events_client') throw problem('id-taken');
    throw error;
  }
}

/**
 * The earlier creation that used this client-made id, if any: `same` when the same person sent the
 * same content. Creations call it after their insert met an existing id.
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
  if (earlier?.requestHash !== requestHash) throw problem('id-taken');
}

/**
 * Takes the words of a deleted thing out of its older events: `text` of message payloads, `title`
 * of entry payloads. Replays then show that something was there and nothing of what it said.
 */
export async function redactEvents(tx: Tx, space: Space, subjectId: string): Promise<void> {
  await tx.execute(sql`
    update events set payload = case
      when payload ? 'message' then jsonb_set(payload, '{message,text}', '""')
      when payload ? 'entry' then jsonb_set(payload, '{entry,title}', '""')
      else payload end
    where space_id = ${space.id} and subject_id = ${subjectId}`);
}
