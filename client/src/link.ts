import { closeCodes, type ClientFrame, type ServerFrame } from '@teambrain/contract/socket.ts';
import { backoff, later } from './backoff.ts';
import { askedDelay } from './errors.ts';
import { createPacer, type Pacer } from './pacer.ts';

/** What is used of a WebSocket: the browser's and the `ws` package's both fit. */
export interface Socket {
  send(data: string): void;
  close(code?: number): void;
  addEventListener(type: 'open' | 'error', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  addEventListener(type: 'close', listener: (event: { code: number }) => void): void;
}
export type SocketConstructor = new (url: string) => Socket;

/** `offline`: waiting for the next try, or given up because nobody is signed in. */
export type LinkState = 'connecting' | 'live' | 'offline';
export type Welcome = Extract<ServerFrame, { frame: 'welcome' }>;

export interface LinkOptions {
  url: string;
  WebSocket: SocketConstructor;
  /** A token that will do, other than the `rejected` one; null when signed out. */
  token(rejected?: string): Promise<string | null>;
  hello(token: string): ClientFrame;
  onWelcome(welcome: Welcome): void;
  onFrame(frame: ServerFrame): void;
  onState(state: LinkState): void;
  onUnauthenticated(): void;
  onError(error: unknown): void;
}

/** Milliseconds from opening until the welcome must be there. */
const WELCOME_WITHIN = 10_000;
/**
 * A link that lasted this many milliseconds has proved itself: the next wait is short again. One
 * that was cut before is no reason for long waits either, but for more than none.
 */
const PROVEN = 3_000;
/** Upper ends of the first wait, in milliseconds, doubled by each failure up to `max`. */
const RETRY = { base: 1_000, max: 5_000 };
/** After so many failures nobody expects the server back at any moment. */
const PATIENT = { after: 30, max: 30_000 };
const RETRY_AFTER: Readonly<Record<number, { least: number; base: number }>> = {
  [closeCodes.restart]: { least: 0, base: 2_000 },
  [closeCodes.slow]: { least: 1_000, base: 2_000 },
  [closeCodes.limits]: { least: 5_000, base: 10_000 },
  [closeCodes.forbidden]: { least: 5_000, base: 30_000 },
  // Another window of this person took the seat; each that comes back takes one again.
  [closeCodes.displaced]: { least: 30_000, base: 60_000 },
};

const SEEN = 'visibilitychange';

type Timer = ReturnType<typeof setTimeout>;

/** Keeps one socket open: says hello, notices a dead link, comes back with backoff, renews the token. */
export class Link {
  readonly #options: LinkOptions;
  readonly #pacer: Pacer;
  #socket: Socket | null = null;
  #state: LinkState | null = null;
  #attempt = 0;
  #isStopped = true;
  /** Whether another window took this one's seat. */
  #isDisplaced = false;
  /** Grows with each try, so that what an older one still says is not heard. */
  #try = 0;
  #token = '';
  #rejected: string | undefined;
  #liveSince = 0;
  #silence: number = WELCOME_WITHIN;
  #watchdog: Timer | undefined;
  #retry: Timer | undefined;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#pacer = createPacer({
      send: (frame) => this.#write(frame),
      onFull: () => this.connect(),
    });
    if (typeof addEventListener === 'function') {
      addEventListener('online', this.#onOnline);
      // Not told to the window, and not of windows side by side: one of the two comes.
      addEventListener('focus', this.#onSeen);
      if (typeof document === 'object') document.addEventListener(SEEN, this.#onSeen);
    }
  }

  get isLive(): boolean {
    return this.#state === 'live';
  }

  /** Connects now, leaving a socket or a wait there may be. */
  connect = (): void => {
    this.#isStopped = false;
    this.#isDisplaced = false;
    this.#leave();
    void this.#open(this.#try);
  };

  /** Sends a frame once the link is live; of frames with the same key only the last is sent. */
  send(key: string, frame: ClientFrame): void {
    if (this.#socket) this.#pacer.add(key, frame);
  }

  close(): void {
    this.#stop();
    if (typeof removeEventListener !== 'function') return;
    removeEventListener('online', this.#onOnline);
    removeEventListener('focus', this.#onSeen);
    if (typeof document === 'object') document.removeEventListener(SEEN, this.#onSeen);
  }

  async #open(mine: number): Promise<void> {
    const { url, WebSocket } = this.#options;
    this.#to('connecting');
    try {
      const rejected = this.#rejected;
      const given = await this.#options.token(rejected);
      if (mine !== this.#try) return;
      if (given === null || given === rejected) return this.#giveUp();
      this.#token = given;
      this.#attach(new WebSocket(url), mine);
    } catch (error) {
      if (mine !== this.#try) return;
      this.#options.onError(error);
      this.#lost(0, askedDelay(error));
    }
  }

  #attach(socket: Socket, mine: number): void {
    this.#socket = socket;
    this.#silence = WELCOME_WITHIN;
    this.#listen();
    const isMine = () => mine === this.#try;
    socket.addEventListener('open', () => {
      if (!isMine()) return;
      // The hello says what waited.
      this.#pacer.stop();
      this.#write(this.#options.hello(this.#token));
    });
    socket.addEventListener('message', ({ data }) => {
      if (isMine()) this.#hear(data, mine);
    });
    // A close always follows, and says more.
    socket.addEventListener('error', () => undefined);
    socket.addEventListener('close', ({ code }) => {
      if (isMine()) this.#lost(code);
    });
  }

  #hear(data: unknown, mine: number): void {
    this.#listen();
    const frame = frameOf(data);
    if (!frame) return this.#options.onError(new TypeError('The server sent what is no frame'));
    if (frame.frame === 'welcome') {
      this.#silence = 2 * frame.heartbeat + 5_000;
      this.#listen();
      this.#liveSince = Date.now();
      this.#rejected = undefined;
      this.#options.onWelcome(frame);
      this.#pacer.start();
      this.#to('live');
      return;
    }
    try {
      this.#options.onFrame(frame);
    } catch (error) {
      this.#options.onError(error);
    }
    if (frame.frame === 'beat') void this.#renew(mine);
  }

  /** A token changed since it was last sent is sent on, so that the link outlives the old one. */
  async #renew(mine: number): Promise<void> {
    if (mine !== this.#try) return;
    // No answer now is no matter: the next beat asks again.
    const token = await this.#options.token().catch(() => this.#token);
    if (mine !== this.#try || token === this.#token) return;
    if (token === null) return this.#giveUp();
    this.#token = token;
    this.send('renew', { frame: 'renew', token });
  }

  #write(frame: ClientFrame): void {
    try {
      this.#socket?.send(JSON.stringify(frame));
    } catch (error) {
      this.#options.onError(error);
    }
  }

  #listen(): void {
    clearTimeout(this.#watchdog);
    this.#watchdog = later(() => this.#lost(0), this.#silence);
  }

  #lost(code: number, least = 0): void {
    if (this.#liveSince > 0) {
      const isProven = Date.now() - this.#liveSince >= PROVEN;
      this.#attempt = isProven ? 0 : Math.min(this.#attempt, 1);
    }
    this.#leave();
    const mine = this.#try;
    if (code === closeCodes.unauthenticated) {
      const isFirst = this.#rejected === undefined;
      this.#rejected = this.#token;
      if (isFirst) return void this.#open(mine);
    }
    this.#isDisplaced = code === closeCodes.displaced;
    // Nobody looks at it: it comes back when somebody does.
    if (this.#isDisplaced && isHidden()) return this.#to('offline');
    const rule = RETRY_AFTER[code] ?? { least: 0, base: RETRY.base };
    const max = this.#attempt < PATIENT.after ? Math.max(RETRY.max, rule.base) : PATIENT.max;
    const jitter = backoff(this.#attempt++, { base: rule.base, max });
    this.#to('offline');
    // Unlike `later`, this keeps a Node program alive that does nothing but follow.
    this.#retry = setTimeout(this.connect, Math.max(least, rule.least) + jitter);
  }

  #giveUp(): void {
    this.#stop();
    this.#options.onUnauthenticated();
  }

  #stop(): void {
    this.#isStopped = true;
    this.#leave();
    this.#rejected = undefined;
    this.#to('offline');
  }

  #leave(): void {
    this.#try += 1;
    clearTimeout(this.#watchdog);
    clearTimeout(this.#retry);
    this.#pacer.stop();
    this.#liveSince = 0;
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  #onOnline = (): void => {
    if (this.#isStopped) return;
    this.#attempt = 0;
    this.connect();
  };

  #onSeen = (): void => {
    if (this.#isDisplaced && !this.#isStopped && !isHidden()) this.connect();
  };

  #to(state: LinkState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#options.onState(state);
  }
}

const isHidden = () => typeof document === 'object' && document.visibilityState === 'hidden';

function frameOf(data: unknown): ServerFrame | null {
  if (typeof data !== 'string') return null;
  try {
    const value = JSON.parse(data) as unknown;
    const isFrame = typeof value === 'object' && value !== null && 'frame' in value;
    return isFrame ? (value as ServerFrame) : null;
  } catch {
    return null;
  }
}
