import { events as declared, type SpaceEvent } from '@teambrain/contract/log.ts';
import type { Person } from '@teambrain/contract/id.ts';
import type { ServerFrame } from '@teambrain/contract/socket.ts';
import type { Access } from '../access/access.ts';
import type { Actor } from '../core/actor.ts';
import type { MaybePromise } from '../core/maybe-promise.ts';
import type { Log } from '../core/log.ts';
import type { Database } from '../db/database.ts';
import { spaceTopic } from '../events/relay.ts';
import { readHeads, readHole } from '../events/replay.ts';
import type { Bus } from '../ports/bus.ts';
import { createRoomQueue, type RoomQueue } from './room-queue.ts';
import { Subscription, type Outlet, type RemovedReason } from './subscription.ts';

const POLL_MS = 2_000;
const HOLE_BATCH = 500;
/** Above this many sockets a fan-out gives other work a turn now and then. */
const CHUNK = 500;

/** What delivery did since the start, for metrics. */
export interface DeliveryCounters {
  /** Events handed to sockets by the fan-out. */
  delivered: number;
  /** Times a space's fan-out had to read events from the log, because no hint told of them. */
  gapsRepaired: number;
  /** Events that were read so. */
  eventsRepaired: number;
  /** Times a socket fell behind or had to be checked, and fed itself from the log. */
  catchUps: number;
  /** Cursors that could not be continued. */
  resets: number;
  /** Sockets closed because they read nothing for too long. */
  slowClosed: number;
}

interface Room {
  id: string;
  /** The last seq that was fanned out here. */
  head: number;
  subscriptions: Set<Subscription>;
  queue: RoomQueue;
  /** Resolves once the head is known; before that nobody can tell whether they are behind. */
  ready: Promise<void>;
  leaveBus: () => void;
}

const changesRights = new Set<string>(declared.filter((e) => e.changesRights).map((e) => e.type));
/** Who types, and in which thread, if it is one. */
interface Typed {
  user: Person;
  thread?: string | undefined;
}

const typingTopic = (spaceId: string) => `typing:${spaceId}`;
const deletedTopic = (spaceId: string) => `deleted:${spaceId}`;

export interface HubDependencies {
  db: Database;
  bus: Bus;
  access: Access;
  log: Log;
  /** Counts a page of the log that goes to someone; gives the seconds to wait, 0 for none. */
  countPage(actor: Actor): MaybePromise<number>;
  /** Time between two comparisons with the log's heads. */
  pollMs?: number;
}

export type Hub = ReturnType<typeof createHub>;

/**
 * Who listens to which space on this instance. Hints from the bus are delivered in the order of
 * seq; a hole is read from the log once for all; a poll every 2 s finds what no hint told of.
 */
