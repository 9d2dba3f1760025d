import type { Executor } from '../../platform/db/database.ts';
import { samples } from '../../platform/db/schema.ts';

export type SampleRow = typeof samples.$inferSelect;

/** The loaded sample team, if any. */
export async function findSample(db: Executor): Promise<SampleRow | null> {
  const [row] = await db.select().from(samples);
  return row ?? null;
}

/** Begins a load, unless there is one already. */
export async function insertSample(
  db: Executor,
  row: Pick<SampleRow, 'seed' | 'ownerId' | 'startedAt'>,
): Promise<void> {
  await db
    .insert(samples)
    .values({ id: 1, ...row })
    .onConflictDoNothing();
}

export async function finishSample(db: Executor, finishedAt: Date): Promise<void> {
  await db.update(samples).set({ finishedAt });
}

export async function removeSample(db: Executor): Promise<void> {
  await db.delete(samples);
}
