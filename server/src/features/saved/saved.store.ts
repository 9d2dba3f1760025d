import { and, desc, eq, sql } from 'drizzle-orm';
import { SAVED_MAX } from '@teambrain/contract/saved.ts';
import type { Visible } from '../../platform/access/access.ts';
import type { SourceRef } from '../../platform/core/knowledge.ts';
import type { Executor, Tx } from '../../platform/db/database.ts';
import { saved, users } from '../../platform/db/schema.ts';

export interface SavedRow {
  ref: SourceRef;
  dueAt: Date | null;
  savedAt: Date;
}

const isOf = (userId: string, ref: SourceRef) =>
  and(
    eq(saved.userId, userId),
    eq(saved.spaceId, ref.spaceId),
    eq(saved.type, ref.type),
    eq(saved.id, ref.id),
  );

/** What the reader saved, readable now or not; the last saved first. */
export async function listSaved(db: Executor, { actor }: Visible): Promise<SavedRow[]> {
  const rows = await db
    .select()
    .from(saved)
    .where(eq(saved.userId, actor.userId))
    .orderBy(desc(saved.savedAt), desc(saved.id))
    .limit(SAVED_MAX);
  return rows.map(({ type, id, spaceId, dueAt, savedAt }) => ({
    ref: { type, id, spaceId },
    dueAt,
    savedAt,
  }));
}

/** Lets nobody else change what the person saved until the transaction ends, and counts it. */
export async function holdSaved(tx: Tx, userId: string, ref: SourceRef) {
  await tx.select({ id: users.id }).from(users).where(eq(users.id, userId)).for('no key update');
  const [row] = await tx
    .select({
      count: sql<number>`count(*)`.mapWith(Number),
      has: sql<boolean>`coalesce(bool_or(${isOf(userId, ref)}), false)`,
    })
    .from(saved)
    .where(eq(saved.userId, userId));
  return { count: row?.count ?? 0, has: row?.has ?? false };
}

/** Saves a source, or gives what is saved another date. */
export async function putSaved(
  tx: Tx,
  userId: string,
  { ref, dueAt, savedAt }: SavedRow,
): Promise<void> {
  await tx
    .insert(saved)
    .values({ userId, ...ref, dueAt, savedAt })
    .onConflictDoUpdate({
      target: [saved.userId, saved.spaceId, saved.type, saved.id],
      set: { dueAt },
    });
}

export async function removeSaved(db: Executor, userId: string, ref: SourceRef): Promise<void> {
  await db.delete(saved).where(isOf(userId, ref));
}
