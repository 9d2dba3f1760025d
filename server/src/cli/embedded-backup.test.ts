import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { newId } from '../platform/core/id.ts';
import { connectFolder, type Connection } from '../platform/db/connection.ts';
import { applyMigrations, knownMigrations } from '../platform/db/migrations.ts';
import { reportOf, runCli, startCli } from '../testing/cli.ts';
import { folderOf } from '../testing/folders.ts';
import { MANIFEST, openBackup, readFileOf, SEAL } from './archive.read.ts';
import { createArchive, type ArchiveWriter } from './archive.write.ts';
import type { DoctorReport } from './doctor.ts';
import type { Manifest } from './manifest.ts';
import type { RestoreReport } from './restore.ts';
import { createTask } from './task.ts';
import { writeBackup } from './write-backup.ts';

const task = {
  ...createTask(new AbortController().signal),
  say: () => undefined,
  step: () => undefined,
};

/** A database with the first `schema` migrations and one person in it. */
async function fill(connection: Connection, schema: number): Promise<void> {
  await connection.query('begin');
  await applyMigrations(connection, 0, schema);
  await connection.query('insert into instance (id, log_epoch) values (1, $1)', [newId()]);
  await connection.query(
    `insert into users (id, email, name, created_at) values ($1, 'ada@example.org', $2, now())`,
    [newId(), 'Ada “\\” \t😀'],
  );
  await connection.query('commit');
}

const SECRET = 'x'.repeat(64);

/** A data folder, and a backup of it. */
async function makeBackup(schema = knownMigrations().length) {
  const dataDir = folderOf({ secret: SECRET, 'files/ab/picture.png': new Uint8Array(700) });
  const { connection, close } = await connectFolder(dataDir);
  await fill(connection, schema);
  const file = join(folderOf({}), 'team.tar');
  await writeBackup({ connection, kind: 'embedded', dataDir }, file, task);
  await close();
  return { dataDir, file };
}

const isRefused = async (bytes: Buffer): Promise<boolean> => {
  const file = join(folderOf({}), 'changed.tar');
  writeFileSync(file, bytes);
  return openBackup(file).then(
    () => false,
    (error: Error) => error.constructor.name === 'RefusedError',
  );
};

/** The same backup with another manifest, its seal made anew. */
async function withManifest(file: string, change: (manifest: Manifest) => void): Promise<string> {
  const backup = await openBackup(file);
  change(backup.manifest);
  const path = join(folderOf({}), 'changed.tar');
  const archive = await createArchive(path);
  for (const name of backup.members.keys()) {
    if (name === MANIFEST || name === SEAL) continue;
    await archive.add(name, readFileOf(backup, name));
  }
  await seal(archive, backup.manifest);
  return path;
}

async function seal(archive: ArchiveWriter, manifest: Manifest): Promise<void> {
  const { sha256 } = await archive.add(MANIFEST, [Buffer.from(JSON.stringify(manifest))]);
  await archive.add(SEAL, [Buffer.from(`${sha256}\n`)]);
  await archive.finish();
}

describe('a backup file', { timeout: 300_000 }, () => {
  it('is refused with any bit changed, cut anywhere, or with anything added', async () => {
    const { file } = await makeBackup();
    const bytes = readFileSync(file);
    expect(await isRefused(bytes)).toBe(false);
    const passed: string[] = [];
    for (let at = 0; at < bytes.length; at += 53) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(bytes.readUInt8(at) ^ (1 << (at % 8)), at);
      if (!(await isRefused(changed))) passed.push(`bit of byte ${at}`);
    }
    for (let end = 0; end < bytes.length; end += 512) {
      if (!(await isRefused(bytes.subarray(0, end)))) passed.push(`cut at ${end}`);
    }
    if (!(await isRefused(bytes.subarray(0, -1)))) passed.push('cut by one');
    if (!(await isRefused(Buffer.concat([bytes, Buffer.alloc(512)])))) passed.push('zeros after');
    if (!(await isRefused(Buffer.concat([bytes, bytes])))) passed.push('twice');
    expect(passed).toEqual([]);
  });

  it('is refused through the command line, whatever is wrong, and nothing is touched', async () => {
    const { file } = await makeBackup();
    const bytes = readFileSync(file);
    const flipped = Buffer.from(bytes);
    flipped.writeUInt8(bytes.readUInt8(520) ^ 1, 520);
    const folder = folderOf({
      'flipped.tar': flipped,
      'cut.tar': bytes.subarray(0, 4_096),
      'else.tar': 'text',
    });
    const change = (edit: (manifest: Manifest) => void) => withManifest(file, edit);
    const first = (manifest: Manifest) => manifest.tables[0] ?? expect.fail('there are tables');
    const files = [
      join(folder, 'flipped.tar'),
      join(folder, 'cut.tar'),
      join(folder, 'else.tar'),
      await change((manifest) => void ((manifest.formatVersion as number) = 2)),
      await change((manifest) => manifest.schema.push('f'.repeat(64))),
      await change((manifest) => void (manifest.schema[0] = 'f'.repeat(64))),
      await change((manifest) => void (first(manifest).file = '../../outside')),
      await change((manifest) => void manifest.tables.pop()),
      await change((manifest) => void (first(manifest).rows = 7)),
    ];
    const DATA_DIR = join(folderOf({}), 'data');
    const outcomes = [];
    for (const path of files) outcomes.push(await runCli(['restore', path], { DATA_DIR }));
    const said = outcomes.map(({ stderr }) => stderr.trim().split('\n').at(-1));
    expect(said).toEqual([
      expect.stringContaining('is not what was written'),
      expect.stringContaining('ends too early'),
      expect.stringContaining('not a backup of TeamBrain'),
      expect.stringContaining('newer TeamBrain'),
      expect.stringContaining('newer TeamBrain'),
      expect.stringContaining('never had'),
      expect.stringContaining('not as it should be'),
      expect.stringContaining('is not in its manifest'),
      expect.stringContaining('came out different'),
    ]);
    expect(outcomes.map(({ code }) => code)).toEqual([3, 3, 3, 3, 3, 3, 3, 3, 1]);
    expect(existsSync(join(DATA_DIR, 'postgres'))).toBe(false);
    expect((await runCli(['doctor'], { DATA_DIR })).code).toBe(3);
  });

  it('of an older schema is brought up to date', async () => {
    const { file } = await makeBackup(knownMigrations().length - 1);
    const DATA_DIR = join(folderOf({}), 'data');
    await reportOf<RestoreReport>(['restore', file], { DATA_DIR });
    expect((await reportOf<DoctorReport>(['doctor'], { DATA_DIR })).findings).toEqual([]);
    expect(readFileSync(join(DATA_DIR, 'files/ab/picture.png'))).toHaveLength(700);
  });

  it('of a version that took the secret along is restored without it', async () => {
    const { file } = await makeBackup();
    const backup = await openBackup(file);
    const path = join(folderOf({}), 'old.tar');
    const archive = await createArchive(path);
    for (const name of backup.members.keys()) {
      if (name !== MANIFEST && name !== SEAL) await archive.add(name, readFileOf(backup, name));
    }
    const written = await archive.add('data/secret', [Buffer.from(SECRET)]);
    backup.manifest.files.push({ file: 'data/secret', ...written });
    await seal(archive, backup.manifest);
    const DATA_DIR = join(folderOf({}), 'data');
    await reportOf<RestoreReport>(['restore', path], { DATA_DIR });
    expect(readdirSync(DATA_DIR).sort()).toEqual(['files', 'postgres']);
  });
});

