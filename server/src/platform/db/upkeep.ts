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

/** Tidies the embedded database from time to time. @returns how to stop */
export function startUpkeep(db: Database, log: Log): () => void {
  const run = () => {
    timer = setTimeout(run, EVERY_MS);
    timer.unref();
    tidy(db).catch((error: unknown) => log.warn({ err: error }, 'tidying the database failed'));
  };
  let timer = setTimeout(run, FIRST_MS);
  timer.unref();
  return () => clearTimeout(timer);
}
