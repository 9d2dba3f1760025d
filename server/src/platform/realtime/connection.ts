import { Compile } from 'typebox/compile';
import type { WebSocket } from 'ws';
import {
  ClientFrame,
  closeCodes,
  socketLimits,
  type ServerFrame,
} from '@teambrain/contract/socket.ts';
import type { Access } from '../access/access.ts';
import type { Actor } from '../core/actor.ts';
import { newId } from '../core/id.ts';
import type { MaybePromise } from '../core/maybe-promise.ts';
import type { Log } from '../core/log.ts';
import { problem } from '../core/problem.ts';
import type { Database } from '../db/database.ts';
import { readEpoch, readLog } from '../events/replay.ts';
import { toProblem } from '../http/problem-response.ts';
import { Heartbeat } from './heartbeat.ts';
import type { Heads } from './heads.ts';
import type { Hub } from './hub.ts';
import { createOutlet, type Account } from './outlet.ts';
import type { Outlet, Subscription } from './subscription.ts';

export interface ConnectionDependencies {
  db: Database;
  hub: Hub;
  heads: Heads;
  access: Access;
  log: Log;
  authenticate(token: string): MaybePromise<{ actor: Actor; expires: Date } | null>;
  /** After how long without progress a reader is closed; 30 s unless given. */
  stuckMs?: number | undefined;
  /** Time between two pings; as the contract says unless given. */
  heartbeatMs?: number | undefined;
  /** Lets someone's socket in who said hello; gives the seconds to wait where they said too many. */
  admit(connection: Connection, actor: Actor): Promise<number>;
}

const clientFrame = Compile(ClientFrame);
/** How long a socket without a hello has to answer its close. */
const FAREWELL_MS = 400;
type Hello = Extract<ClientFrame, { frame: 'hello' }>;

/** One socket, from hello to close. Frames of a client are handled one after the other. */
export class Connection {
  readonly id = newId();
  actor: Actor | null = null;
  private readonly socket: WebSocket;
  private readonly deps: ConnectionDependencies;
  private readonly subscriptions = new Map<string, Subscription>();
  private queue: Promise<void> = Promise.resolve();
  private waiting = 0;
  private tokens: number = socketLimits.framesPerSecond;
  private lastTyping = 0;
  private expiry: NodeJS.Timeout;
  private heart: NodeJS.Timeout | undefined;
  private leaveHeads: (() => void) | undefined;
  private readonly heartbeat: Heartbeat;
  /** From the hello on. */
  private outlet: Outlet | null = null;

  private readonly accountOf: (actor: Actor) => Account;

