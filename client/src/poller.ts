import type { AnswerOf, QueryOf } from '@teambrain/contract/endpoint.ts';
import { listEvents, type EventPage } from '@teambrain/contract/log.ts';
import { PAGE_LIMIT } from '@teambrain/contract/page.ts';
import { socketLimits } from '@teambrain/contract/socket.ts';
import { listSpaces } from '@teambrain/contract/spaces.ts';
import { later } from './backoff.ts';
import type { Call } from './call.ts';
import { askedDelay, ConnectionError, ProblemError, ResponseError } from './errors.ts';

export interface PollerOptions {
  call: Call;
  /** The last seq applied of a space, or null when it is not followed. */
  cursor(space: string): number | null;
  followed(): string[];
  onEvents(space: string, page: EventPage): void;
  onReset(space: string, reason: 'epoch' | 'too-old', seq: number): void;
  onRemoved(space: string, reason: 'locked' | 'not-found'): void;
  /** Whether the last round was answered; null when nothing is polled. */
  onState(works: boolean | null): void;
  onError(error: unknown): void;
}

/** Milliseconds: until the first round, and between rounds while the page is seen or not. */
const PACE = { first: 2_000, seen: 4_000, hidden: 30_000, longest: 30_000 };
/** A request without an answer by then counts as none. */
const TIMEOUT = 8_000;
/** What one round reads at most; the rest comes with the next ones. */
const MOST = { listPages: 10, spaces: 30, logPages: 10 };

const SEEN = 'visibilitychange';

/**
 * Follows spaces over HTTP while there is no socket: one list tells which of them moved, and their
 * logs are read from the last event that was applied. After each failure the next try comes later.
 */
export class Poller {
  readonly #options: PollerOptions;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Aborted by `stop`; null when nothing is polled. */
  #run: AbortController | null = null;
  #failures = 0;

  constructor(options: PollerOptions) {
    this.#options = options;
  }

  /** Begins in a moment, unless it has begun: a short gap needs no polling. */
  start(): void {
    if (this.#run) return;
    const run = new AbortController();
    this.#run = run;
    this.#failures = 0;
    this.#timer = later(() => void this.#poll(run), PACE.first);
    if (typeof document === 'object') document.addEventListener(SEEN, this.#onSeen);
  }

  stop(): void {
    if (!this.#run) return;
    this.#run.abort();
    this.#run = null;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (typeof document === 'object') document.removeEventListener(SEEN, this.#onSeen);
    this.#options.onState(null);
  }

  #onSeen = (): void => {
    // No timer: a round is under way.
    if (!this.#run || this.#timer === undefined || isHidden()) return;
    clearTimeout(this.#timer);
    void this.#poll(this.#run);
  };

  async #poll(run: AbortController): Promise<void> {
    this.#timer = undefined;
    let asked = 0;
    try {
      await this.#round(run.signal);
      if (run.signal.aborted) return;
      this.#failures = 0;
      this.#options.onState(true);
    } catch (error) {
      if (run.signal.aborted) return;
      this.#failures += 1;
      asked = askedDelay(error);
      // Who is asked to wait has a connection.
      if (!(error instanceof ProblemError && error.status === 429)) this.#options.onState(false);
      if (!isOfTheWay(error)) this.#options.onError(error);
    }
    if (run.signal.aborted) return;
    const pace = isHidden() ? PACE.hidden : PACE.seen;
    const wait = Math.min(pace * 2 ** Math.min(this.#failures, 10), PACE.longest);
    // So that windows which lost the socket at the same moment do not ask at the same moment.
    this.#timer = later(() => void this.#poll(run), asked + wait * (1 + Math.random() / 4));
  }

  async #round(signal: AbortSignal): Promise<void> {
    const heads = await this.#heads(signal);
    let read = 0;
    for (const space of this.#options.followed()) {
      const cursor = this.#options.cursor(space);
      if (cursor === null) continue;
      // A space that is looked at without having been joined is in no list.
      const head = heads.get(space) ?? Infinity;
      if (head < cursor) this.#options.onReset(space, 'epoch', head);
      if (head <= cursor || read === MOST.spaces) continue;
      read += 1;
      await this.#read(space, signal);
      if (signal.aborted) return;
    }
  }

  /** The last seq of each joined space's log. */
  async #heads(signal: AbortSignal): Promise<Map<string, number>> {
    const heads = new Map<string, number>();
    let after: string | null = '';
    for (let page = 0; page < MOST.listPages && after !== null; page += 1) {
      const query: QueryOf<typeof listSpaces> = {
        joined: 'true',
        limit: PAGE_LIMIT,
        ...(after && { after }),
      };
      const list: AnswerOf<typeof listSpaces> = await this.#options.call(
        listSpaces,
        { query },
        { signal, timeout: TIMEOUT },
      );
      for (const { id, lastSeq } of list.items) if (lastSeq !== null) heads.set(id, lastSeq);
      after = list.next;
    }
    return heads;
  }

  async #read(space: string, signal: AbortSignal): Promise<void> {
    const { call, cursor, onEvents, onReset, onRemoved } = this.#options;
    for (let page = 0; page < MOST.logPages; page += 1) {
      const after = cursor(space);
      if (after === null) return;
      try {
        const query = { after: String(after), limit: PAGE_LIMIT };
        const options = { signal, timeout: TIMEOUT };
        const log = await call(listEvents, { params: { spaceId: space }, query }, options);
        if (signal.aborted) return;
        if (log.head < after) return onReset(space, 'epoch', log.head);
        if (log.head - after > socketLimits.maxReplay) return onReset(space, 'too-old', log.head);
        if (log.items.length === 0) return;
        onEvents(space, log);
        if (cursor(space) === after || cursor(space) === log.head) return;
      } catch (error) {
        if (!(error instanceof ProblemError) || ![403, 404, 410].includes(error.status))
          throw error;
        return onRemoved(space, error.problem.code === 'locked' ? 'locked' : 'not-found');
      }
    }
  }
}

/** No connection, no answer, or one of a server that is not well: nothing to report. */
function isOfTheWay(error: unknown): boolean {
  return (
    error instanceof ConnectionError ||
    error instanceof ResponseError ||
    error instanceof ProblemError
  );
}

const isHidden = () => typeof document === 'object' && document.visibilityState === 'hidden';
