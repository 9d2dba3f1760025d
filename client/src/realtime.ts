import type { Person } from '@teambrain/contract/id.ts';
import type { SpaceEvent } from '@teambrain/contract/log.ts';
import type { Problem } from '@teambrain/contract/problem.ts';
import type { ReadMark } from '@teambrain/contract/unread.ts';
import { socketLimits, type ClientFrame, type ServerFrame } from '@teambrain/contract/socket.ts';
import { later } from './backoff.ts';
import type { Call } from './call.ts';
import { askedDelay, isTransient, ProblemError } from './errors.ts';
import { Follower } from './follower.ts';
import { Link, type LinkState, type SocketConstructor, type Welcome } from './link.ts';
import { Poller } from './poller.ts';
import type { Session } from './session.ts';

export type ResetReason = Extract<ServerFrame, { frame: 'reset' }>['reason'];
export type RemovedReason = Extract<ServerFrame, { frame: 'removed' }>['reason'];

export interface RealtimeHandlers {
  /** An event to apply: each exactly once, in the order of its space. */
  onEvent(event: SpaceEvent): void;
  /**
   * What is known of `space` no longer connects: load its snapshot again. While a returned promise
   * is pending the space's events wait; it may resolve to the snapshot's own head, from which they
   * then go on (from `seq` otherwise). It is called again, at ever longer intervals and at every new
   * connection, for as long as it rejects.
   */
  onReset(space: string, reason: ResetReason, seq: number): void | Promise<number | void>;
  /** Nothing of `space` follows; it is no longer subscribed. */
  onRemoved(space: string, reason: RemovedReason): void;
  /** Somebody types a message, or a reply in a thread. */
  onTyping?(space: string, user: Person, thread: string | undefined): void;
  /** Something happened or was read in joined spaces of which no event tells: their heads by id. */
  onHeads?(heads: Readonly<Record<string, number>>): void;
  /** How far this person has read, in another of their windows. */
  onReadMark?(mark: ReadMark): void;
  /** Something that only this person sees was changed, maybe by another window. */
  onOwn?(what: 'saved' | 'threads' | 'follows' | 'drafts'): void;
  onState?(state: LinkState): void;
  /**
   * While there is no socket: whether events come by polling (true), or nothing is answered either
   * (false); null as soon as nothing is polled. Needs `call`.
   */
  onPolling?(works: boolean | null): void;
  /** There is no token: signed out. Connect again (`connect()`) after a log-in. */
  onUnauthenticated?(): void;
  /** A handler threw, the server reported a problem, or a frame made no sense; the stream goes on. */
  onError?(error: unknown): void;
}

export interface RealtimeSettings {
  /** `wss://…/api/realtime`; see `realtimeUrl`. */
  url: string;
  /** `globalThis.WebSocket` unless given; in Node 20 the one of `ws`. */
  WebSocket?: SocketConstructor;
  /** Reads the logs over HTTP while there is no socket; without it nothing is polled. */
  call?: Call;
}

type TokenSource =
  | { session: Pick<Session, 'freshToken'> }
  /** A token that will do, other than the `rejected` one; null when signed out. */
  | { token: (rejected?: string) => Promise<string | null> };

export type RealtimeOptions = RealtimeSettings & TokenSource & RealtimeHandlers;

export interface Realtime {
  readonly state: LinkState;
  /**
   * Follows a space's log after `after` (the head of the snapshot at hand). Of a space already
   * followed only a later position counts. Throws RangeError beyond the limit of subscriptions.
   */
  subscribe(space: string, after: number): void;
  unsubscribe(space: string): void;
  /** Says that the user is typing; at most every two seconds, and only while live. */
  typing(space: string, thread?: string): void;
  /** The last seq applied, or null when not subscribed. */
  cursor(space: string): number | null;
  /** Connects at once: after a log-in, or at a press of “try again”. */
  connect(): void;
  close(): void;
}

