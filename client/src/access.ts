import { backoff, later } from './backoff.ts';
import { askedDelay, isProblem, ProblemError } from './errors.ts';

export interface AccessGiven {
  accessToken: string;
  /** In so many seconds. */
  expiresIn: number;
}

/** Milliseconds before its end at which an access token is exchanged. */
const AHEAD = 60_000;
export const RETRY = { base: 1_000, max: 30_000 };

export interface AccessOptions {
  /**
   * Exchanges the refresh cookie; `isCurrent` says whether the answer is still wanted, null that it
   * was not.
   */
  exchange(isCurrent: () => boolean): Promise<AccessGiven | 'nobody' | null>;
  /** The server said that the session has ended, or that there is none. */
  onEnd(): void;
  /** Whether the last exchange got no answer; it is tried again. */
  onOffline(isOffline: boolean): void;
}

/** The access token of a session: in memory alone, exchanged before its end, by one call at a time. */
export class Access {
  readonly #options: AccessOptions;
  #token: string | null = null;
  #endsAt = 0;
  /** Counts log-ins and log-outs, so that what was asked before one is not taken after it. */
  #era = 0;
  #failures = 0;
  #refreshing: Promise<boolean> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;

  constructor(options: AccessOptions) {
    this.#options = options;
  }

  get token(): string | null {
    return this.#token;
  }

  get era(): number {
    return this.#era;
  }

  /** Whether the token will do for half a minute and is not the `rejected` one. */
  isGood(rejected?: string): boolean {
    if (this.#token === null || this.#token === rejected) return false;
    return this.#endsAt - Date.now() > AHEAD / 2;
  }

  /** Starts anew, with what a log-in gave or, after a log-out, nothing. */
  begin(access: AccessGiven | null): void {
    this.#era += 1;
    this.#token = null;
    this.#endsAt = 0;
    clearTimeout(this.#timer);
    if (access) this.#keep(access);
  }

  /**
   * One try to exchange the cookie, shared by all who ask meanwhile. False: there is no session.
   * Rejects when there was no answer; a token once held is then asked for again with backoff.
   */
  refresh(): Promise<boolean> {
    if (this.#isClosed) return Promise.resolve(false);
    this.#refreshing ??= this.#exchange().finally(() => (this.#refreshing = null));
    return this.#refreshing;
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  async #exchange(): Promise<boolean> {
    const era = this.#era;
    const isCurrent = () => era === this.#era;
    try {
      const access = await this.#options.exchange(isCurrent);
      if (access === 'nobody' && isCurrent()) return this.#leave();
      if (access && access !== 'nobody' && isCurrent()) {
        this.#keep(access);
        this.#options.onOffline(false);
      }
      return this.#token !== null;
    } catch (error) {
      if (!isCurrent()) return this.#token !== null;
      if (isOver(error)) return this.#leave();
      // No answer says nothing about the session: it goes on.
      if (this.#token !== null) {
        this.#schedule(Math.max(askedDelay(error), 100, backoff(this.#failures++, RETRY)));
      }
      this.#options.onOffline(true);
      throw error;
    }
  }

  #leave(): false {
    this.begin(null);
    this.#options.onEnd();
    return false;
  }

  #keep({ accessToken, expiresIn }: AccessGiven): void {
    this.#token = accessToken;
    this.#endsAt = Date.now() + expiresIn * 1000;
    this.#failures = 0;
    // Tabs that were opened together should not all come in the same second.
    const ahead = Math.min(AHEAD + Math.random() * 10_000, (expiresIn * 1000) / 2);
    this.#schedule(expiresIn * 1000 - ahead);
  }

  #schedule(delay: number): void {
    clearTimeout(this.#timer);
    if (this.#isClosed) return;
    this.#timer = later(() => void this.refresh().catch(() => undefined), delay);
  }
}

/** Whether the server said that nobody is signed in. */
export function isOver(error: unknown): boolean {
  return error instanceof ProblemError && error.status === 401 && !isProblem(error, 'retry');
}
