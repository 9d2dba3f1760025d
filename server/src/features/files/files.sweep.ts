import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../platform/core/clock.ts';
import type { Database } from '../../platform/db/database.ts';
import type { Files } from '../../platform/ports/files/files.ts';
import * as store from './files.store.ts';

/** An upload that no message names is kept so long. */
const UNNAMED_MS = 24 * 3_600_000;
/** An upload takes ten minutes at most; what began an hour ago and is not complete never will be. */
const BEGUN_MS = 3_600_000;
const AT_ONCE = 100;
/** Of one sweep, so that it ends. */
const MAX_ROUNDS = 50;

/**
 * Removes uploads that no message, draft or scheduled message has named for a day, and the bytes of files that are gone. Each key goes
 * to one instance, and doing it twice changes nothing.
 */
export function createSweep({ db, clock, files }: { db: Database; clock: Clock; files: Files }) {
  return async function sweep(): Promise<void> {
    const ago = (milliseconds: number) => new Date(clock.now().getTime() - milliseconds);
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      if ((await store.removeStale(db, ago(UNNAMED_MS), AT_ONCE)) < AT_ONCE) break;
    }
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const begunUntil = ago(BEGUN_MS);
      const keys = await store.claimRemovals(db, { begunUntil, limit: AT_ONCE });
      if (keys.length === 0) break;
      await files.remove(keys);
      await store.removeBlobs(db, keys);
    }
    await removeLeftOver(files.incoming, Date.now() - BEGUN_MS);
  };
}

/** What a process left in the folder for uploads when it was ended. */
async function removeLeftOver(folder: string, until: number): Promise<void> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  for (const name of names) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => null); // taken over meanwhile
    if (found && found.mtimeMs < until) await rm(path, { force: true });
  }
}
