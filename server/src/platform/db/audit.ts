import type { Executor } from './database.ts';
import { auditLog } from './schema.ts';

/** Adds a line to the audit log: who did what to what, never how it was worded. */
export async function insertAudit(db: Executor, row: typeof auditLog.$inferInsert): Promise<void> {
  await db.insert(auditLog).values(row);
}
