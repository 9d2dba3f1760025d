import type { ChildProcess } from 'node:child_process';
import type { Log } from '../core/log.ts';
import { problem } from '../core/problem.ts';
import { CARE, type Care } from '../text/care.ts';
import { ReaderProcess } from './process.ts';
import { rememberVerdicts } from './verdicts.ts';

export interface ReaderHostOptions {
  /** Starts the process that keeps a reader (`keepReader`). */
  start(): ChildProcess;
  log: Log;
}

/** Work for the process. */
export interface Job {
  name: string;
  input: unknown;
  /** What it reads, by which its budgets are counted. */
  texts: readonly string[];
  /** Whether a person waits for it: it goes before what is indexed. */
  isUrgent?: boolean;
}

interface Waiting extends Job {
  size: number;
  resolve(output: unknown): void;
  reject(error: unknown): void;
}

/** Characters that may wait: some hundred of the largest documents. */
const MAX_WAITING = 32_000_000;

export type ReaderHost = ReturnType<typeof createReaderHost>;

/**
 * Runs jobs over people's texts in a process of its own, one at a time. A text that goes over its
 * budget of time or memory costs the process: another takes its place, reads this text with more
 * care (now and later, by its hash), and goes on. The process is started when there is work.
 */
export function createReaderHost({ start, log }: ReaderHostOptions) {
  const worker = new ReaderProcess(start, () => (counts.started += 1));
  const verdicts = rememberVerdicts();
  const urgent: Waiting[] = [];
  const other: Waiting[] = [];
  const counts = { started: 0, jobs: 0, overBudget: 0 };
  let waiting = 0;
  let isWorking = false;
  let isClosed = false;

  async function work(): Promise<void> {
    if (isWorking) return;
    isWorking = true;
    for (let job = next(); job; job = next()) {
      await settle(job).then(job.resolve, job.reject);
      waiting -= job.size;
    }
    isWorking = false;
  }

  const next = () => urgent.shift() ?? other.shift();

  async function settle({ name, input, texts }: Job): Promise<unknown> {
    const lengths = texts.map((text) => text.length);
    let least: Care = CARE.markdown;
    for (let isEach = false; !isClosed;) {
      const request = { job: name, input, care: verdicts.among(texts, least), isEach };
      const outcome = await worker.run(request, lengths);
      if ('output' in outcome) {
        counts.jobs += 1;
        return outcome.output;
      }
      if (isClosed) break;
      const { at, reason, detail } = outcome;
      const length = at ? lengths[at.text] : undefined;
      log.warn({ job: name, reason, detail, length }, 'a text could not be read in its budget');
      if (reason === 'start') break;
      counts.overBudget += 1;
      if (!at) {
        // No text is to blame for what all of them made of it.
        if (least === CARE.none) break;
        least = (least + 1) as Care;
      } else if (!at.isAlone) {
        // One of several: which one shows when each is announced.
        isEach = true;
      } else if (!verdicts.raise(texts[at.text] ?? '')) break;
    }
    throw problem('busy', { retryAfter: 5 });
  }

  return {
    counts,
    /**
     * The job's result.
     *
     * @throws ProblemError `busy`: too much waits, the process does not start, fails without
     *   anything to read, or is closed
     */
    run(job: Job): Promise<unknown> {
      const size = job.texts.reduce((sum, text) => sum + text.length, 0);
      if (waiting + size > MAX_WAITING) return Promise.reject(problem('busy', { retryAfter: 5 }));
      return new Promise((resolve, reject) => {
        waiting += size;
        (job.isUrgent ? urgent : other).push({ ...job, size, resolve, reject });
        void work();
      });
    },
    /** Ends the process; what waits is refused. */
    close(): void {
      isClosed = true;
      worker.kill();
    },
  };
}