const TYPING_EVERY = 2_000;
/** Milliseconds until a subscription is tried again that the server could not take. */
const SUBSCRIBE_AGAIN = 5_000;

interface Followed {
  follower: Follower;
  typedAt: number;
  typedIn: string | undefined;
  retry: ReturnType<typeof setTimeout> | undefined;
}

/** The address of an instance's socket; '' for the page's own origin. */
export function realtimeUrl(baseUrl: string): string {
  const url = new URL(`${(baseUrl || location.origin).replace(/\/+$/, '')}/api/realtime`);
  url.protocol = url.protocol.replace('http', 'ws');
  return url.href;
}

/** Follows the logs of spaces over one socket and connects at once; methods need no `this`. */
export function createRealtime(options: RealtimeOptions): Realtime {
  return new LiveRealtime(options);
}

class LiveRealtime implements Realtime {
  readonly #on: RealtimeHandlers;
  readonly #link: Link;
  readonly #poller: Poller | null;
  readonly #spaces = new Map<string, Followed>();
  #state: LinkState = 'connecting';
  #epoch: string | undefined;
  #limit: number = socketLimits.subscriptions;

  constructor(options: RealtimeOptions) {
    this.#on = options;
    this.#poller = options.call ? this.#pollerBy(options.call) : null;
    this.#link = new Link({
      url: options.url,
      WebSocket: options.WebSocket ?? WebSocket,
      token: (rejected) =>
        'session' in options ? options.session.freshToken(rejected) : options.token(rejected),
      hello: (token) => this.#hello(token),
      onWelcome: (welcome) => this.#onWelcome(welcome),
      onFrame: (frame) => this.#onFrame(frame),
      onState: (state) => {
        this.#state = state;
        if (state === 'live') this.#poller?.stop();
        else this.#poller?.start();
        this.#guard(() => this.#on.onState?.(state));
      },
      onUnauthenticated: () => {
        this.#poller?.stop();
        this.#guard(() => this.#on.onUnauthenticated?.());
      },
      onError: (error) => this.#report(error),
    });
    this.#link.connect();
  }

  get state(): LinkState {
    return this.#state;
  }

  subscribe = (space: string, after: number): void => {
    const followed = this.#spaces.get(space);
    if (followed) return followed.follower.skipTo(after);
    if (this.#spaces.size >= this.#limit) {
      throw new RangeError(`No more than ${this.#limit} spaces can be followed at once`);
    }
    const follower = new Follower(after, {
      fetch: (from) => this.#link.send(`fetch:${space}`, { frame: 'fetch', space, after: from }),
      onEvent: (event) => this.#guard(() => this.#on.onEvent(event)),
      onError: (error) => this.#report(error),
    });
    this.#spaces.set(space, { follower, typedAt: 0, typedIn: undefined, retry: undefined });
    this.#ask(space);
  };

  unsubscribe = (space: string): void => {
    if (this.#forget(space)) this.#link.send(`of:${space}`, { frame: 'unsubscribe', space });
  };

  typing = (space: string, thread?: string): void => {
    const followed = this.#spaces.get(space);
    if (!followed || !this.#link.isLive) return;
    const isSame = followed.typedIn === thread;
    if (isSame && Date.now() - followed.typedAt < TYPING_EVERY) return;
    Object.assign(followed, { typedAt: Date.now(), typedIn: thread });
    const frame = { frame: 'typing', space, ...(thread ? { thread } : {}) } as const;
    this.#link.send(`typing:${space}`, frame);
  };

  cursor = (space: string): number | null => this.#spaces.get(space)?.follower.cursor ?? null;

  connect = (): void => this.#link.connect();

  close = (): void => {
    for (const space of [...this.#spaces.keys()]) this.#forget(space);
    this.#link.close();
    this.#poller?.stop();
  };

  #pollerBy(call: Call): Poller {
    return new Poller({
      call,
      cursor: this.cursor,
      followed: () => [...this.#spaces.keys()],
      onEvents: (space, { items, head }) =>
        this.#of(space)?.take({ type: 'events', events: items, head }),
      onReset: (space, reason, seq) => this.#onReset(space, reason, seq),
      onRemoved: (space, reason) => this.#onRemoved(space, reason),
      onState: (works) => this.#guard(() => this.#on.onPolling?.(works)),
      onError: (error) => this.#report(error),
    });
  }

  #hello(token: string): ClientFrame {
    const spaces = [...this.#spaces].map(([id, { follower }]) => {
      follower.resume();
      return { id, after: follower.cursor };
    });
    const epoch = this.#epoch === undefined ? {} : { epoch: this.#epoch };
    return { frame: 'hello', token, protocol: socketLimits.protocol, ...epoch, spaces };
  }

  #onWelcome({ epoch, limits }: Welcome): void {
    this.#epoch = epoch;
    this.#limit = limits.subscriptions;
  }

  #onFrame(frame: ServerFrame): void {
    switch (frame.frame) {
      case 'event':
        return this.#of(frame.event.space)?.take({ type: 'event', event: frame.event });
      case 'events':
        return this.#of(frame.space)?.take({
          type: 'events',
          events: frame.events,
          head: frame.head,
        });
      case 'beat':
        for (const [space, head] of Object.entries(frame.heads)) {
          this.#of(space)?.take({ type: 'beat', head });
        }
        return;
      case 'reset':
        return this.#onReset(frame.space, frame.reason, frame.seq);
      case 'removed':
        return this.#onRemoved(frame.space, frame.reason);
      case 'typing':
        return this.#guard(() => this.#on.onTyping?.(frame.space, frame.user, frame.thread));
      case 'heads':
        return this.#guard(() => this.#on.onHeads?.(frame.heads));
      case 'read-mark':
        return this.#guard(() => this.#on.onReadMark?.(frame.mark));
      case 'own':
        return this.#guard(() => this.#on.onOwn?.(frame.what));
      case 'problem':
        return this.#onProblem(new ProblemError(frame.problem as Problem), frame.space);
    }
  }

  #onRemoved(space: string, reason: RemovedReason): void {
    if (this.#forget(space)) this.#guard(() => this.#on.onRemoved(space, reason));
  }

  #onReset(space: string, reason: ResetReason, seq: number): void {
    const follower = this.#of(space);
    if (!follower) return;
    follower.reset(seq);
    const load = () => this.#on.onReset(space, reason, seq);
    const first = this.#guard(load);
    if (!first) return;
    void follower.waitFor(first, load, seq);
  }

  /** A subscription or fetch that the server could not take now is asked again from the cursor. */
  #onProblem(error: ProblemError, space = ''): void {
    const followed = this.#spaces.get(space);
    if (followed && isTransient(error)) {
      clearTimeout(followed.retry);
      const delay = Math.max(askedDelay(error), SUBSCRIBE_AGAIN);
      followed.retry = later(() => this.#ask(space), delay);
    }
    this.#report(error);
  }

  #ask(space: string): void {
    const after = this.cursor(space);
    if (after !== null) this.#link.send(`of:${space}`, { frame: 'subscribe', space, after });
  }

  #of(space: string): Follower | undefined {
    return this.#spaces.get(space)?.follower;
  }

  #forget(space: string): boolean {
    const followed = this.#spaces.get(space);
    clearTimeout(followed?.retry);
    followed?.follower.close();
    return this.#spaces.delete(space);
  }

  #guard<T>(run: () => T): T | undefined {
    try {
      return run();
    } catch (error) {
      this.#report(error);
      return undefined;
    }
  }

  #report(error: unknown): void {
    try {
      this.#on.onError?.(error);
    } catch {
      // Whoever fails at reporting is told no more.
    }
  }
}
