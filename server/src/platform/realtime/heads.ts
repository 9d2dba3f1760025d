import type { ServerFrame } from '@teambrain/contract/socket.ts';
import type { ReadMark } from '@teambrain/contract/unread.ts';
import type { Log } from '../core/log.ts';
import type { Database } from '../db/database.ts';
import { LOG_TOPIC } from '../events/relay.ts';
import type { Bus } from '../ports/bus.ts';
import { readMembers, readMoved } from './heads.store.ts';

/** The topic on which instances tell each other how far someone has read. */
const READ_TOPIC = 'read-marks';

/** What a person has for themselves, besides read marks. */
type Own = Extract<ServerFrame, { frame: 'own' }>['what'];

/**
 * Marks of a person that moved, something else of theirs that changed, or a space whose members'
 * marks may have moved.
 */
type Read =
  | { userId: string; marks: readonly ReadMark[] }
  | { userId: string; what: Own }
  | { space: string };

/** Tells all windows of a person that marks of theirs have moved. Only ever a hint. */
export function tellMarks(bus: Bus, userId: string, marks: readonly ReadMark[]): void {
  if (marks.length > 0) void bus.publish(READ_TOPIC, { userId, marks } satisfies Read);
}

/** Tells all windows of a person to read something of theirs again. Only ever a hint. */
export function tellOwn(bus: Bus, userId: string, what: Own): void {
  void bus.publish(READ_TOPIC, { userId, what } satisfies Read);
}

/** Tells all members of a space to look at their marks there again. */
export function tellMembers(bus: Bus, space: string): void {
  void bus.publish(READ_TOPIC, { space } satisfies Read);
}

/** A socket of somebody, as heads are told to it. */
export interface Listener {
  userId: string;
  /** Whether events of the space reach it anyway. */
  isSubscribed(space: string): boolean;
  /** Whether more than a socket's share waits unsent. */
  isFull(): boolean;
  send(frame: ServerFrame): void;
}

/** Milliseconds in which hints are gathered: messages often come in bursts. */
const GATHER_MS = 250;
/** Milliseconds between two looks at the log, for what no hint told of. */
const POLL_MS = 2_000;
/** Spaces that are told of at a time; the rest comes with the next. */
const MAX_SPACES = 500;

export type Heads = ReturnType<typeof createHeads>;

/**
 * Tells people of the spaces they have joined, subscribed or not: that something happened there
 * (`heads`), and how far they have read by another window (`read-mark`). Whether they belong to a
 * space is read from the database each time, after the change and before the frame. What a full
 * socket is not told, it is told later as heads. Frames carry seqs alone; what they mean is asked over
 * HTTP.
 */
export function createHeads({ db, bus, log }: { db: Database; bus: Bus; log: Log }) {
  const listeners = new Map<string, Set<Listener>>();
  /** By socket the spaces to tell of, whether it is subscribed to them or not. */
  const owed = new Map<Listener, Map<string, number>>();
  /** Spaces in which something happened since they were last told of. */
  let moved = new Map<string, number>();
  /** Those of them whose members' marks moved: they are told to sockets that are subscribed, too. */
  const marked = new Set<string>();
  let gathering: NodeJS.Timeout | undefined;
  let telling: Promise<void> = Promise.resolve();
  /** Transactions before it have been looked at. */
  let seen: string | null = null;

  function note(space: string, seq: number): void {
    if (listeners.size === 0) return;
    moved.set(space, Math.max(seq, moved.get(space) ?? 0));
    gathering ??= setTimeout(tell, GATHER_MS).unref();
  }

  function tell(): void {
    gathering = undefined;
    const now = [...moved].slice(0, MAX_SPACES);
    moved = new Map([...moved].slice(MAX_SPACES));
    telling = telling
      .then(() => tellOf(new Map(now)))
      .catch((error: unknown) => {
        // Told again with what comes next; the poll comes at the latest.
        for (const [space, seq] of now) moved.set(space, Math.max(seq, moved.get(space) ?? 0));
        log.warn({ err: error }, 'heads could not be told and will be');
      });
    if (moved.size > 0) gathering = setTimeout(tell, GATHER_MS).unref();
  }

  async function tellOf(spaces: ReadonlyMap<string, number>): Promise<void> {
    const members = await readMembers(db, [...spaces.keys()], [...listeners.keys()]);
    const isOfMarks = new Map([...spaces.keys()].map((space) => [space, marked.delete(space)]));
    for (const { userId, spaceId, head } of members) {
      for (const listener of listeners.get(userId) ?? []) {
        if (isOfMarks.get(spaceId) || !listener.isSubscribed(spaceId)) owe(listener, spaceId, head);
      }
    }
    for (const listener of [...owed.keys()]) pay(listener);
  }

  function owe(listener: Listener, space: string, head: number): void {
    const heads = owed.get(listener) ?? new Map<string, number>();
    owed.set(listener, heads.set(space, head));
  }

  function pay(listener: Listener): void {
    const heads = owed.get(listener);
    if (!heads || listener.isFull()) return;
    owed.delete(listener);
    listener.send({ frame: 'heads', heads: Object.fromEntries(heads) });
  }

  function tellRead(read: Read): void {
    if ('space' in read) {
      if (listeners.size > 0) marked.add(read.space);
      return note(read.space, 0);
    }
    for (const listener of listeners.get(read.userId) ?? []) {
      if ('what' in read) {
        // A full socket misses it: its window reads again when it comes back to the front.
        if (!listener.isFull()) listener.send({ frame: 'own', what: read.what });
        continue;
      }
      for (const mark of read.marks) {
        if (listener.isFull()) owe(listener, mark.spaceId, mark.head);
        else listener.send({ frame: 'read-mark', mark });
      }
    }
  }

  let polling: Promise<void> | null = null;
  let isStopped = false;

  function poll(): void {
    for (const listener of [...owed.keys()]) pay(listener);
    // Also while nobody listens: who comes is told of what happened from then on.
    polling ??= readMoved(db, seen)
      .then((found) => {
        seen = found.seen;
        for (const { spaceId, head } of found.heads) note(spaceId, head);
      })
      .catch((error: unknown) => {
        if (!isStopped) log.warn({ err: error }, 'the poll of heads failed');
      })
      .finally(() => (polling = null));
  }

  const leave = [
    bus.subscribe(LOG_TOPIC, (hint) => {
      const { space, seq } = hint as { space: string; seq: number };
      note(space, seq);
    }),
    bus.subscribe(READ_TOPIC, (read) => tellRead(read as Read)),
  ];
  const timer = setInterval(poll, POLL_MS).unref();
  poll();

  return {
    /** From now on this socket is told; ends with what is given. */
    add(listener: Listener): () => void {
      const { userId } = listener;
      listeners.set(userId, (listeners.get(userId) ?? new Set()).add(listener));
      return () => {
        owed.delete(listener);
        const others = listeners.get(userId);
        others?.delete(listener);
        if (others?.size === 0) listeners.delete(userId);
      };
    },
    stop(): void {
      isStopped = true;
      clearInterval(timer);
      clearTimeout(gathering);
      for (const end of leave) end();
      listeners.clear();
    },
  };
}
