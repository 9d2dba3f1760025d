import { join } from 'node:path';
import { MANIFEST, openBackup, readFileOf, SEAL } from '../cli/archive.read.ts';
import { createArchive } from '../cli/archive.write.ts';
import type { Manifest } from '../cli/manifest.ts';
import { createTask } from '../cli/task.ts';
import { writeBackup } from '../cli/write-backup.ts';
import { newId } from '../platform/core/id.ts';
import { connectFolder, type Connection } from '../platform/db/connection.ts';
import { applyMigrations, knownMigrations } from '../platform/db/migrations.ts';
import { folderOf } from './folders.ts';

const task = {
  ...createTask(new AbortController().signal),
  say: () => undefined,
  step: () => undefined,
};

/** A database with the first `schema` migrations and one person in it. */
export async function fill(connection: Connection, schema = knownMigrations().length) {
  await connection.query('begin');
  await applyMigrations(connection, 0, schema);
  await connection.query('insert into instance (id, log_epoch) values (1, $1)', [newId()]);
  await connection.query(
    `insert into users (id, email, name, created_at) values ($1, 'ada@example.org', $2, now())`,
    [newId(), 'Ada “\\” \t😀'],
  );
  await connection.query('commit');
}

/** A data folder with a secret and an uploaded file, and a backup of it. */
export async function makeBackup(schema?: number) {
  const dataDir = folderOf({ secret: 'x'.repeat(64), 'files/ab/picture.png': new Uint8Array(700) });
  const { connection, close } = await connectFolder(dataDir);
  await fill(connection, schema);
  const file = join(folderOf({}), 'team.tar');
  await writeBackup({ connection, kind: 'embedded', filesDir: join(dataDir, 'files') }, file, task);
  await close();
  return { dataDir, file };
}

interface Changes {
  /** The name and bytes of a part in the new file; null leaves it out. */
  part?: (name: string, bytes: Buffer) => { name: string; bytes: Buffer } | null;
  manifest?: (manifest: Manifest) => void;
  /** Another part at the end. */
  add?: { name: string; bytes: Buffer };
}

/** The same backup with changes; its manifest and seal are made anew and pass through `part` too. */
export async function repack(file: string, { part, manifest, add }: Changes): Promise<string> {
  const backup = await openBackup(file);
  const path = join(folderOf({}), 'changed.tar');
  const archive = await createArchive(path);
  const write = async (name: string, bytes: Buffer) => {
    const changed = part ? part(name, bytes) : { name, bytes };
    return changed && archive.add(changed.name, [changed.bytes]);
  };
  for (const name of backup.members.keys()) {
    if (name === MANIFEST || name === SEAL) continue;
    const bytes: Buffer[] = [];
    for await (const some of readFileOf(backup, name)) bytes.push(some);
    await write(name, Buffer.concat(bytes));
  }
  if (add) {
    const written = await archive.add(add.name, [add.bytes]);
    backup.manifest.files.push({ file: add.name, ...written });
  }
  manifest?.(backup.manifest);
  const text = Buffer.from(JSON.stringify(backup.manifest));
  const written = await write(MANIFEST, text);
  await write(SEAL, Buffer.from(`${written?.sha256 ?? '0'.repeat(64)}\n`));
  await archive.finish();
  return path;
}
