import { sql } from 'drizzle-orm';
import type { Actor } from '../core/actor.ts';
import { problem } from '../core/problem.ts';
import type { Executor, Tx } from '../db/database.ts';

/** Whether the actor's session lives; what acts without one always may. */
export async function isLive(db: Executor, { sessionId }: Actor): Promise<boolean> {
  if (sessionId === '') return true;
  const { rows } = await db.execute(sql`
    select from sessions s join users u on u.id = s.user_id
    where s.id = ${sessionId} and s.ended_at is null and u.suspended_at is null`);
  return rows.length > 0;
}

/**
 * Makes sure that the actor's session lives, and that it does until the transaction ends: whoever ends
 * it comes before this change, which then does not take effect, or after it. To be called before other
 * rows are locked.
 * @throws session-ended
 */
export async function holdSession(tx: Tx, { sessionId }: Actor): Promise<void> {
  if (sessionId === '') return;
  const { rows } = await tx.execute(sql`
    select from sessions s join users u on u.id = s.user_id
    where s.id = ${sessionId} and s.ended_at is null and u.suspended_at is null for share of s`);
  if (rows.length === 0) throw problem('session-ended');
}
