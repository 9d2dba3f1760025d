import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Storage } from '../config.ts';
import { connectFolder, connectServer } from '../platform/db/connection.ts';
import { DataFolderBusyError } from '../platform/db/folder/data-folder-lock.ts';
import { FILES, hasDatabase } from '../platform/db/folder/data-folder.ts';
import { requestSnapshot } from '../platform/db/folder/snapshots.ts';
import { RefusedError } from './failures.ts';
import type { Task } from './task.ts';
import type { Origin } from './write-backup.ts';

export interface OpenOrigin extends Origin {
  /** How long a running TeamBrain's database stood still for this; null where nothing did. */
  pausedMs: number | null;
  close(): Promise<void>;
}

/**
 * Opens the data for reading, whether TeamBrain runs or not: a server as it is, an embedded folder
 * directly, or, when a running TeamBrain owns it, a copy which that one makes.
 * @throws RefusedError when there is no database
 */
export async function openOrigin(storage: Storage, name: string, task: Task): Promise<OpenOrigin> {
  const { dataDir, databaseUrl } = storage;
  const filesDir = filesDirOf(storage);
  if (databaseUrl !== null) {
    const { connection, close } = await connectServer(databaseUrl, `teambrain ${name}`);
    return { connection, kind: 'postgresql', filesDir, pausedMs: null, close };
  }
  if (!hasDatabase(dataDir)) {
    throw new RefusedError(`There is no TeamBrain in the data folder ${dataDir} (DATA_DIR).`);
  }
  try {
    const { connection, close } = await connectFolder(dataDir);
    return { connection, kind: 'embedded', filesDir, pausedMs: null, close };
  } catch (error) {
    if (!(error instanceof DataFolderBusyError)) throw error;
    return openSnapshot(dataDir, filesDir, task);
  }
}

/** Folder of the uploaded files: FILES_URL, or one in the data folder; null where a bucket has them. */
export const filesDirOf = ({ filesDir, dataDir, s3 }: Storage): string | null =>
  s3 ? null : (filesDir ?? join(dataDir, FILES));

async function openSnapshot(
  dataDir: string,
  filesDir: string | null,
  task: Task,
): Promise<OpenOrigin> {
  const { folder, pausedMs } = await requestSnapshot(dataDir);
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    task.say(`TeamBrain runs on; it copied its database for this (${pausedMs} ms).`);
    const { connection, close } = await connectFolder(folder);
    return {
      connection,
      kind: 'embedded',
      filesDir,
      pausedMs,
      async close() {
        await close();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}
