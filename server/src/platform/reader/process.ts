import type { ChildProcess } from 'node:child_process';
import type { Place, ReaderReply, ReaderRequest } from './protocol.ts';
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

/** One request at a time, done by a process that is killed when it takes too long. */
export class ReaderProcess {
  readonly #start: () => ChildProcess;
  #child: ChildProcess | null = null;
  #isReady = false;
  #at: Place = null;
  #cpu = 0;
  #stopwatch: Stopwatch | null = null;
  #request: ReaderRequest | null = null;
  #lengths: readonly number[] = [];
  #settle: (outcome: Outcome) => void = () => undefined;

  constructor(start: () => ChildProcess) {
    this.#start = start;
  }

  /** @param lengths of the texts in the request, in UTF-16 units */
  run(request: ReaderRequest, lengths: readonly number[]): Promise<Outcome> {
    return new Promise((resolve) => {
      this.#settle = resolve;
      this.#request = request;
      this.#lengths = lengths;
      if (this.#isReady) this.#send();
      else if (!this.#child) this.#open();
    });
  }

  /** Ends the process at once, and what it is at with it. */
  kill(): void {
    this.#over('died', 'closed');
  }

  #open(): void {
    const child = this.#start();
    this.#child = child;
    this.#watch(null, START_MS);
    const lose = (detail: string) => {
      if (child === this.#child) this.#over(this.#isReady ? 'died' : 'start', detail);
    };
    child.on('message', (reply: ReaderReply) => {
      if (child === this.#child) this.#receive(reply);
    });
    child.on('error', ({ name }) => lose(name));
    child.on('exit', (code, signal) => lose(String(signal ?? code)));
  }

  #send(): void {
    if (!this.#request) return;
    this.#watch(null, REST_MS, this.#cpu);
    // A dead channel is not handled here: `exit` follows.
    this.#child?.send(this.#request, () => undefined);
  }

  #receive(reply: ReaderReply): void {
    this.#cpu = reply.cpu;
    if (reply.did === 'start') {
      this.#isReady = true;
      this.#stopwatch?.stop();
      this.#send();
    } else if (reply.did === 'begin') {
      const length = reply.at ? (this.#lengths[reply.at.text] ?? 0) : 0;
      const { least, perThousand, most } = BUDGET;
      const ms = reply.at ? Math.min(most, least + (perThousand * length) / 1_000) : REST_MS;
      this.#watch(reply.at, ms, reply.cpu);
    } else if (reply.did === 'finish') {
      this.#end({ output: reply.output });
    } else {
      this.#end({ at: this.#at, reason: 'fault', detail: reply.fault });
    }
  }

  #watch(at: Place, ms: number, cpu?: number): void {
    this.#at = at;
    this.#stopwatch?.stop();
    const pid = this.#child?.pid;
    this.#stopwatch = startStopwatch({
      ms,
      ...(pid !== undefined && cpu !== undefined ? { of: { pid, cpu } } : {}),
      onOver: () => this.#over(this.#isReady ? 'budget' : 'start', 'time'),
    });
  }

  /** The process is of no use any more. */
  #over(reason: 'budget' | 'died' | 'start', detail: string): void {
    const child = this.#child;
    this.#child = null;
    this.#isReady = false;
    child?.kill('SIGKILL');
    this.#end({ at: this.#at, reason, detail });
  }

  #end(outcome: Outcome): void {
    this.#stopwatch?.stop();
    this.#at = null;
    this.#request = null;
    this.#settle(outcome);
  }
}
