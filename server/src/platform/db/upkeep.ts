import { sql } from 'drizzle-orm';
import type { Log } from '../core/log.ts';
import type { Database } from './database.ts';

const FIRST_MS = 5 * 60_000;
const EVERY_MS = 60 * 60_000;

/**
 * Removes dead rows and tells the planner what the tables hold: it reads whole tables where it does
 * not know that an index is better. PostgreSQL does this by itself on a server, the embedded one not.
 */
export async function tidy(db: Database): Promise<void> {
  await db.execute(sql`vacuum (analyze)`);
}

/** Does the tasks from time to time, one after the other. @returns how to stop */
export function startUpkeep(
  tasks: readonly (() => Promise<void>)[],
  log: Log,
  { firstMs, everyMs } = { firstMs: FIRST_MS, everyMs: EVERY_MS },
): () => void {
  const work = async () => {
    for (const task of tasks) {
      await task().catch((error: unknown) => log.warn({ err: error }, 'upkeep failed'));
    }
  };
  const run = () => {
    timer = setTimeout(run, everyMs);
    timer.unref();
    void work();
  };
  let timer = setTimeout(run, firstMs);
  timer.unref();
  return () => clearTimeout(timer);
}
