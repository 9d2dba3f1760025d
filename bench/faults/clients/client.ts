import { listMessages, postMessage, type Message } from '@teambrain/contract/chat.ts';
import { fileAddress } from '@teambrain/contract/files.ts';
import type { SpaceEvent } from '@teambrain/contract/log.ts';
import { createCaller, type Call } from '@teambrain/client/call.ts';
import { createCookieFetch } from '@teambrain/client/cookie-fetch.ts';
import { isProblem } from '@teambrain/client/errors.ts';
import { createOutbox, type Outbox, type Write } from '@teambrain/client/outbox.ts';
import { createRealtime, realtimeUrl, type Realtime } from '@teambrain/client/realtime.ts';
import { createSession, type Session } from '@teambrain/client/session.ts';
import type { Op } from '../history.ts';
import type { Line } from '../cluster/proxy.ts';
import { attempt, type MarkStream, type Recorder } from './recorder.ts';
import { retrying } from './retry.ts';
import { createChatState, type ChatState } from './state.ts';
import { recordedSocket } from './wire.ts';

const CALL_MS = 10_000;
const PAGE = 200;

interface Post extends Write {
  text: string;
  op: Op;
}

/** One space as this client knows it. */
export interface View {
  chat: ChatState;
  /** Writes down what happens now; null while the space is not followed. */
  mark: MarkStream | null;
  /** As far as the client knows; who is not comes back by itself. */
  isMember: boolean;
}

export interface ClientOptions {
  index: number;
  link: Line;
  recorder: Recorder;
  isSlow: boolean;
  /** Called when the client learns that it is no longer a member. */
  onShutOut(client: BenchClient, spaceId: string): void;
}

/** A window: the real SDK's session, outbox and socket, with a recorder looking over its shoulder. */
export class BenchClient {
  readonly index: number;
  readonly link: Line;
  readonly session: Session;
  readonly outbox: Outbox<Post>;
  readonly views = new Map<string, View>();
  /** Own messages that stand, to edit and delete. */
  readonly own: { id: string; space: string; version: number; hasFile: boolean }[] = [];
  /** Own emoji that were acknowledged, the newest last. */
  reactions: { space: string; message: string; emoji: string }[] = [];
  /** What this client asks for just now and must not ask for twice. */
  readonly busy = new Set<string>();
  isAway = false;
  userId = '';
  readonly credentials: { email: string; name: string; password: string };
  readonly #recorder: Recorder;
  readonly #options: ClientOptions;
  readonly #headers: Record<string, string>;
  #realtime: Realtime | null = null;