  /** @param accountOf opens the page of the account of outgoing bytes, once it is known whose it is */
  constructor(
    socket: WebSocket,
    accountOf: (actor: Actor) => Account,
    deps: ConnectionDependencies,
  ) {
    this.socket = socket;
    this.accountOf = accountOf;
    this.deps = deps;
    // Not moved by traffic: who does not say hello in time is closed.
    this.expiry = setTimeout(() => this.cut(closeCodes.unauthenticated), socketLimits.helloWithin);
    socket.on('message', (data, isBinary) => this.receive(data as Buffer, isBinary));
    this.heartbeat = new Heartbeat(socket);
    // Control frames are frames too: they cost the server as much, and pongs wait to be read.
    socket.on('pong', (data) => this.heartbeat.hear(data) || this.count());
    socket.on('ping', (data) => {
      if (this.count() && !this.outlet?.isFull()) socket.pong(data);
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', () => this.dispose());
  }

  close(code: number): void {
    this.endSubscriptions();
    this.socket.close(code);
  }

  /** As `close`, of who is not waited for. */
  cut(code: number): void {
    this.close(code);
    setTimeout(() => this.socket.terminate(), FAREWELL_MS).unref();
  }

  private dispose(): void {
    clearTimeout(this.expiry);
    clearInterval(this.heart);
    this.leaveHeads?.();
    this.endSubscriptions();
  }

  private endSubscriptions(): void {
    for (const subscription of this.subscriptions.values()) subscription.end();
    this.subscriptions.clear();
  }

  get isOpen(): boolean {
    return this.socket.readyState === this.socket.OPEN;
  }

  private send(frame: ServerFrame): void {
    if (this.isOpen) this.socket.send(JSON.stringify(frame));
  }

  /** Counts a frame; one too many closes the socket. */
  private count(): boolean {
    this.tokens -= 1;
    if (this.tokens < 0) this.close(closeCodes.limits);
    else setTimeout(() => (this.tokens += 1), 1_000).unref();
    return this.tokens >= 0;
  }

  private receive(data: Buffer, isBinary: boolean): void {
    if (!this.count()) return;
    if (this.waiting >= socketLimits.framesPerSecond * 2) return this.close(closeCodes.limits);
    this.waiting += 1;
    this.queue = this.queue
      .then(() => this.handle(isBinary ? null : data.toString()))
      .catch((error: unknown) => this.fail(error))
      .finally(() => (this.waiting -= 1));
  }

  private fail(error: unknown, space?: string): void {
    const known = toProblem(error);
    if (known.status >= 500) this.deps.log.error({ err: error }, 'a socket frame failed');
    const document = known.toDocument(this.id);
    this.send({ frame: 'problem', problem: document, ...(space ? { space } : {}) });
  }

  private async handle(text: string | null): Promise<void> {
    if (!this.isOpen) return;
    const frame = parse(text);
    if (frame.frame === 'hello') return this.orComeBack(() => this.hello(frame));
    const { actor, outlet } = this;
    if (!actor || !outlet) return this.close(closeCodes.unauthenticated);
    switch (frame.frame) {
      case 'subscribe':
        return this.orComeBack(() =>
          this.subscribe(outlet, frame.space.toLowerCase(), frame.after),
        );
      case 'unsubscribe':
        return this.unsubscribe(frame.space.toLowerCase());
      case 'fetch':
        return this.fetch(outlet, frame.space.toLowerCase(), frame.after, frame.limit);
      case 'typing':
        return this.typing(actor, frame.space.toLowerCase(), frame.thread?.toLowerCase());
      case 'renew':
        return this.renew(actor, frame.token);
    }
  }

  /** Whoever could not be let in, or not into a space, for want of the database: half a welcome is none. */
  private async orComeBack(task: () => Promise<void>): Promise<void> {
    try {
      await task();
    } catch (error) {
      this.fail(error);
      if (toProblem(error).status >= 500) this.close(closeCodes.restart);
    }
  }

  private async hello({ token, protocol, epoch, spaces }: Hello): Promise<void> {
    if (this.actor) throw problem('invalid-request', { detail: 'hello was said already' });
    if (protocol !== socketLimits.protocol) {
      throw problem('invalid-request', {
        detail: `This server speaks protocol ${socketLimits.protocol}`,
      });
    }
    const session = await this.deps.authenticate(token);
    if (!session) return this.close(closeCodes.unauthenticated);
    this.actor = session.actor;
    const wait = await this.deps.admit(this, session.actor);
    if (wait > 0) {
      this.fail(problem('too-many-requests', { retryAfter: wait }));
      return this.close(closeCodes.limits);
    }
    if (!this.isOpen) return;
    this.outlet = this.openOutlet(session.actor);
    this.expireAt(session.expires);
    const current = await readEpoch(this.deps.db);
    this.send({
      frame: 'welcome',
      connectionId: this.id,
      epoch: current,
      heartbeat: socketLimits.heartbeat,
      limits: { maxFrame: socketLimits.maxFrame, subscriptions: socketLimits.subscriptions },
    });
    const { heartbeatMs = socketLimits.heartbeat } = this.deps;
    this.heart = setInterval(() => this.beat(), heartbeatMs);
    this.listenToHeads(session.actor.userId, this.outlet);
    const isForeignLog = epoch !== undefined && epoch.toLowerCase() !== current;
    for (const { id, after } of spaces) {
      // A cursor of another log means nothing here: one from the future asks for a reset.
      const cursor = isForeignLog ? Number.MAX_SAFE_INTEGER : after;
      await this.subscribe(this.outlet, id.toLowerCase(), cursor);
    }
  }

  private listenToHeads(userId: string, outlet: Outlet): void {
    if (!this.isOpen) return;
    this.leaveHeads = this.deps.heads.add({
      userId,
      isSubscribed: (space) => this.subscriptions.has(space),
      isFull: () => outlet.isFull(),
      send: (frame) => outlet.send(frame),
    });
  }

  private openOutlet(actor: Actor): Outlet {
    const { hub, stuckMs } = this.deps;
    const onStuck = () => (hub.counters.slowClosed += 1);
    const account = this.accountOf(actor);
    return createOutlet(this.socket, actor, { onStuck, stuckMs, account });
  }

  private expireAt(expires: Date): void {
    clearTimeout(this.expiry);
    const wait = Math.max(0, expires.getTime() - Date.now());
    this.expiry = setTimeout(() => this.close(closeCodes.unauthenticated), wait);
  }

  private async renew(actor: Actor, token: string): Promise<void> {
    const session = await this.deps.authenticate(token);
    if (!session || session.actor.sessionId !== actor.sessionId) {
      return this.close(closeCodes.unauthenticated);
    }
    this.expireAt(session.expires);
    const expiresIn = Math.floor((session.expires.getTime() - Date.now()) / 1000);
    this.send({ frame: 'renewed', expiresIn });
  }

  private async subscribe(outlet: Outlet, space: string, after: number): Promise<void> {
    this.unsubscribe(space);
    if (this.subscriptions.size >= socketLimits.subscriptions) {
      return this.fail(problem('too-many-requests', { detail: 'Too many subscriptions' }), space);
    }
    try {
      const subscription = await this.deps.hub.subscribe(outlet, space, after);
      if (!this.isOpen) subscription.end();
      else if (!subscription.isEnded) this.subscriptions.set(space, subscription);
    } catch (error) {
      const { code, status } = toProblem(error);
      if (status >= 500) throw error;
      const reason = code === 'locked' ? 'locked' : 'not-found';
      this.send({ frame: 'removed', space, reason });
    }
  }

  private unsubscribe(space: string): void {
    this.subscriptions.get(space)?.end();
    this.subscriptions.delete(space);
  }

  /**
   * A page of the log as `GET …/events` gives it, and counted with those. Nothing is read for who has
   * not taken what came before, and their further frames wait as well.
   */
  private async fetch(outlet: Outlet, spaceId: string, after: number, limit = 200): Promise<void> {
    try {
      if (!(await outlet.drained())) return;
      const wait = await this.deps.hub.countPage(outlet.actor);
      if (wait > 0) throw problem('too-many-requests', { retryAfter: wait });
      const space = await this.deps.access.space(outlet.actor, spaceId, 'read');
      const { items, head } = await readLog(this.deps.db, space, after, limit);
      this.send({ frame: 'events', space: spaceId, events: items, head });
    } catch (error) {
      this.fail(error, spaceId);
    }
  }

  private async typing(actor: Actor, spaceId: string, thread?: string): Promise<void> {
    const now = Date.now();
    if (now - this.lastTyping < 1_000) return;
    this.lastTyping = now;
    await this.deps.access.space(actor, spaceId, 'write');
    const user = { id: actor.userId, name: actor.name };
    this.deps.hub.typing(spaceId, { user, thread });
  }

  private beat(): void {
    if (!this.heartbeat.beat()) return this.socket.terminate();
    const heads: Record<string, number> = {};
    for (const [space, subscription] of this.subscriptions) {
      const head = this.deps.hub.head(space);
      if (subscription.isLive && head !== undefined) heads[space] = head;
    }
    this.send({ frame: 'beat', heads });
  }
}

function parse(text: string | null): ClientFrame {
  let value: unknown;
  try {
    value = text === null ? null : JSON.parse(text);
  } catch {
    value = null;
  }
  if (!clientFrame.Check(value)) {
    throw problem('invalid-request', { detail: 'This is not a frame of the protocol' });
  }
  return value;
}
