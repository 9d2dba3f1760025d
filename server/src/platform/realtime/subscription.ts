import type { EventPage, SpaceEvent } from '@teambrain/contract/log.ts';
import type { ServerFrame } from '@teambrain/contract/socket.ts';
import { socketLimits } from '@teambrain/contract/socket.ts';
import type { Access } from '../access/access.ts';
import type { Actor } from '../core/actor.ts';
import type { MaybePromise } from '../core/maybe-promise.ts';
import { ProblemError } from '../core/problem.ts';
import type { Database } from '../db/database.ts';
import { readLog } from '../events/replay.ts';

/** Why someone stops receiving a space. */
export type RemovedReason = Extract<ServerFrame, { frame: 'removed' }>['reason'];

/** The socket a subscription writes to. */
export interface Outlet {
  actor: Actor;
  send(frame: ServerFrame): void;
  /** Sends bytes that were serialised once for many sockets. */
  sendBytes(bytes: Buffer): void;
  /** Whether more than a socket's share waits unsent. */
  isFull(): boolean;
  /** Resolves when there is room again; false when the socket was closed meanwhile. */
  drained(): Promise<boolean>;
}

export interface SubscriptionDependencies {
  db: Database;
  access: Access;
  counters: { catchUps: number; resets: number };
  /** Counts a page of the log that goes to someone; gives the seconds to wait, 0 for none. */
  countPage(actor: Actor): MaybePromise<number>;
  onEnd(subscription: Subscription): void;
}

/** What a subscription needs to know of its space: how far the fan-out has come. */
export interface RoomHead {
  id: string;
  head: number;
}

const BATCH = 200;
const RETRY_MS = 1_000;

/**
 * One socket's view of one space. Live, it takes events from the fan-out; after subscribing, when
 * it fell behind, or when its rights may have changed, it feeds itself from the log until it has
 * caught up. A right is checked after each read and before the send, so nothing is sent that the
 * reader lost before.
 */
export class Subscription {
  readonly room: RoomHead;
  readonly outlet: Outlet;
  private cursor: number;
  private state: 'live' | 'catching-up' | 'ended' = 'catching-up';
  /** Set by every event that may have changed this reader's rights; makes a running check repeat. */
  private checks = 0;
  private reason: RemovedReason = 'not-found';
  private readonly deps: SubscriptionDependencies;

  constructor(room: RoomHead, outlet: Outlet, after: number, deps: SubscriptionDependencies) {
    this.room = room;
    this.outlet = outlet;
    this.cursor = after;
    this.deps = deps;
  }

  get isEnded(): boolean {
    return this.state === 'ended';
  }

  get isLive(): boolean {
    return this.state === 'live';
  }

  /** First catch-up; a cursor from the future or too far back gets a reset. */
  async start(): Promise<void> {
    const { db, access } = this.deps;
    const space = await access.space(this.outlet.actor, this.room.id, 'read');
    const { head } = await readLog(db, space, this.cursor, 1);
    const isForeign = this.cursor > head;
    if (isForeign || head - this.cursor > socketLimits.maxReplay) {
      this.reset(isForeign ? 'epoch' : 'too-old', head);
    }
    await this.catchUp();
  }

  reset(reason: 'epoch' | 'too-old', seq: number): void {
    this.cursor = seq;
    this.deps.counters.resets += 1;
    this.outlet.send({ frame: 'reset', space: this.room.id, reason, seq });
  }

  /** The next event of the fan-out, already serialised. */
  push(event: SpaceEvent, bytes: Buffer): void {
    if (this.state !== 'live' || event.seq <= this.cursor) return;
    if (event.seq > this.cursor + 1 || this.outlet.isFull()) {
      this.resume();
      return;
    }
    this.cursor = event.seq;
    this.outlet.sendBytes(bytes);
  }

  /** Nothing more is sent until the right to read was checked anew. */
  recheck(reason: RemovedReason): void {
    if (this.isEnded) return;
    this.checks += 1;
    this.reason = reason;
    if (this.state === 'live') this.resume();
  }

  end(reason?: RemovedReason): void {
    if (this.isEnded) return;
    this.state = 'ended';
    if (reason) this.outlet.send({ frame: 'removed', space: this.room.id, reason });
    this.deps.onEnd(this);
  }

  private resume(): void {
    this.state = 'catching-up';
    this.deps.counters.catchUps += 1;
    // A read that fails (database away) is tried again; nothing is sent until it succeeds.
    this.catchUp().catch(() => setTimeout(() => this.isEnded || this.resume(), RETRY_MS).unref());
  }

  private async catchUp(): Promise<void> {
    const { db, access } = this.deps;
    const { actor } = this.outlet;
    let wait = 0;
    while (!this.isEnded) {
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait * 1_000).unref());
      if (!(await this.outlet.drained())) return this.end();
      const { checks } = this;
      try {
        const space = await access.space(actor, this.room.id, 'read');
        const page = await readLog(db, space, this.cursor, BATCH);
        wait = page.items.length > 0 ? await this.deps.countPage(actor) : 0;
        if (wait > 0) continue;
        await access.space(actor, this.room.id, 'read');
        if (this.isEnded) return;
        if (this.checks !== checks) continue;
        this.send(page);
        if (this.cursor >= page.head && this.cursor >= this.room.head) {
          this.state = 'live';
          return;
        }
      } catch (error) {
        if (!(error instanceof ProblemError) || error.status >= 500) throw error;
        return this.end(error.code === 'locked' ? this.lockedReason() : 'not-found');
      }
    }
  }

  private lockedReason(): RemovedReason {
    return this.reason === 'not-found' ? 'locked' : this.reason;
  }

  /** The head of a page that others follow is its own end: the client need not ask for the rest. */
  private send({ items: events, head, next }: EventPage): void {
    const last = events.at(-1);
    if (!last) return;
    this.cursor = last.seq;
    const known = next === null ? head : last.seq;
    this.outlet.send({ frame: 'events', space: this.room.id, events, head: known });
  }
}