  constructor(options: ClientOptions) {
    const { index, link, recorder } = options;
    this.#options = options;
    this.#recorder = recorder;
    this.index = index;
    this.link = link;
    const name = `Client ${index}`;
    this.credentials = {
      email: `client.${index}@example.org`,
      name,
      password: `password-${index}-x`,
    };
    // Everyone comes from an address of their own, as the limits before sign-in count by address.
    this.#headers = { 'x-forwarded-for': `10.9.${Math.floor(index / 250)}.${(index % 250) + 1}` };
    const cookies = createCookieFetch(this.origin);
    const fetchAs: typeof fetch = (input, init) =>
      cookies(input, { ...init, headers: { ...(init?.headers as object), ...this.#headers } });
    this.session = createSession({ baseUrl: this.origin, fetch: fetchAs, isShared: false });
    this.outbox = createOutbox<Post>({
      send: (post) => this.#post(post),
      onChange: () => undefined,
      maxItems: 2_000,
    });
  }

  get origin(): string {
    return `http://127.0.0.1:${this.link.port}`;
  }

  get isLive(): boolean {
    return this.#realtime?.state === 'live';
  }

  cursor(space: string): number | null {
    return this.#realtime?.cursor(space) ?? null;
  }

  async register(): Promise<void> {
    const { id } = await this.session.register(this.credentials);
    this.userId = id;
  }

  /** Calls straight at an instance, past the balancer, with this client's token (or another). */
  callAt(url: string, token = this.session.accessToken()): Call {
    return createCaller({ baseUrl: url, accessToken: () => token, headers: this.#headers });
  }

  call: Call = (endpoint, input) => this.session.call(endpoint, input, { timeout: CALL_MS });

  /** Connects the socket; spaces are followed from where their state stands. */
  connect(): void {
    this.isAway = false;
    const {
      recorder: { counts },
    } = this.#options;
    this.#realtime = createRealtime({
      url: realtimeUrl(this.origin),
      WebSocket: recordedSocket(this, this.#recorder),
      session: this.session,
      onEvent: (event) => this.#onEvent(event),
      onReset: (space, _reason, seq) => {
        counts.resets += 1;
        return this.#reload(space, seq);
      },
      onRemoved: (space) => this.#onRemoved(space),
      onState: (state) => state === 'live' && this.outbox.wake(),
      onUnauthenticated: () => this.#comeIn(),
    });
  }

  /** Goes away: the window is closed, what it knew is kept. */
  leave(): void {
    this.isAway = true;
    const cursors = [...this.views].map(([space]) => [space, this.cursor(space)] as const);
    this.#realtime?.close();
    this.#realtime = null;
    for (const [space, cursor] of cursors) this.#endStream(space, 'stop', cursor ?? 0);
    this.#left = new Map(cursors.flatMap(([space, at]) => (at === null ? [] : [[space, at]])));
  }
  #left = new Map<string, number>();

  comeBack(): void {
    if (!this.isAway) return;
    this.connect();
    for (const [space, { isMember }] of this.views) {
      const cursor = this.#left.get(space);
      if (!isMember) continue;
      if (cursor !== undefined) this.#follow(space, cursor);
      // Joined while away.
      else void this.retrying(() => this.open(space)).catch(() => undefined);
    }
  }

  /** Joins what follows of a space, from a snapshot of now. */
  async open(space: string): Promise<void> {
    const view = this.#view(space);
    if (!this.isAway && this.cursor(space) === null) {
      const head = await this.#snapshot(space, view);
      if (!this.isAway && this.cursor(space) === null) this.#follow(space, head);
    }
    view.isMember = true;
  }

  close(): void {
    for (const space of this.views.keys()) this.#endStream(space, 'stop', this.cursor(space) ?? 0);
    this.#realtime?.close();
    this.outbox.close();
    this.session.close();
  }

  async signInAgain(): Promise<void> {
    const { email, password } = this.credentials;
    await this.retrying(() => this.session.login({ email, password }), 120_000);
    if (!this.isAway) this.#realtime?.connect();
    this.outbox.wake();
  }

  #comeIn(): void {
    this.signInAgain().catch(() => setTimeout(() => this.isAway || this.#comeIn(), 5_000).unref());
  }

  /** Again, as the outbox does it, until it is answered for good or the time is over. */
  retrying<T>(request: () => Promise<T>, within = 30_000): Promise<T> {
    return retrying(request, within);
  }

  async #post({ id, spaceId, text, op }: Post): Promise<void> {
    const request = () => this.call(postMessage, { params: { spaceId }, body: { id, text } });
    try {
      const { version } = await attempt(this.#recorder, op, request);
      this.keepOwn(id, spaceId, version);
    } catch (error) {
      this.noticeRefusal(error, spaceId);
      throw error;
    }
  }

  /** What every failed write of a member means for its membership. */
  noticeRefusal(error: unknown, spaceId: string): void {
    if (isProblem(error, 'forbidden', 'locked')) this.#options.onShutOut(this, spaceId);
  }

  /** A file as an instance gives it to this client. */
  readFile(url: string, id: string): Promise<Response> {
    const token = this.session.accessToken() ?? '';
    const headers = { ...this.#headers, authorization: `Bearer ${token}` };
    return fetch(`${url}${fileAddress(id)}`, { headers });
  }

  keepOwn(id: string, space: string, version: number, hasFile = false): void {
    const known = this.own.find((message) => message.id === id);
    if (known) known.version = Math.max(known.version, version);
    else this.own.push({ id, space, version, hasFile });
    if (this.own.length > 100) this.own.shift();
  }

  #view(space: string): View {
    const view = this.views.get(space) ?? {
      chat: createChatState(),
      mark: null,
      isMember: false,
    };
    this.views.set(space, view);
    return view;
  }

  #follow(space: string, after: number): void {
    if (!this.#realtime) return;
    this.#endStream(space, 'stop', after);
    const { index: client, userId: user } = this;
    const { isSlow } = this.#options;
    const mark = this.#recorder.follow({ client, user, space, isSlow });
    mark('start', after);
    this.#view(space).mark = mark;
    this.#realtime.subscribe(space, after);
  }

  #endStream(space: string, mark: 'stop' | 'removed', seq: number): void {
    const view = this.views.get(space);
    view?.mark?.(mark, seq);
    if (view) view.mark = null;
  }

  #onEvent(event: SpaceEvent): void {
    const view = this.#view(event.space);
    view.mark?.('apply', event.seq, event.id);
    view.chat.apply(event);
    if (event.type === 'message.posted' && event.actor?.id === this.userId) {
      this.#confirm(event.data.message.id, event.seq);
    }
  }

  /** The own event is as good as the answer, which may never come. */
  #confirm(id: string, seq: number): void {
    const op = this.#recorder.posts.get(id);
    if (op && op.end === null) {
      Object.assign(op, { outcome: 'ok', seq, version: 1, end: this.#recorder.now() });
    }
    this.#recorder.posts.delete(id);
    this.outbox.confirm(id);
  }

  #onRemoved(space: string): void {
    this.#endStream(space, 'removed', 0);
    this.#options.onShutOut(this, space);
  }

  async #reload(space: string, seq: number): Promise<number> {
    const view = this.#view(space);
    const { mark } = view;
    const head = await this.retrying(() => this.#snapshot(space, view));
    // One that took longer than its subscription lasted says nothing about the next one.
    if (view.mark === mark) mark?.('reset', Math.max(head, seq));
    return Math.max(head, seq);
  }

  async #snapshot(spaceId: string, view: View): Promise<number> {
    const page = await this.call(listMessages, { params: { spaceId }, query: { limit: PAGE } });
    const items: readonly Message[] = page.items;
    view.chat.load(items, page.previous === null ? 0 : (items[0]?.seq ?? 0));
    return page.head;
  }
}