export function createHub(deps: HubDependencies) {
  const { db, bus, access, log } = deps;
  const rooms = new Map<string, Room>();
  const counters: DeliveryCounters = {
    delivered: 0,
    gapsRepaired: 0,
    eventsRepaired: 0,
    catchUps: 0,
    resets: 0,
    slowClosed: 0,
  };

  function open(id: string): Room {
    // Hints that come before the head is known wait for it, to be judged against a true head.
    const ready = readHeads(db, [id]).then((heads) => void (room.head = heads.get(id) ?? 0));
    const onError = (error: unknown) =>
      // The poll comes back to whatever was not delivered.
      log.warn({ err: error, space: id }, 'delivery failed and will be repaired');
    const room: Room = {
      id,
      head: 0,
      subscriptions: new Set(),
      queue: createRoomQueue(ready, (seq) => repair(room, seq), onError),
      ready,
      leaveBus: () => undefined,
    };
    rooms.set(id, room);
    const leaveBus = [
      bus.subscribe(spaceTopic(id), (hint) => {
        const event = hint as SpaceEvent;
        room.queue.add(event.seq, () => advance(room, event));
      }),
      bus.subscribe(typingTopic(id), (typed) => fanTyping(room, typed as Typed)),
      bus.subscribe(deletedTopic(id), () => close(id)),
    ];
    room.leaveBus = () => leaveBus.forEach((leave) => leave());
    return room;
  }

  async function advance(room: Room, event: SpaceEvent): Promise<void> {
    if (event.seq <= room.head) return;
    if (event.seq > room.head + 1) await repair(room, event.seq);
    else await deliver(room, event);
  }

  /** Reads what is missing up to `target` from the log and delivers it. */
  async function repair(room: Room, target: number): Promise<void> {
    if (target <= room.head) return;
    counters.gapsRepaired += 1;
    while (room.head < target) {
      const missing = await readHole(db, room.id, room.head, HOLE_BATCH);
      if (missing.length === 0) return;
      counters.eventsRepaired += missing.length;
      for (const event of missing) await deliver(room, event);
    }
  }

  async function deliver(room: Room, event: SpaceEvent): Promise<void> {
    room.head = event.seq;
    if (changesRights.has(event.type)) checkAffected(room, event);
    const frame: ServerFrame = { frame: 'event', event };
    const bytes = Buffer.from(JSON.stringify(frame));
    let count = 0;
    for (const subscription of [...room.subscriptions]) {
      subscription.push(event, bytes);
      if (++count % CHUNK === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    counters.delivered += count;
  }

  function checkAffected(room: Room, event: SpaceEvent): void {
    const reason: RemovedReason =
      event.type === 'member.left'
        ? 'left'
        : event.type === 'member.removed'
          ? 'removed'
          : 'locked';
    const userId = 'user' in event.data ? event.data.user.id : null;
    for (const subscription of [...room.subscriptions]) {
      const isMeant = userId === null || subscription.outlet.actor.userId === userId;
      if (isMeant) subscription.recheck(reason);
    }
  }

  function fanTyping(room: Room, { user, thread }: Typed): void {
    for (const { isLive, outlet } of room.subscriptions) {
      if (isLive && outlet.actor.userId !== user.id && !outlet.isFull()) {
        outlet.send({ frame: 'typing', space: room.id, ...(thread ? { thread } : {}), user });
      }
    }
  }

  function leave(subscription: Subscription): void {
    const room = rooms.get(subscription.room.id);
    room?.subscriptions.delete(subscription);
    if (room?.subscriptions.size === 0) {
      room.leaveBus();
      rooms.delete(room.id);
    }
  }

  let polling: Promise<void> | null = null;

  /** Compares all rooms with the log; one comparison at a time, however long the database takes. */
  function poll(): Promise<void> {
    polling ??= compareHeads()
      .catch((error: unknown) => log.warn({ err: error }, 'the head poll failed'))
      .finally(() => (polling = null));
    return polling;
  }

  async function compareHeads(): Promise<void> {
    // Only rooms that were asked for: one that opened meanwhile is not missing.
    const asked = [...rooms.values()];
    const heads = await readHeads(
      db,
      asked.map(({ id }) => id),
    );
    for (const room of asked) {
      const head = heads.get(room.id);
      if (head === undefined) close(room.id);
      else if (head > room.head) room.queue.add(head, () => repair(room, head));
    }
  }

  function close(spaceId: string): void {
    const subscriptions = rooms.get(spaceId)?.subscriptions ?? [];
    for (const subscription of [...subscriptions]) subscription.end('deleted');
  }

  const timer = setInterval(() => void poll(), deps.pollMs ?? POLL_MS);
  timer.unref();
  // What was said while the bus was away is in the log; nobody waits for the next poll.
  const leaveGaps = bus.onGap((state) => void (state === 'back' && poll()));

  return {
    counters,
    countPage: deps.countPage,
    /** @throws the door's problem when the actor may not read the space */
    async subscribe(outlet: Outlet, spaceId: string, after: number): Promise<Subscription> {
      await access.space(outlet.actor, spaceId, 'read');
      const room = rooms.get(spaceId) ?? open(spaceId);
      const subscription = new Subscription(room, outlet, after, {
        db,
        access,
        counters,
        countPage: deps.countPage,
        onEnd: leave,
      });
      room.subscriptions.add(subscription);
      try {
        await room.ready;
        await subscription.start();
      } catch (error) {
        subscription.end();
        throw error;
      }
      return subscription;
    },
    /** The last seq fanned out of a space, if anyone listens. */
    head: (spaceId: string) => rooms.get(spaceId)?.head,
    /** How many hints of a space wait to be fanned out. */
    waiting: (spaceId: string) => rooms.get(spaceId)?.queue.waiting,
    /** Tells who follows a space that somebody types there, or in a thread of it. */
    typing(spaceId: string, typed: Typed): void {
      void bus.publish(typingTopic(spaceId), typed);
    },
    /** Tells listeners, on this and on other instances, that a space was deleted. */
    close: (spaceId: string): void => void bus.publish(deletedTopic(spaceId), {}),
    stop(): void {
      clearInterval(timer);
      leaveGaps();
      for (const room of rooms.values()) room.leaveBus();
      rooms.clear();
    },
  };
}
