import { createHash } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { newId } from '../platform/core/id.ts';
import { version } from '../platform/core/version.ts';
import type { Connection } from '../platform/db/connection.ts';
import { FILES } from '../platform/db/folder/data-folder.ts';
import { appliedMigrations, knownMigrations } from '../platform/db/migrations.ts';
import { INCOMING } from '../platform/ports/files/files.folder.ts';
import { MANIFEST, SEAL } from './archive.read.ts';
import { createArchive, type ArchiveWriter, type Written } from './archive.write.ts';
import { RefusedError } from './failures.ts';
import type { Finding } from './doctor.store.ts';
import { FORMAT, FORMAT_VERSION, type Manifest, type TableEntry } from './manifest.ts';
import { compareStore, type OpenStore } from './stored-files.ts';
import type { Task } from './task.ts';
import {
  beginSnapshot,
  describeDatabase,
  listTables,
  ownTables,
  readLines,
  type Table,
} from './tables.store.ts';

/** Where a backup comes from. */
export interface Origin {
  connection: Connection;
  kind: 'embedded' | 'postgresql';
  /** Folder of the uploaded files that belong to it; null to leave them out. */
  filesDir: string | null;
  /** The store that has them, where they stay there. */
  bucket?: OpenStore | null;
}

/**
 * Writes everything the database holds at one moment, and the files that belong to it, into one
 * archive. A file with the given name comes into being at the end, or never.
 * @throws RefusedError when the database is not TeamBrain's or belongs to a newer one
 */
export async function writeBackup(origin: Origin, path: string, task: Task) {
  await beginSnapshot(origin.connection);
  const schema = await requireSchema(origin.connection);
  const archive = await createArchive(path);
  try {
    const { manifest, findings } = await writeMembers(origin, schema, archive, task);
    const bytes = await archive.finish();
    return { manifest, findings, bytes };
  } catch (error) {
    await archive.abort();
    throw error;
  } finally {
    await origin.connection.query('rollback').catch(() => undefined); // the connection is ending anyway
  }
}

/** The database's migrations, all of which must be known here. */
export async function requireSchema(connection: Connection): Promise<string[]> {
  const applied = await appliedMigrations(connection);
  if (!applied) throw new RefusedError('There is no TeamBrain in this database.');
  const known = knownMigrations();
  if (applied.some((hash, index) => hash !== known[index])) {
    throw new RefusedError(
      'The database belongs to another version of TeamBrain. Use the command of the version that runs on it.',
    );
  }
  return applied;
}

async function writeMembers(
  { connection, kind, filesDir, bucket }: Origin,
  schema: string[],
  archive: ArchiveWriter,
  task: Task,
): Promise<{ manifest: Manifest; findings: Finding[] }> {
  const { epoch, version: server } = await describeDatabase(connection);
  const manifest: Manifest = {
    format: FORMAT,
    formatVersion: FORMAT_VERSION,
    id: newId(),
    createdAt: new Date().toISOString(),
    appVersion: version,
    schema,
    database: { kind, version: server },
    logEpoch: epoch,
    tables: [],
    files: [],
  };
  const tables = await listTables(connection);
  requireOwnTables(tables, schema);
  for (const [index, table] of tables.entries()) {
    task.step('Backup: tables', index, tables.length);
    manifest.tables.push(await writeTable(connection, table, archive, task));
  }
  task.step('Backup: tables', tables.length, tables.length);
  const stored = bucket && isCurrent(schema) ? await compareStore(connection, bucket) : null;
  if (stored) {
    const { place, files, bytes } = stored;
    manifest.bucket = { place, files, bytes };
  }
  for (const { path, name } of filesDir === null ? [] : filesOf(filesDir)) {
    task.check();
    const bytes = await openFile(path);
    if (bytes) manifest.files.push({ file: name, ...(await archive.add(name, bytes)) });
  }
  const text = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
  const { sha256 } = await archive.add(MANIFEST, [text]);
  await archive.add(SEAL, [Buffer.from(`${sha256}\n`)]);
  return { manifest, findings: stored?.findings ?? [] };
}

/** An older schema may have other tables. */
const isCurrent = (schema: readonly string[]) => schema.length === knownMigrations().length;

/** A table of something else would make the backup one that cannot be restored. */
function requireOwnTables(tables: readonly Table[], schema: readonly string[]): void {
  if (!isCurrent(schema)) return;
  const own = ownTables();
  const foreign = tables.filter(({ name }) => !own.has(name)).map(({ name }) => name);
  if (foreign.length === 0) return;
  throw new RefusedError(
    `The database holds tables of something else (${foreign.join(', ')}). Move them out of the schema public first.`,
  );
}

async function writeTable(
  connection: Connection,
  table: Table,
  archive: ArchiveWriter,
  task: Task,
): Promise<TableEntry> {
  const content = createContentHash();
  const file = `tables/${table.name}.jsonl.gz`;
  async function* chunks() {
    for await (const lines of readLines(connection, table)) {
      task.check();
      yield content.take(lines);
    }
  }
  let written: Written | undefined;
  await pipeline(chunks(), createGzip(), async (compressed: AsyncIterable<Buffer>) => {
    written = await archive.add(file, compressed);
  });
  if (!written) throw new Error(`${file} was not written.`);
  const { name, columns } = table;
  return { name, columns, ...content.result(), file, ...written };
}

/** Counts and hashes the rows of a table, as the manifest has them. */
export function createContentHash() {
  const hash = createHash('sha256');
  let rows = 0;
  return {
    /** Notes the lines; gives their bytes. */
    take(lines: readonly string[]): Buffer {
      const bytes = Buffer.from(`${lines.join('\n')}\n`);
      hash.update(bytes);
      rows += lines.length;
      return bytes;
    },
    result: () => ({ rows, contentSha256: hash.digest('hex') }),
  };
}

/** The bytes of a file; null where it was deleted since the folder was read. */
async function openFile(path: string): Promise<AsyncIterable<Buffer> | null> {
  try {
    const handle = await open(path);
    return handle.createReadStream() as AsyncIterable<Buffer>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** The uploaded files of a folder, with their names in a backup; not those that are coming in. */
function filesOf(path: string): { path: string; name: string }[] {
  const walk = (path: string, name: string): { path: string; name: string }[] => {
    if (!statSync(path).isDirectory()) return [{ path, name }];
    const inside = readdirSync(path).filter((entry) => entry !== INCOMING);
    inside.sort();
    return inside.flatMap((entry) => walk(join(path, entry), `${name}/${entry}`));
  };
  return existsSync(path) ? walk(path, `data/${FILES}`) : [];
}
