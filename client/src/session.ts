import * as auth from '@teambrain/contract/auth.ts';
import type { SignedIn, User } from '@teambrain/contract/auth.ts';
import type { BodyOf } from '@teambrain/contract/endpoint.ts';
import { Access, isOver, RETRY, type AccessGiven } from './access.ts';
import { backoff } from './backoff.ts';
import { createCaller, type Call } from './call.ts';
import { askedDelay, isProblem, isTransient } from './errors.ts';
import { safely } from './safely.ts';
import { createTabs, type TabMessage, type Tabs } from './tabs.ts';

export interface SessionState {
  /** `starting` until `restore()` or a log-in has settled it. */
  readonly status: 'starting' | 'signed-in' | 'signed-out';
  readonly user: User | null;
  /** Whether the last refresh got no answer; it is being retried. */
  readonly isOffline: boolean;
}

export interface SessionOptions {
  /** Where the instance is; '' for the page's own origin. */
  baseUrl: string;
  fetch?: typeof fetch | undefined;
  /** Whether other tabs share the cookie; true in a browser's window unless given. */
  isShared?: boolean;
}

export interface Session {
  /** The present state; a new object with every change. */
  readonly state: SessionState;
  readonly user: User | null;
  /** The access token (kept in memory alone), or null. */
  accessToken(): string | null;
  /**
   * A token for a socket: refreshed first when there is none, when it ends within half a minute,
   * or when it is the one that was `rejected`. Null when signed out; rejects when there is no answer.
   */
  freshToken(rejected?: string): Promise<string | null>;
  /** Calls an endpoint as this session; a 401 is answered with one refresh and one retry. */
  call: Call;
  register(input: BodyOf<typeof auth.register>): Promise<User>;
  login(input: BodyOf<typeof auth.login>): Promise<User>;
  /** Ends this session. Rejects, still signed in, when the server could not be told. */
  logout(): Promise<void>;
  /** Ends every session of this account; rejects when the server could not be told. */
  logoutAll(): Promise<void>;
  /**
   * Signs in with the refresh cookie, if there is one that holds: whether it did. While there is
   * no answer it keeps trying (`state.isOffline`); rejects on an answer that is no TeamBrain's.
   */
  restore(): Promise<boolean>;
  /** Takes over what `PATCH /me` answered. */
  updateUser(user: User): void;
  /** Calls `listener` after every change of `state`; returns the function that stops it. */
  onChange(listener: (state: SessionState) => void): () => void;
  /** Stops timers and the tie to other tabs; the session on the server goes on. */
  close(): void;
}

const REFRESH_TIMEOUT = 15_000;
/** How often a lost race between tabs is run again at once, and the longest first pause (ms). */
const MAX_LOST = 5;
const RACE_PAUSE = 200;

/** A signed-in (or not) visitor of one instance; methods need no `this`. */
export function createSession(options: SessionOptions): Session {
  return new LiveSession(options);
}

class LiveSession implements Session {
  readonly call: Call;
  readonly #plain: Call;
  readonly #tabs: Tabs;
  readonly #access: Access;
  readonly #listeners = new Set<(state: SessionState) => void>();
  #state: SessionState = { status: 'starting', user: null, isOffline: false };
  /** Whom the last exchange named. */
  #holder: User | null = null;
  #restoring: Promise<boolean> | null = null;
  #wake: (() => void) | null = null;
  #isClosed = false;

