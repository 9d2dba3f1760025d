import { createWriteStream, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Storage } from '../config.ts';
import { makeFolder } from '../platform/core/make-folder.ts';
import { createLog } from '../platform/core/log.ts';
import { connectFolder } from '../platform/db/connection.ts';
import { lockDataFolder } from '../platform/db/folder/data-folder-lock.ts';
import {
  commitRestore,
  DATABASE,
  FILES,
  finishRestore,
  hasDatabase,
  STAGE,
  sweepDataFolder,
} from '../platform/db/folder/data-folder.ts';
import { openDataFolder } from '../platform/db/folder/private-folder.ts';
import { holdInstanceLease } from '../platform/db/instance-lease.ts';
import { prepareServer } from '../platform/db/postgres.ts';
import { isKey, type Files } from '../platform/ports/files/files.ts';
import { openFiles } from '../platform/ports/files/open-files.ts';
import { openBackup, readFileOf, type Backup } from './archive.read.ts';
import { stamp } from './backup.ts';
import { filesDirOf, openOrigin } from './origin.ts';
import { readDeletions, type Deletions } from './deletions.store.ts';
import type { Finding } from './doctor.store.ts';
import {
  loadBackup,
  requireKnownSchema,
  requireRoom,
  type Loaded,
  type LoadOptions,
} from './load-backup.ts';
import { OLD_SECRET, type Manifest } from './manifest.ts';
import { compareStore, lookAtStore, type StoredFiles } from './stored-files.ts';
import type { Task } from './task.ts';

/** What `teambrain restore --json` prints. */
export interface RestoreReport {
  backup: { id: string; createdAt: string; appVersion: string };
  logEpoch: string;
  tables: { name: string; rows: number; contentSha256: string }[];
  endedSessions: number;
  deletions: Loaded['deletions'];
  /** Where what was there is kept: a folder, or a schema of the database. */
  kept: string | null;
  notes: string[];
  /** Files whose bytes are not where they must be now. */
  findings: Finding[];
}

export interface RestoreOptions {
  /** Whether a database that is in use may be replaced. */
  isReplacing: boolean;
  /** Whether what was deleted there since the backup comes back. */
  isWithDeleted: boolean;
  /** A restore ends all sessions; a move keeps them. */
  endsSessions: boolean;
}

/** Reads the backup through, then puts it in the place of the configured database. */
export async function restore(
  storage: Storage,
  file: string,
  options: RestoreOptions,
  task: Task,
): Promise<RestoreReport> {
  task.say('Checking the file …');
  const backup = await openBackup(file, (done, total) => task.step('Check: bytes', done, total));
  requireKnownSchema(backup.manifest);
  const { loaded, kept } =
    storage.databaseUrl === null
      ? await restoreFolder(storage, backup, options, task)
      : await restoreServer(storage.databaseUrl, backup, options, task);
  const folder = filesDirOf(storage);
  if (folder === null) await sendFiles(await openFiles(storage), backup);
  else if (storage.databaseUrl !== null) await putFiles(folder, backup);
  task.say('Comparing the files …');
  const { findings } = await checkFiles(storage, task);
  const { id, createdAt, appVersion, tables } = backup.manifest;
  return {
    backup: { id, createdAt, appVersion },
    logEpoch: loaded.epoch,
    tables: tables.map(({ name, rows, contentSha256 }) => ({ name, rows, contentSha256 })),
    endedSessions: loaded.endedSessions,
    deletions: loaded.deletions,
    kept,
    notes: [],
    // What others have there, or what came after the backup, is no fault of this restore.
    findings: findings.filter(({ name }) => name === 'file-missing'),
  };
}

/** The files that go back into a data folder: a secret of before would let old tokens in again. */
const uploadsOf = ({ files }: Manifest) => files.filter(({ file }) => file !== OLD_SECRET);

type Outcome = { loaded: Loaded; kept: string | null };

const loadOptions = ({ isReplacing, ...options }: RestoreOptions): LoadOptions => ({
  ...options,
  setAsideAs: isReplacing ? `teambrain_replaced_${stamp()}` : null,
  deletions: null,
});