describe('the production bundle', { timeout: 300_000 }, () => {
  it('has the command line, with the threads it starts', async () => {
    const { file } = await makeBackup();
    const bundled = ['server/dist/teambrain.js'];
    const script = `import('./scripts/bundle-server.mjs').then(({ bundleServer }) => bundleServer())`;
    expect(await startCli([], {}, ['-e', script]).ended).toMatchObject({ code: 0 });
    const DATA_DIR = join(folderOf({}), 'data');
    const copy = join(folderOf({}), 'copy.tar');
    for (const args of [['restore', file], ['doctor'], ['backup', copy]]) {
      const ended = await startCli(args, { DATA_DIR }, bundled).ended;
      expect(ended.code, ended.stderr).toBe(0);
    }
    const tablesOf = async (path: string) =>
      (await openBackup(path)).manifest.tables.filter(({ name }) => name !== 'instance');
    expect(await tablesOf(copy)).toEqual(await tablesOf(file));
  });
});

describe('a restore that dies while it puts things in place', { timeout: 300_000 }, () => {
  const nameIn = async (dataDir: string) => {
    const { connection, close } = await connectFolder(dataDir);
    const found = await connection.query<{ name: string }>('select name from users');
    await close();
    return found.rows.map(({ name }) => name);
  };

  /** As after a kill: everything new stands in the stage, and `done` of the steps are behind. */
  async function interrupted(done: (dataDir: string, stage: string, old: string) => void) {
    const dataDir = folderOf({ secret: 'old', 'files/old.txt': 'old' });
    const { connection, close } = await connectFolder(dataDir);
    await fill(connection, knownMigrations().length);
    await connection.query(`update users set name = 'Old'`);
    await close();
    const [stage, old] = [join(dataDir, 'restoring-1'), join(dataDir, 'replaced-1')];
    const { file } = await makeBackup();
    await reportOf(['restore', file], { DATA_DIR: stage });
    mkdirSync(old);
    const journal = { stage: basename(stage), old: basename(old) };
    writeFileSync(join(dataDir, 'restore.json'), JSON.stringify(journal));
    done(dataDir, stage, old);
    return dataDir;
  }

  it.each<[string, Parameters<typeof interrupted>[0]]>([
    ['before the first step', () => undefined],
    [
      'after the files',
      (dataDir, stage, old) => {
        renameSync(join(dataDir, 'files'), join(old, 'files'));
        renameSync(join(stage, 'files'), join(dataDir, 'files'));
      },
    ],
    [
      'between the old database and the new one',
      (dataDir, _stage, old) => renameSync(join(dataDir, 'postgres'), join(old, 'postgres')),
    ],
  ])('is finished by the next command, which says so: %s', async (_when, done) => {
    const dataDir = await interrupted(done);
    const finishing = await runCli(['doctor'], { DATA_DIR: dataDir });
    expect(finishing.code).toBe(3);
    expect(finishing.stderr).toContain('had been interrupted. It is complete now');
    expect((await runCli(['doctor'], { DATA_DIR: dataDir })).code).toBe(0);
    expect(await nameIn(dataDir)).toEqual(['Ada “\\” \t😀']);
    expect(await nameIn(join(dataDir, 'replaced-1'))).toEqual(['Old']);
    expect(readFileSync(join(dataDir, 'secret'), 'utf8')).toBe('old');
    expect(existsSync(join(dataDir, 'files/old.txt'))).toBe(false);
    expect(existsSync(join(dataDir, 'replaced-1/files/old.txt'))).toBe(true);
  });
});
