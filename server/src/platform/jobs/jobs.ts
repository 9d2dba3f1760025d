import type { Clock } from '../core/clock.ts';
import { newId } from '../core/id.ts';
import type { Log } from '../core/log.ts';
import type { Database } from '../db/database.ts';
import * as store from './jobs.store.ts';

/** Milliseconds between two looks at what is due. */
const POLL_MS = 1_000;
const LEASE_SECONDS = 30;
const AT_ONCE = 10;
/** So often a job is begun before it is parked; the waits between grow from 2 s to 5 minutes. */
const MAX_ATTEMPTS = 8;
const MAX_WAIT_MS = 300_000;

/** What does the jobs of a kind. Doing one twice must have the effect of doing it once. */
export interface JobHandler {
  kind: string;
  /** @throws to have it done again later */
  run(payload: unknown): Promise<void>;
  /** It was given up. */
  onParked?(payload: unknown): Promise<void>;
}

export type Jobs = ReturnType<typeof createJobs>;

/**
 * Does jobs that are due: each by one instance at a time, under a lease that ends by itself where the
 * process dies. A job is written with the change that asks for it (`enqueue`), so that neither is
 * there without the other.
 */
export function createJobs({ db, clock, log }: { db: Database; clock: Clock; log: Log }) {
  const handlers = new Map<string, JobHandler>();
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let running: Promise<void> = Promise.resolve();

  async function work(job: store.Claimed): Promise<void> {
    const handler = handlers.get(job.kind);
    if (!handler) throw new Error(`No handler for jobs of kind ${job.kind}`);
    const renewing = setInterval(
      () => {
        store
          .renew(db, job, LEASE_SECONDS)
          .catch((error: unknown) =>
            log.warn({ err: error }, 'the lease of a job was not prolonged'),
          );
      },
      (LEASE_SECONDS * 1_000) / 3,
    ).unref();
    try {
      await handler.run(job.payload);
      await store.finish(db, job);
    } catch (error) {
      await failed(handler, job, error);
    } finally {
      clearInterval(renewing);
    }
  }

  async function failed(handler: JobHandler, job: store.Claimed, cause: unknown): Promise<void> {
    const { kind, key, attempts } = job;
    const isLast = attempts >= MAX_ATTEMPTS;
    const error = cause instanceof Error ? cause.name : 'Error';
    const words = isLast ? 'a job was parked' : 'a job failed and will be tried again';
    log.warn({ err: cause, kind, key, attempts }, words);
    if (isLast) await handler.onParked?.(job.payload);
    const at = clock.now();
    const wait = Math.min(MAX_WAIT_MS, 1_000 * 2 ** attempts);
    const runAt = isLast ? null : new Date(at.getTime() + wait);
    await store.fail(db, job, { error, runAt, at });
  }

  async function workOff(): Promise<void> {
    const kinds = [...handlers.keys()];
    while (!isStopped && kinds.length > 0) {
      const due = {
        kinds,
        now: clock.now(),
        lease: newId(),
        seconds: LEASE_SECONDS,
        limit: AT_ONCE,
      };
      const claimed = await store.claim(db, due);
      for (const job of claimed) await (isStopped ? store.giveBack(db, job) : work(job));
      if (claimed.length < AT_ONCE) return;
    }
  }

  /** Does what is due now, until nothing is; after what is being done already. */
  function runDue(): Promise<void> {
    const turn = running.then(workOff);
    running = turn.catch(() => undefined);
    return turn;
  }

  function look(): void {
    timer = undefined;
    runDue()
      .catch((error: unknown) => log.warn({ err: error }, 'jobs could not be looked at'))
      .finally(() => {
        if (!isStopped) timer ??= setTimeout(look, POLL_MS).unref();
      });
  }

  return {
    start(all: readonly JobHandler[]): void {
      for (const handler of all) handlers.set(handler.kind, handler);
      if (handlers.size > 0) timer = setTimeout(look, POLL_MS).unref();
    },
    runDue,
    /** Looks now, in place of within a second. */
    wake(): void {
      // While it looks it will look again within a second.
      if (isStopped || timer === undefined) return;
      clearTimeout(timer);
      look();
    },
    counts: () => store.countJobs(db),
    /** Ends after the job that is being done. */
    async stop(): Promise<void> {
      isStopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
