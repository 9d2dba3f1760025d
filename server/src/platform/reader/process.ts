import type { ChildProcess } from 'node:child_process';
import type { KeeperOrder, KeeperReport, Place, ReaderReply, ReaderRequest } from './protocol.ts';
import { startStopwatch, type Stopwatch } from './stopwatch.ts';

/** What came of a request: its result, or what the process was at when it was over. */
export type Outcome =
  | { output: unknown }
  | { at: Place; reason: 'budget' | 'died' | 'fault' | 'start'; detail: string };

/** From start to ready, in milliseconds of the clock; a busy machine needs a tenth. */
const START_MS = 60_000;
/** In milliseconds of computing: some five times what a text of that length needs. */
const BUDGET = { least: 100, perThousand: 20, most: 1_000 };
/** For what belongs to no text: receiving the texts, scoring sentences. */
const REST_MS = 1_000;

/** One request at a time, done by a process that is killed and replaced when it takes too long. */
export class ReaderProcess {
  readonly #start: () => ChildProcess;
  readonly #onStart: () => void;
  /** The process that starts readers: see `keepReader`. */
  #keeper: ChildProcess | null = null;
  /** Of the reader that is ready. */
  #pid: number | null = null;
  #at: Place = null;
  #cpu = 0;
  #stopwatch: Stopwatch | null = null;
  #request: ReaderRequest | null = null;
  #lengths: readonly number[] = [];
  #settle: (outcome: Outcome) => void = () => undefined;

  /**
   * @param start starts the process that keeps the reader
   * @param onStart is called whenever a reader is ready
   */
  constructor(start: () => ChildProcess, onStart: () => void) {
    this.#start = start;
    this.#onStart = onStart;
  }

  /** @param lengths of the texts in the request, in UTF-16 units */
  run(request: ReaderRequest, lengths: readonly number[]): Promise<Outcome> {
    return new Promise((resolve) => {
      this.#settle = resolve;
      this.#request = request;
      this.#lengths = lengths;
      if (this.#pid !== null) this.#send();
      else if (!this.#keeper) this.#open();
    });
  }

  /** Ends the processes at once, and what they are at with them. */
  kill(): void {
    this.#lose('died', 'closed');
  }

  #open(): void {
    const keeper = this.#start();
    this.#keeper = keeper;
    this.#watch(null, START_MS);
    const lose = (how: string) => {
      if (keeper === this.#keeper) this.#lose(this.#pid === null ? 'start' : 'died', how);
    };
    keeper.on('message', ({ pid, reply }: KeeperReport) => {
      if (keeper !== this.#keeper) return;
      if (reply.did === 'start') this.#begin(pid, reply.cpu);
      // Of one that was given up, something may still be on its way.
      else if (pid !== this.#pid) return;
      else if (reply.did === 'end') this.#over('died', reply.how);
      else this.#receive(reply);
    });
    keeper.on('error', ({ name }) => lose(name));
    keeper.on('exit', (code, signal) => lose(String(signal ?? code)));
  }

  #begin(pid: number, cpu: number): void {
    this.#stopwatch?.stop();
    this.#onStart();
    this.#pid = pid;
    this.#cpu = cpu;
    this.#send();
  }

  #send(): void {
    if (!this.#request) return;
    this.#watch(null, REST_MS, this.#cpu);
    this.#tell(this.#request);
  }

  #tell(request?: ReaderRequest): void {
    const order: KeeperOrder = { to: this.#pid ?? 0, ...(request ? { request } : {}) };
    // A dead channel is not handled here: `exit` follows.
    this.#keeper?.send(order, () => undefined);
  }

  #receive(reply: ReaderReply): void {
    this.#cpu = reply.cpu;
    if (reply.did === 'begin') {
      const length = reply.at ? (this.#lengths[reply.at.text] ?? 0) : 0;
      const { least, perThousand, most } = BUDGET;
      const ms = reply.at ? Math.min(most, least + (perThousand * length) / 1_000) : REST_MS;
      this.#watch(reply.at, ms, reply.cpu);
    } else if (reply.did === 'finish') {
      this.#end({ output: reply.output });
    } else if (reply.did === 'fail') {
      this.#end({ at: this.#at, reason: 'fault', detail: reply.fault });
    }
  }

  #watch(at: Place, ms: number, cpu?: number): void {
    this.#at = at;
    this.#stopwatch?.stop();
    const pid = this.#pid;
    this.#stopwatch = startStopwatch({
      ms,
      ...(pid !== null && cpu !== undefined ? { of: { pid, cpu } } : {}),
      onOver: () =>
        this.#pid === null ? this.#lose('start', 'time') : this.#over('budget', 'time'),
    });
  }

  /** This reader is of no use any more; the keeper starts another. */
  #over(reason: 'budget' | 'died', detail: string): void {
    if (reason === 'budget') this.#tell();
    this.#pid = null;
    this.#end({ at: this.#at, reason, detail });
    this.#watch(null, START_MS);
  }

  /** There is no keeper any more, or none that starts a reader. */
  #lose(reason: 'died' | 'start', detail: string): void {
    this.#keeper?.kill('SIGKILL');
    // The reader ends with its channel, unless it is at something that never ends.
    if (this.#pid !== null) killQuietly(this.#pid);
    this.#keeper = null;
    this.#pid = null;
    this.#end({ at: this.#at, reason, detail });
  }

  #end(outcome: Outcome): void {
    this.#stopwatch?.stop();
    this.#at = null;
    this.#request = null;
    this.#settle(outcome);
  }
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // it has ended
  }
}
