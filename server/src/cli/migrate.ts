import { mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { connectFolder, connectServer } from '../platform/db/connection.ts';
import { FILES, hasDatabase, SECRET, STAGE } from '../platform/db/folder/data-folder.ts';
import { openBackup } from './archive.read.ts';
import { RefusedError } from './failures.ts';
import { requireRoom } from './load-backup.ts';
import { restoreServer } from './restore.ts';
import type { Task } from './task.ts';
import { writeBackup } from './write-backup.ts';

/** What `teambrain migrate-to-postgres --json` prints. */
export interface MigrateReport {
  from: string;
  /** Rows read back from the server: their number and hash are those of the source. */
  tables: { name: string; rows: number; contentSha256: string }[];
  logEpoch: string;
  notes: string[];
}

/**
 * Copies an embedded data folder, on which nothing may run, into an empty database of a server, and
 * compares what has come out with what was there. The folder stays as it is.
 */
export async function migrate(dataDir: string, url: string, task: Task): Promise<MigrateReport> {
  if (!hasDatabase(dataDir)) {
    throw new RefusedError(`There is no TeamBrain in the data folder ${dataDir} (DATA_DIR).`);
  }
  const target = await connectServer(url, 'teambrain move');
  try {
    await requireRoom(target.connection, false);
  } finally {
    await target.close();
  }
  const source = await connectFolder(dataDir);
  try {
    // Between the two lies a backup, so that a move is a backup and a restore and nothing else.
    const folder = mkdtempSync(join(dataDir, STAGE));
    try {
      const path = join(folder, 'move.tar');
      const origin = { connection: source.connection, kind: 'embedded' as const, filesDir: null };
      await writeBackup(origin, path, task);
      const backup = await openBackup(path);
      const options = { isReplacing: false, isWithDeleted: false, endsSessions: false };
      const { loaded } = await restoreServer(url, backup, options, task);
      return {
        from: resolve(dataDir),
        tables: backup.manifest.tables.map(({ name, rows, contentSha256 }) => ({
          name,
          rows,
          contentSha256,
        })),
        logEpoch: loaded.epoch,
        notes: [
          `Uploaded files stay where they are: keep DATA_DIR=${resolve(dataDir)}, or move its folder ${FILES} and set FILES_URL.`,
          `Give TeamBrain the same secret, so that everyone stays signed in: SECRET_FILE=${resolve(dataDir, SECRET)}`,
        ],
      };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  } finally {
    await source.close();
  }
}
