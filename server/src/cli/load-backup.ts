import { newId } from '../platform/core/id.ts';
import type { Connection } from '../platform/db/connection.ts';
import { appliedMigrations, applyMigrations, knownMigrations } from '../platform/db/migrations.ts';
import { readLinesOf, type Backup } from './archive.read.ts';
import {
  countDeletions,
  readDeletions,
  repeatDeletions,
  type DeletionCounts,
  type Deletions,
} from './deletions.store.ts';
import { RefusedError } from './failures.ts';
import type { Manifest } from './manifest.ts';
import {
  dropTables,
  endAllSessions,
  insertLines,
  inspect,
  liftForeignKeys,
  listTables,
  moveSequences,
  readLines,
  replaceEpoch,
  setAside,
  setNotation,
  type Contents,
} from './tables.store.ts';
import type { Task } from './task.ts';
import { createContentHash } from './write-backup.ts';

export interface LoadOptions {
  /** Schema that takes what a used database holds; null refuses such a database. */
  setAsideAs: string | null;
  /** A restore ends all sessions; a move keeps them. */
  endsSessions: boolean;
  /** What was deleted since in a database elsewhere; one that is set aside here is asked itself. */
  deletions: Deletions | null;
  /** Whether what was deleted since comes back. */
  isWithDeleted: boolean;
}

/** What the target was, and what it is now. */
export interface Loaded {
  was: Contents;
  epoch: string;
  endedSessions: number;
  /** What was deleted since the backup; null where there is nothing to know it from. */
  deletions: (DeletionCounts & { areRepeated: boolean }) | null;
}

/** @throws RefusedError when this version cannot bring the backup's schema up to its own */
export function requireKnownSchema({ schema }: Manifest): void {
  const known = knownMigrations();
  if (schema.length > known.length && known.every((hash, index) => hash === schema[index])) {
    throw new RefusedError(
      'The backup was made by a newer TeamBrain. Restore it with that one. Nothing was changed.',
    );
  }
  if (schema.length === 0 || schema.some((hash, index) => hash !== known[index])) {
    throw new RefusedError(
      'The backup has a schema that this TeamBrain never had. Nothing was changed.',
    );
  }
}

/**
 * Fills a database from a backup in one transaction: the schema of its time, the rows, a comparison
 * of what is there now with the manifest, then the newer migrations and a new epoch of the log.
 * Whatever goes wrong, the database is as before.
 * @throws RefusedError when the database holds something
 */
export async function loadBackup(
  connection: Connection,
  backup: Backup,
  options: LoadOptions,
  task: Task,
): Promise<Loaded> {
  const { manifest } = backup;
  requireKnownSchema(manifest);
  await connection.query('begin');
  try {
    await connection.query('set local statement_timeout = 0');
    await connection.query('set local idle_in_transaction_session_timeout = 0');
    await setNotation(connection);
    const was = await requireRoom(connection, options.setAsideAs !== null);
    const deletions =
      was === 'used' ? await readDeletions(connection, manifest) : options.deletions;
    await makeRoom(connection, was, options.setAsideAs);
    await applyMigrations(connection, 0, manifest.schema.length);
    task.say('Filling the database …');
    await fill(connection, backup, task);
    task.say('Comparing what is there now with the backup …');
    await verify(connection, manifest, task);
    await applyMigrations(connection, manifest.schema.length);
    const epoch = newId();
    await replaceEpoch(connection, epoch);
    const endedSessions = options.endsSessions ? await endAllSessions(connection) : 0;
    const areRepeated = !options.isWithDeleted;
    const deal = areRepeated ? repeatDeletions : countDeletions;
    const counts = deletions && (await deal(connection, deletions));
    task.check();
    await connection.query('commit');
    return { was, epoch, endedSessions, deletions: counts && { ...counts, areRepeated } };
  } catch (error) {
    await connection.query('rollback').catch(() => undefined); // the first error is the one to tell
    throw error;
  }
}

/** @throws RefusedError when the database holds something, unless that is set aside */
export async function requireRoom(connection: Connection, mayReplace: boolean): Promise<Contents> {
  const contents = await inspect(connection, (await appliedMigrations(connection)) !== null);
  if (contents === 'foreign') {
    throw new RefusedError(
      'The database holds tables of something else, or of a newer TeamBrain. Give it one of its own. ' +
        'Nothing was changed.',
    );
  }
  if (contents === 'used' && !mayReplace) {
    throw new RefusedError(
      'The database is in use: it holds accounts or spaces. Nothing was changed.',
    );
  }
  return contents;
}

async function makeRoom(
  connection: Connection,
  contents: Contents,
  setAsideAs: string | null,
): Promise<void> {
  if (contents === 'unused') await dropTables(connection);
  if (contents === 'used' && setAsideAs !== null) await setAside(connection, setAsideAs);
}

async function fill(connection: Connection, backup: Backup, task: Task): Promise<void> {
  const { tables } = backup.manifest;
  const there = new Map((await listTables(connection)).map((table) => [table.name, table]));
  for (const { name, columns } of tables) {
    if (there.get(name)?.columns.join() !== columns.join()) {
      throw new RefusedError(`The backup's table ${name} does not fit its schema.`);
    }
  }
  if (tables.length !== there.size) {
    throw new RefusedError('The backup does not have all the tables of its schema.');
  }
  const putBack = await liftForeignKeys(connection);
  const total = tables.reduce((sum, { rows }) => sum + rows, 0);
  let done = 0;
  for (const { name, file } of tables) {
    const table = there.get(name);
    if (!table) continue;
    for await (const lines of readLinesOf(backup, file)) {
      await insertLines(connection, table, lines);
      done += lines.length;
      task.step('Restore: rows', done, total);
    }
    await moveSequences(connection, table);
  }
  await putBack();
}

/** Reads everything back: what the database holds now is what the manifest says. */
async function verify(connection: Connection, { tables }: Manifest, task: Task): Promise<void> {
  const total = tables.reduce((sum, { rows }) => sum + rows, 0);
  const there = new Map((await listTables(connection)).map((table) => [table.name, table]));
  let done = 0;
  for (const { name, rows, contentSha256 } of tables) {
    const content = createContentHash();
    const table = there.get(name);
    if (!table) throw new Error(`The table ${name} is missing.`);
    for await (const lines of readLines(connection, table)) {
      content.take(lines);
      done += lines.length;
      task.step('Verify: rows', done, total);
    }
    const found = content.result();
    if (found.rows !== rows || found.contentSha256 !== contentSha256) {
      throw new Error(
        `The table ${name} came out different (${found.rows} of ${rows} rows). Nothing was changed.`,
      );
    }
  }
}
