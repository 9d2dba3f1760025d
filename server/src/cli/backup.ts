import { resolve } from 'node:path';
import type { Storage } from '../config.ts';
import type { Finding } from './doctor.store.ts';
import type { Manifest } from './manifest.ts';
import { openOrigin } from './origin.ts';
import { lookAtStore } from './stored-files.ts';
import type { Task } from './task.ts';
import { writeBackup } from './write-backup.ts';

/** What `teambrain backup --json` prints. */
export interface BackupReport {
  file: string;
  bytes: number;
  id: string;
  logEpoch: string;
  /** How long a running TeamBrain's database stood still. */
  pausedMs: number | null;
  tables: { name: string; rows: number; contentSha256: string }[];
  files: string[];
  /** Where the files are that the backup only lists; null where it has them. */
  bucket: Manifest['bucket'] | null;
  /** What is not as it must be in that bucket now. */
  findings: Finding[];
}

/** Writes a backup to `file`, or into the working folder under a name with the time. */
export async function backup(
  storage: Storage,
  file: string | undefined,
  cwd: string,
  task: Task,
): Promise<BackupReport> {
  const path = resolve(cwd, file ?? `teambrain-${stamp()}.tar`);
  const bucket = storage.s3 ? await lookAtStore(storage) : null;
  const origin = await openOrigin(storage, 'backup', task);
  try {
    const { manifest, findings, bytes } = await writeBackup({ ...origin, bucket }, path, task);
    const { id, logEpoch } = manifest;
    return {
      file: path,
      bytes,
      id,
      logEpoch,
      pausedMs: origin.pausedMs,
      tables: manifest.tables.map(({ name, rows, contentSha256 }) => ({
        name,
        rows,
        contentSha256,
      })),
      files: manifest.files.map((one) => one.file),
      bucket: manifest.bucket ?? null,
      findings,
    };
  } finally {
    await origin.close();
  }
}

/** The present time as it can stand in file and schema names: 20261123t150405z */
export const stamp = (): string =>
  new Date().toISOString().replace(/\.\d+/, '').replace(/[-:]/g, '').toLowerCase();
