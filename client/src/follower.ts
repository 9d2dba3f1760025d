import type { SpaceEvent } from '@teambrain/contract/log.ts';
import { backoff, later } from './backoff.ts';
import { askedDelay, isTransient } from './errors.ts';
import { reduceLog, startLog, type LogInput, type LogState } from './reducer.ts';

/** Loads a snapshot; may tell the head it was read at. */
type Snapshot = Promise<number | void>;

export interface FollowerOptions {
  fetch(after: number): void;
  onEvent(event: SpaceEvent): void;
  /** A snapshot was refused; it is asked for again all the same. */
  onError(error: unknown): void;
}

/** Milliseconds until a snapshot that could not be had is asked for again. */
const LOAD_AGAIN = { base: 1_000, max: 15_000 };
/** Milliseconds a fetch may take before it is asked again. */
const FETCH_WITHIN = 5_000;

/** Runs the reducer of one space: sends its fetches, times them, and waits while a snapshot loads. */
export class Follower {
  readonly #options: FollowerOptions;
  #log: LogState;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** While a snapshot loads: the highest seq heard of meanwhile, and what ends a wait for the next try. */
  #pause: { head: number; wake: () => void } | null = null;

  constructor(after: number, options: FollowerOptions) {
    this.#log = startLog(after);
    this.#options = options;
  }

  get cursor(): number {
    return this.#log.cursor;
  }

  take(input: LogInput): void {
    if (this.#pause) {
      this.#pause.head = Math.max(this.#pause.head, headOf(input));
      return;
    }
    const { state, apply, fetch } = reduceLog(this.#log, input);
    this.#log = state;
    if (fetch || !state.fetching) clearTimeout(this.#timer);
    if (fetch) {
      this.#options.fetch(fetch.after);
      this.#timer = later(() => this.take({ type: 'timeout' }), FETCH_WITHIN);
    }
    for (const event of apply) this.#options.onEvent(event);
  }

  /** A snapshot up to `seq` was loaded unasked: what it holds is not to be applied again. */
  skipTo(seq: number): void {
    if (!this.#pause && seq > this.cursor) this.#goOn(seq, this.#log.head);
  }

  /** The server starts this space anew after `seq`. */
  reset(seq: number): void {
    this.#endPause();
    this.take({ type: 'reset', seq });
  }

  /**
   * After a reset to `seq`: waits for the snapshot, then goes on from the head it was read at. One
   * that cannot be had now, for whatever reason, is loaded again until another reset or the end:
   * events on top of what was known before would leave a hole.
   */
  async waitFor(first: Snapshot, load: () => Snapshot | void, seq: number): Promise<void> {
    const pause = { head: seq, wake: () => undefined };
    this.#pause = pause;
    for (let tries = 0; this.#pause === pause; tries += 1) {
      try {
        const head = await (tries === 0 ? first : load());
        if (this.#pause !== pause) return;
        this.#endPause();
        this.#goOn(head ?? seq, pause.head);
      } catch (error) {
        if (!isTransient(error)) this.#options.onError(error);
        await rest(pause, askedDelay(error) + backoff(tries, LOAD_AGAIN));
      }
    }
  }

  /** A new connection replays from the cursor; a snapshot that is waited for may be had now. */
  resume(): void {
    if (this.#pause) this.#pause.wake();
    else this.take({ type: 'resumed' });
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#endPause();
  }

  #endPause(): void {
    const pause = this.#pause;
    this.#pause = null;
    pause?.wake();
  }

  #goOn(seq: number, head: number): void {
    this.take({ type: 'reset', seq });
    if (head > seq) this.take({ type: 'beat', head });
  }
}

/** Waits so many milliseconds, or until it is woken. */
function rest(pause: { wake: () => void }, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = later(resolve, milliseconds);
    pause.wake = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}

function headOf(input: LogInput): number {
  if (input.type === 'event') return input.event.seq;
  return 'head' in input ? input.head : 0;
}
