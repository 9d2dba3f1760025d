import { sql } from 'drizzle-orm';
import type { Executor } from '../../platform/db/database.ts';

/** How many passages the index holds, over all spaces; for who waits for it and sees no results. */
export async function countPassages(db: Executor): Promise<number> {
  const { rows } = await db.execute<{ count: number }>(
    sql`select count(*)::int count from passages`,
  );
  return rows[0]?.count ?? 0;
}
