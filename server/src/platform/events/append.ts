import { sql } from 'drizzle-orm';
import type { DataOf, EventType } from '@teambrain/contract/event.ts';
import type { SpaceEvent } from '@teambrain/contract/log.ts';
import type { Space } from '../access/access.ts';
import { createGroups, type Groups } from '../core/groups.ts';
import { newId } from '../core/id.ts';
import { ProblemError, problem } from '../core/problem.ts';
import {
  appendAll,
  insertOne,
  isSubject,
  passing,
  waiting,
  type Item,
  type Kind,
  type Outcome,
  type RunGroup,
} from './append.statement.ts';
import { storedOf } from './people.ts';
import { requireSameCreation, type EventWriter, type WriterDependencies } from './write.ts';

/** One thing to be created, and the first event about it. */
export interface Creation<E extends EventType> {
  space: Space<'write'>;
  id: string;
  requestHash: string;
  /** What `besides` of its kind needs and no event carries, as JSON. */
  beside?: object | undefined;
  /** What the event carries, once the thing has its place and time. */
  data(place: Place): DataOf<E>;
  /** Another time than now, for imports. */
  at?: Date | undefined;
}

/** What a creation came to: its event's data, or (not new) the thing that is there, as such data. */
export interface Created<E extends EventType> {
  data: DataOf<E>;
  isNew: boolean;
}

export interface Place {
  id: string;
  seq: number;
  createdAt: Date;
}

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
 * taken. A creation is left out if its id is there already, or if the space's rights moved since the
 * door was passed; it then goes alone, through `write`, which checks the grant again.
 *
 * A space whose lock another transaction holds, or had while the statement began, is passed over, so
 * that it delays no other; its creations wait for the lock by themselves, again together.
 */
export function createAppender(
  { db, relay, clock, standings }: WriterDependencies,
  write: EventWriter,
) {
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

    /** Tells everybody of what was created; null if it was not the plain case and nothing was done. */
    function done({ space, data }: Creation<E>, item: Draft, seq: Outcome): DataOf<E> | null {
      if (typeof seq !== 'number') return null;
      standings.advanced(space.id, seq);
      const carried = data({ id: item.id, seq, createdAt: item.at });
      relay.committed({
        space: space.id,
        seq,
        id: item.eventId,
        actor: { id: space.actor.userId, name: space.actor.name },
        at: item.at.toISOString(),
        type: kind.type.type,
        data: carried,
      } as SpaceEvent);
      return carried;
    }

    /** It may have come to pass all the same. */
    const unsure = (spaceId: string) => (error: unknown) => {
      standings.forget(spaceId);
      throw error;
    };

    /** The way of a creation that is not the plain case. @throws what the grant or the id is refused by */
    async function alone(creation: Creation<E>): Promise<Created<E>> {
      const { space, id, requestHash } = creation;
      const created = { clientId: id, requestHash };
      const made = await write(
        space,
        async ({ tx, at, next, record }) => {
          const seq = await next();
          // Looked up first: an insert would wait for whoever edits it, who waits for the space.
          if (await kind.find(tx, space, id)) throw new AlreadyThere();
          const { rows } = await tx.execute(sql`select where ${isSubject(space.id, id)}`);
          if (rows.length > 0) throw problem('id-taken');
          const data = creation.data({ id, seq, createdAt: at });
          await kind.requires?.(tx, space, data);
          await insertOne(tx, kind, creation, { seq, at, payload: storedOf(kind.type, data) });
          await record(kind.type, { id, version: 1, created }, data);
          return data;
        },
        creation.at,
      ).catch((error: unknown) => {
        if (error instanceof AlreadyThere) return null;
        throw error;
      });
      if (made) return { data: made, isNew: true };
      await requireSameCreation(db, space, created);
      const there = await kind.find(db, space, id);
      if (!there) throw problem('not-found');
      return { data: there, isNew: false };
    }

    return {
      /**
       * Creates a thing and gives its event's data. The same creation again (person, id, content)
       * creates nothing and gives the thing as it is now, which is not new.
       * @throws id-taken; locked, forbidden or not-found if the grant holds no more
       */
      async one(creation: Creation<E>): Promise<Created<E>> {
        const item = draftOf(kind.type, creation, clock.now());
        const seq = await seqFor(item).catch(unsure(item.space.id));
        const data = done(creation, item, seq);
        return data ? { data, isNew: true } : alone(creation);
      },
      /**
       * The same for many of one space, in their order and in one transaction, which waits for the
       * space's lock: for imports. The caller bounds them. A creation that is refused gives its
       * problem in its place, and the others are written.
       */
      async inOrder(creations: readonly Creation<E>[]): Promise<(DataOf<E> | ProblemError)[]> {
        const drafts = creations.map((creation) => ({
          creation,
          item: draftOf(kind.type, creation, clock.now()),
        }));
        const spaceId = creations[0]?.space.id;
        if (spaceId === undefined) return [];
        const items = drafts.map(({ item }) => item);
        const seqs = await appendAll(waiting(db, kind, spaceId), items).catch(unsure(spaceId));
        const together = drafts.map(({ creation, item }, n) =>
          done(creation, item, seqs[n] ?? 'not-plain'),
        );
        const created: (DataOf<E> | ProblemError)[] = [];
        for (const [n, creation] of creations.entries()) {
          const data = together[n] ?? (await alone(creation).then(dataOf, asProblem));
          created.push(data);
        }
        return created;
      },
    };
  };
}

/** Leaves the transaction, whose space lock must not stay taken while the first result is read. */
class AlreadyThere extends Error {}

const dataOf = <E extends EventType>({ data }: Created<E>): DataOf<E> => data;

function asProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  throw error;
}

interface Draft extends Item {
  eventId: string;
  at: Date;
}

function draftOf<E extends EventType>(type: E, creation: Creation<E>, now: Date): Draft {
  const { space, id, requestHash, beside, data, at = now } = creation;
  const eventId = newId();
  const json = JSON.stringify({
    space_id: space.id,
    rights_version: space.rightsVersion,
    id,
    event_id: eventId,
    actor_id: space.actor.userId,
    request_hash: requestHash,
    created_at: at.toISOString(),
    beside,
    payload: storedOf(type, data({ id, seq: 0, createdAt: at })),
  });
  return { space, id, json, eventId, at };
}