/** In one transaction, while no TeamBrain runs on the database. */
export async function restoreServer(
  url: string,
  backup: Backup,
  options: RestoreOptions,
  task: Task,
): Promise<Outcome> {
  const log = createLog('silent');
  const lease = await holdInstanceLease(url, 'alone', log);
  try {
    const load = loadOptions(options);
    const outcome: { loaded?: Loaded } = {};
    await prepareServer(url, log, async (client) => {
      outcome.loaded = await loadBackup(client, backup, load, task);
    });
    if (!outcome.loaded) throw new Error('Nothing was loaded.');
    const kept = outcome.loaded.was === 'used' ? load.setAsideAs : null;
    return { loaded: outcome.loaded, kept: kept && `schema ${kept}` };
  } finally {
    await lease.release();
  }
}

/** Beside what is there, which is replaced by renaming once everything is complete. */
async function restoreFolder(
  { dataDir, filesDir, s3 }: Storage,
  backup: Backup,
  options: RestoreOptions,
  task: Task,
): Promise<Outcome> {
  openDataFolder(dataDir);
  const deletions = hasDatabase(dataDir) ? await askPresent(dataDir, backup, options) : null;
  const lock = await lockDataFolder(dataDir);
  try {
    finishRestore(dataDir);
    await sweepDataFolder(dataDir);
    const stage = mkdtempSync(join(dataDir, STAGE));
    let loaded: Loaded;
    try {
      loaded = await build(stage, backup, { ...loadOptions(options), deletions }, task);
      if (!s3) await putFiles(filesDir ?? join(stage, FILES), backup);
      // Files that are there and not in the backup go with what they belong to.
      if (existsSync(join(dataDir, FILES))) mkdirSync(join(stage, FILES), { recursive: true });
      task.check();
    } catch (error) {
      rmSync(stage, { recursive: true, force: true });
      throw error;
    }
    const old = `replaced-${stamp()}`;
    commitRestore(dataDir, { stage: basename(stage), old });
    const kept = join(dataDir, old);
    return { loaded, kept: existsSync(kept) ? resolve(kept) : null };
  } finally {
    await lock.release();
  }
}

/** What was deleted since the backup in the database that is there. @throws RefusedError if it must stay */
async function askPresent(
  dataDir: string,
  { manifest }: Backup,
  { isReplacing }: RestoreOptions,
): Promise<Deletions | null> {
  const { connection, close } = await connectFolder(dataDir);
  try {
    const contents = await requireRoom(connection, isReplacing);
    return contents === 'used' ? await readDeletions(connection, manifest) : null;
  } finally {
    await close();
  }
}

async function build(stage: string, backup: Backup, options: LoadOptions, task: Task) {
  const { connection, close } = await connectFolder(stage);
  let loaded: Loaded;
  try {
    loaded = await loadBackup(connection, backup, options, task);
  } finally {
    await close();
  }
  if (!existsSync(join(stage, DATABASE))) throw new Error('The database was not written.');
  return loaded;
}

/** Puts uploaded files into a folder. Under one name there are always the same bytes. */
async function putFiles(folder: string, backup: Backup): Promise<void> {
  for (const { file } of uploadsOf(backup.manifest)) {
    const path = join(folder, file.replace(/^data\/files\//, ''));
    if (existsSync(path)) continue;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const draft = `${path}.restoring`;
    const bytes = Readable.from(readFileOf(backup, file));
    await pipeline(bytes, createWriteStream(draft, { mode: 0o600 }));
    renameSync(draft, path);
  }
}

/** Sends uploaded files to a bucket; those that are there already have the same bytes. */
async function sendFiles(files: Files, backup: Backup): Promise<void> {
  await files.ready();
  const there = new Map<string, number>();
  for await (const { key, bytes } of files.list()) there.set(key, bytes);
  makeFolder(files.incoming);
  for (const { file, bytes, sha256 } of uploadsOf(backup.manifest)) {
    const key = basename(file);
    if (!isKey(key) || there.get(key) === bytes) continue;
    const path = join(files.incoming, key);
    const source = Readable.from(readFileOf(backup, file));
    await pipeline(source, createWriteStream(path, { mode: 0o600 }));
    await files.put(key, { path, bytes, sha256 });
  }
}

/** Compares the files of what was restored with the store. */
async function checkFiles(storage: Storage, task: Task): Promise<StoredFiles> {
  const store = await lookAtStore(storage);
  const origin = await openOrigin(storage, 'restore', task);
  try {
    return await compareStore(origin.connection, store);
  } finally {
    await origin.close();
  }
}
