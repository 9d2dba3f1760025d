import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { RefusedStartError } from '../../core/refused-start.ts';
import { DataFolderBusyError, lockDataFolder } from './data-folder-lock.ts';

/** Name of the embedded database's folder in the data folder. */
export const DATABASE = 'postgres';
/** File with the secret that signing keys are derived from. */
export const SECRET = 'secret';
/** Folder of uploaded files. */
export const FILES = 'files';

/** Copies of the database that a backup reads; each belongs to who asked for it. */
export const SNAPSHOT = 'snapshot-';
/** What a restore or a move is building. */
export const STAGE = 'restoring-';

const JOURNAL = 'restore.json';

interface Journal {
  /** Folder with everything new, complete. */
  stage: string;
  /** Folder that takes what was there. */
  old: string;
}

/** Whether the folder holds an embedded database, or will once a restore is finished. */
export const hasDatabase = (dataDir: string): boolean =>
  [DATABASE, JOURNAL].some((name) => existsSync(join(dataDir, name)));

/**
 * Puts what `stage` holds in the place of what is there, which goes to the folder `old`. Once the
 * journal is written it happens, if need be at the next start; before that nothing has changed.
 */
export function commitRestore(dataDir: string, journal: Journal): void {
  const draft = join(dataDir, `${JOURNAL}.new`);
  const handle = openSync(draft, 'w', 0o600);
  writeSync(handle, JSON.stringify(journal));
  fsyncSync(handle);
  closeSync(handle);
  renameSync(draft, join(dataDir, JOURNAL));
  carryOut(dataDir, journal);
}

/**
 * Finishes a restore that was interrupted while it put things in place. The caller holds the folder.
 * @throws RefusedStartError when there was one: the configuration was read before
 */
export function finishRestore(dataDir: string): void {
  const file = join(dataDir, JOURNAL);
  if (!existsSync(file)) return;
  carryOut(dataDir, JSON.parse(readFileSync(file, 'utf8')) as Journal);
  throw new RefusedStartError(
    'A restore of this data folder had been interrupted. It is complete now: start again.',
  );
}

/** Every step may have been done before. The secret stays what it is. */
function carryOut(dataDir: string, { stage, old }: Journal): void {
  const [from, kept] = [join(dataDir, stage), join(dataDir, old)];
  mkdirSync(kept, { recursive: true, mode: 0o700 });
  for (const name of [FILES, DATABASE]) {
    const [current, next] = [join(dataDir, name), join(from, name)];
    if (!existsSync(next)) continue;
    if (existsSync(current) && !existsSync(join(kept, name))) {
      renameSync(current, join(kept, name));
    }
    renameSync(next, current);
  }
  rmSync(join(dataDir, JOURNAL));
  rmSync(from, { recursive: true, force: true });
  if (readdirSync(kept).length === 0) rmSync(kept, { recursive: true });
}

/** Removes what interrupted backups, restores and moves left. The caller holds the folder. */
export async function sweepDataFolder(dataDir: string): Promise<void> {
  for (const name of readdirSync(dataDir)) {
    const path = join(dataDir, name);
    if (name.startsWith(STAGE)) rmSync(path, { recursive: true, force: true });
    if (name.startsWith(SNAPSHOT) && !(await isBusy(path))) {
      rmSync(path, { recursive: true, force: true });
    }
  }
}

/** Whether a backup is still reading the snapshot. */
async function isBusy(folder: string): Promise<boolean> {
  try {
    await (await lockDataFolder(folder)).release();
    return false;
  } catch (error) {
    if (error instanceof DataFolderBusyError) return true;
    throw error;
  }
}
