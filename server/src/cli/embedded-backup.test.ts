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
import { connectFolder } from '../platform/db/connection.ts';
import { knownMigrations } from '../platform/db/migrations.ts';
import { fill, makeBackup, repack } from '../testing/backups.ts';
import { reportOf, runCli } from '../testing/cli.ts';
import { folderOf } from '../testing/folders.ts';
import { openBackup } from './archive.read.ts';
import type { DoctorReport } from './doctor.ts';
import type { Manifest } from './manifest.ts';
import type { RestoreReport } from './restore.ts';

const isRefused = async (bytes: Buffer): Promise<boolean> => {
  const file = join(folderOf({}), 'changed.tar');
  writeFileSync(file, bytes);
  return openBackup(file).then(
    () => false,
    (error: Error) => error.constructor.name === 'RefusedError',
  );
};

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

  it('is refused with any part missing, empty, or under a name that leads elsewhere', async () => {
    const { file } = await makeBackup();
    const names = [...(await openBackup(file)).members.keys()];
    expect(names).toContain('data/files/ab/picture.png');
    expect(names.length).toBeGreaterThan(15);
    const passed: string[] = [];
    const none = Buffer.alloc(0);
    for (const name of names) {
      const only = (next: { name: string; bytes: Buffer } | null) => ({
        part: (one: string, bytes: Buffer) => (one === name ? next : { name: one, bytes }),
      });
      const elsewhere = (path: string) => ({
        part: (one: string, bytes: Buffer) => ({ name: one === name ? path : one, bytes }),
        manifest: ({ tables, files }: Manifest) => {
          for (const entry of [...tables, ...files]) if (entry.file === name) entry.file = path;
        },
      });
      const changes = {
        missing: only(null),
        empty: only({ name, bytes: none }),
        above: elsewhere(`../${name}`),
        inside: elsewhere(`data/files/../../${name}`),
        absolute: elsewhere(`/${name}`),
      };
      for (const [what, change] of Object.entries(changes)) {
        const changed = await repack(file, change);
        if (!(await isRefused(readFileSync(changed)))) passed.push(`${name} ${what}`);
      }
    }
    expect(passed).toEqual([]);
    expect(await isRefused(readFileSync(await repack(file, {})))).toBe(false);
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
    const change = (manifest: (manifest: Manifest) => void) => repack(file, { manifest });
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
    const add = { name: 'data/secret', bytes: Buffer.from('y'.repeat(64)) };
    const path = await repack(file, { add });
    const DATA_DIR = join(folderOf({}), 'data');
    await reportOf<RestoreReport>(['restore', path], { DATA_DIR });
    expect(readdirSync(DATA_DIR).sort()).toEqual(['files', 'postgres']);
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
    await fill(connection);
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
