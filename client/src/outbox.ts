import type { Problem } from '@teambrain/contract/problem.ts';
import { backoff } from './backoff.ts';
import { askedDelay, isTransient, ProblemError, ResponseError } from './errors.ts';
import { safely } from './safely.ts';

/** A write that names itself: its client-made id (UUIDv7, see `newId`) makes a retry the same write. */
export interface Write {
  id: string;
  spaceId: string;
}

export interface OutboxItem<W extends Write> {
  readonly write: W;
  /** `waiting`: its turn or its next try is to come. `failed`: it waits for `retry` or `discard`. */
  readonly state: 'sending' | 'waiting' | 'failed';
  /** Why the last try did not succeed, if it was the server's word. */
  readonly problem: Problem | null;
  /** Tries that got no lasting answer. */
  readonly attempts: number;
  /** When the next try is due (epoch milliseconds), where the server asked to wait. */
  readonly retryAt: number | null;
}

export interface OutboxOptions<W extends Write> {
  send(write: W): Promise<unknown>;
  /** Hears every change; items are in the order they were added. */
  onChange(items: readonly OutboxItem<W>[]): void;
  /** 200 unless given. */
  maxItems?: number;
}

export interface Outbox<W extends Write> {
  readonly items: readonly OutboxItem<W>[];
  /** Takes a write and sends it in its space's turn. Throws RangeError when full; an id counts once. */
  add(write: W): void;
  /** Sends a failed write again. */
  retry(id: string): void;
  /** Lets a write go. One already being sent may have arrived all the same. */
  discard(id: string): void;
  /** The write's own event has come: it is done, whatever becomes of its answer. */
  confirm(id: string): void;
  /** Tries again now what waits only for a connection, e.g. when the socket is live again. */
  wake(): void;
  /** Forgets everything, e.g. at a log-out. */
  close(): void;
}

const RETRY = { base: 1_000, max: 30_000 };

/**
 * Unsent writes, in memory: sent in order within each space, again with full jitter after what may
 * pass (no connection, 5xx, 429). A refused write fails and lets the next ones go on.
 */
export function createOutbox<W extends Write>(options: OutboxOptions<W>): Outbox<W> {
  return new LiveOutbox(options);
}

interface Line {
  /** The id being sent, or waited for. */
  id: string;
  timer?: ReturnType<typeof setTimeout>;
  /** The server asked not to come before. */
  notBefore: number;
}

class LiveOutbox<W extends Write> implements Outbox<W> {
  readonly #options: OutboxOptions<W>;
  readonly #items = new Map<string, OutboxItem<W>>();
  /** What goes on per space: one write at a time. */
  readonly #lines = new Map<string, Line>();

  constructor(options: OutboxOptions<W>) {
    this.#options = options;
    if (typeof addEventListener === 'function') addEventListener('online', this.wake);
  }

  get items(): readonly OutboxItem<W>[] {
    return [...this.#items.values()];
  }

  add = (write: W): void => {
    if (this.#items.has(write.id)) return;
    const { maxItems = 200 } = this.#options;
    if (this.#items.size >= maxItems) {
      throw new RangeError(`No more than ${maxItems} unsent writes are kept`);
    }
    this.#items.set(write.id, {
      write,
      state: 'waiting',
      problem: null,
      attempts: 0,
      retryAt: null,
    });
    this.#next(write.spaceId);
    this.#tell();
  };

  retry = (id: string): void => {
    const item = this.#items.get(id);
    if (item?.state !== 'failed') return;
    this.#set(item, { state: 'waiting', problem: null, attempts: 0 });
    this.#next(item.write.spaceId);
    this.#tell();
  };

  discard = (id: string): void => this.#remove(id);

  confirm = (id: string): void => this.#remove(id);

  wake = (): void => {
    for (const [spaceId, line] of [...this.#lines]) {
      if (line.timer !== undefined && line.notBefore <= Date.now()) this.#go(spaceId, line.id);
    }
    this.#tell();
  };

  close = (): void => {
    for (const { timer } of this.#lines.values()) clearTimeout(timer);
    this.#lines.clear();
    this.#items.clear();
    if (typeof removeEventListener === 'function') removeEventListener('online', this.wake);
  };

  #remove(id: string): void {
    const item = this.#items.get(id);
    if (!item) return;
    this.#items.delete(id);
    this.#release(item.write);
    this.#tell();
  }

  /** Lets the next write of the space go, if it was this one that it waited for. */
  #release({ id, spaceId }: W): void {
    const line = this.#lines.get(spaceId);
    if (line?.id !== id) return;
    clearTimeout(line.timer);
    this.#lines.delete(spaceId);
    this.#next(spaceId);
  }

  #next(spaceId: string): void {
    if (this.#lines.has(spaceId)) return;
    for (const { write, state } of this.#items.values()) {
      if (write.spaceId === spaceId && state === 'waiting') return this.#go(spaceId, write.id);
    }
  }

  #go(spaceId: string, id: string): void {
    clearTimeout(this.#lines.get(spaceId)?.timer);
    const item = this.#items.get(id);
    if (!item) return;
    const line = { id, notBefore: 0 };
    this.#lines.set(spaceId, line);
    this.#set(item, { state: 'sending', retryAt: null });
    void this.#send(item.write, line);
  }

  async #send(write: W, line: Line): Promise<void> {
    let failure: { error: unknown } | null = null;
    try {
      await this.#options.send(write);
    } catch (error) {
      failure = { error };
    }
    const item = this.#items.get(write.id);
    // Confirmed or discarded meanwhile (and perhaps added anew): this try no longer counts.
    if (!item || this.#lines.get(write.spaceId) !== line) return;
    if (!failure) return this.#remove(write.id);
    this.#onFailure(item, line, failure.error);
    this.#tell();
  }

  #onFailure(item: OutboxItem<W>, line: Line, error: unknown): void {
    const { write } = item;
    const problem = error instanceof ProblemError ? error.problem : null;
    const attempts = item.attempts + 1;
    if (!mayPass(error)) {
      this.#set(item, { state: 'failed', problem, attempts });
      this.#release(write);
      return;
    }
    const asked = askedDelay(error);
    line.notBefore = asked > 0 ? Date.now() + asked : 0;
    const delay = asked + backoff(item.attempts, RETRY);
    const retryAt = asked > 0 ? Date.now() + delay : null;
    this.#set(item, { state: 'waiting', problem, attempts, retryAt });
    line.timer = setTimeout(() => {
      this.#go(write.spaceId, write.id);
      this.#tell();
    }, delay);
  }

  #set(item: OutboxItem<W>, change: Partial<OutboxItem<W>>): void {
    this.#items.set(item.write.id, { ...item, ...change });
  }

  #tell(): void {
    const { items } = this;
    safely(() => this.#options.onChange(items));
  }
}

/** A 200 that is not TeamBrain's is a gateway's log-in page, say: it passes too. */
function mayPass(error: unknown): boolean {
  return isTransient(error) || (error instanceof ResponseError && error.status < 400);
}