  constructor({ baseUrl, fetch, isShared = typeof document !== 'undefined' }: SessionOptions) {
    const { accessToken } = this;
    this.#plain = createCaller({ baseUrl, fetch, accessToken });
    this.call = createCaller({ baseUrl, fetch, accessToken, refresh: () => this.#refresh() });
    this.#tabs = createTabs(isShared, (message) => this.#hear(message));
    this.#access = new Access({
      // After a log-out or log-in the cookie is no longer this exchange's to rotate.
      exchange: (isCurrent) =>
        this.#tabs.exclusively(async () => (isCurrent() ? await this.#exchange(isCurrent) : null)),
      onEnd: () => this.#end(),
      onOffline: (isOffline) => this.#change({ isOffline }),
    });
    if (typeof addEventListener === 'function') addEventListener('online', this.#onOnline);
  }

  get state(): SessionState {
    return this.#state;
  }

  get user(): User | null {
    return this.#state.user;
  }

  accessToken = (): string | null => this.#access.token;

  freshToken = async (rejected?: string): Promise<string | null> => {
    if (!this.#access.isGood(rejected)) await this.#refresh();
    return this.#access.token;
  };

  register = (body: BodyOf<typeof auth.register>): Promise<User> =>
    this.#signIn(() => this.#plain(auth.register, { body }));

  login = (body: BodyOf<typeof auth.login>): Promise<User> =>
    this.#signIn(() => this.#plain(auth.login, { body }));

  logout = (): Promise<void> =>
    this.#tabs.exclusively(async () => {
      await this.#plain(auth.logout, {}).catch((error: unknown) => {
        if (!isOver(error)) throw error;
      });
      this.#leave();
    });

  logoutAll = async (): Promise<void> => {
    await this.call(auth.logoutAll, {});
    this.#leave();
  };

  restore = (): Promise<boolean> => {
    this.#restoring ??= this.#restore().finally(() => (this.#restoring = null));
    return this.#restoring;
  };

  updateUser = (user: User): void => {
    if (user.id === this.#state.user?.id) this.#change({ user });
  };

  onChange = (listener: (state: SessionState) => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  close = (): void => {
    this.#isClosed = true;
    this.#access.close();
    this.#wake?.();
    this.#tabs.close();
    this.#listeners.clear();
    if (typeof removeEventListener === 'function') removeEventListener('online', this.#onOnline);
  };

  #signIn(ask: () => Promise<SignedIn>): Promise<User> {
    return this.#tabs.exclusively(async () => {
      const { user, ...access } = await ask();
      this.#access.begin(access);
      this.#change({ status: 'signed-in', user, isOffline: false });
      this.#tabs.tell({ type: 'signed-in', userId: user.id });
      return user;
    });
  }

  #leave(): void {
    this.#end();
    this.#tabs.tell({ type: 'signed-out' });
  }

  #end(status: 'signed-out' | 'starting' = 'signed-out'): void {
    this.#access.begin(null);
    this.#holder = null;
    this.#change({ status, user: null, isOffline: false });
  }

  #refresh(): Promise<boolean> {
    return this.#state.status === 'signed-out' ? Promise.resolve(false) : this.#access.refresh();
  }

  /**
   * Exchanges the cookie. Where tabs have no lock to share they race: who comes too late with a used
   * token is told `retry`, and asks again with the cookie that another tab's answer has left.
   */
  async #exchange(isCurrent: () => boolean): Promise<AccessGiven | 'nobody' | null> {
    for (let lost = 0; ; lost += 1) {
      try {
        const given = await this.#plain(auth.refresh, {}, { timeout: REFRESH_TIMEOUT });
        if (isCurrent()) this.#holder = given.user;
        return given.user ? given : 'nobody';
      } catch (error) {
        if (!isProblem(error, 'retry') || lost === MAX_LOST) throw error;
      }
      await this.#pause(Math.random() * RACE_PAUSE * (lost + 1));
      if (!isCurrent() || this.#isClosed) return null;
    }
  }

  async #restore(): Promise<boolean> {
    for (let attempt = 0; this.#state.status === 'starting' && !this.#isClosed; attempt += 1) {
      const { era } = this.#access;
      try {
        if (!this.#access.isGood() && !(await this.#refresh())) continue;
        const user = this.#holder ?? (await this.#plain(auth.getMe, {}));
        if (era === this.#access.era) {
          this.#change({ status: 'signed-in', user, isOffline: false });
        }
      } catch (error) {
        if (era !== this.#access.era) continue;
        if (isTransient(error)) {
          this.#change({ isOffline: true });
          await this.#pause(Math.max(askedDelay(error), 100, backoff(attempt, RETRY)));
        } else {
          this.#end();
          if (!isOver(error)) throw error;
        }
      }
    }
    return this.#state.status === 'signed-in';
  }

  async #pause(milliseconds: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = null;
  }

  #hear(message: TabMessage): void {
    if (message.type === 'signed-out') this.#end();
    else if (message.userId !== this.#state.user?.id) {
      this.#end('starting');
      this.restore().catch(() => undefined);
    }
  }

  #onOnline = (): void => {
    this.#wake?.();
    if (this.#state.isOffline) this.#refresh().catch(() => undefined);
  };

  #change(change: Partial<SessionState>): void {
    const was = this.#state;
    const next = { ...was, ...change };
    if (next.status === was.status && next.user === was.user && next.isOffline === was.isOffline) {
      return;
    }
    this.#state = next;
    for (const listener of [...this.#listeners]) safely(() => listener(next));
  }
}
