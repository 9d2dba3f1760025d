import { rmSync } from 'node:fs';
import type { Storage } from '../config.ts';
import { connectFolder, connectServer } from '../platform/db/connection.ts';
import { DataFolderBusyError } from '../platform/db/folder/data-folder-lock.ts';
import { hasDatabase } from '../platform/db/folder/data-folder.ts';
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
export async function openOrigin(
  { dataDir, databaseUrl }: Storage,
  name: string,
  task: Task,
): Promise<OpenOrigin> {
  if (databaseUrl !== null) {
    const { connection, close } = await connectServer(databaseUrl, `teambrain ${name}`);
    return { connection, kind: 'postgresql', dataDir: null, pausedMs: null, close };
  }
  if (!hasDatabase(dataDir)) {
    throw new RefusedError(`There is no TeamBrain in the data folder ${dataDir} (DATA_DIR).`);
  }
  try {
    const { connection, close } = await connectFolder(dataDir);
    return { connection, kind: 'embedded', dataDir, pausedMs: null, close };
  } catch (error) {
    if (!(error instanceof DataFolderBusyError)) throw error;
    return openSnapshot(dataDir, task);
  }
}

async function openSnapshot(dataDir: string, task: Task): Promise<OpenOrigin> {
  const { folder, pausedMs } = await requestSnapshot(dataDir);
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    task.say(`TeamBrain runs on; it copied its database for this (${pausedMs} ms).`);
    const { connection, close } = await connectFolder(folder);
    return {
      connection,
      kind: 'embedded',
      dataDir,
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
