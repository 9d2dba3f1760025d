import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeBackup } from '../../src/testing/backups.ts';
import { runCli, type Environment } from '../../src/testing/cli.ts';
import { folderOf, mountSmall } from '../../src/testing/folders.ts';

/** Only root may make the small file system of one test; `npm test` says so elsewhere. */
const canMount = process.getuid?.() === 0;
const NAMES = ['backup', 'restore', 'doctor', 'migrate-to-postgres'] as const;

/** A command line, what it ends with, and what it says where: nothing else is on standard output. */
type Case = [args: string[], code: number, said: RegExp, env?: Environment];

const wrong: Case[] = [
  [[], 2, /teambrain <command>/],
  [['launch'], 2, /There is no command launch/],
  [['constructor'], 2, /There is no command constructor/],
  [['--json'], 2, /There is no command --json/],
  [['backup', '--fast'], 2, /Unknown option '--fast'/],
  [['backup', '--replace'], 2, /Unknown option '--replace'/],
  [['backup', '--json=yes'], 2, /does not take an argument/],
  [['backup', 'a.tar', 'b.tar'], 2, /one argument too many/],
  [['restore'], 2, /<file> is missing/],
  [['restore', '--replace'], 2, /<file> is missing/],
  [['restore', 'a.tar', 'b.tar'], 2, /one argument too many/],
  [['restore', 'a.tar', '--with-deleted'], 2, /--with-deleted goes with --replace/],
  [['doctor', 'extra'], 2, /one argument too many/],
  [['doctor', '--replace'], 2, /Unknown option '--replace'/],
  [['migrate-to-postgres', 'postgres://x'], 2, /one argument too many/],
  [['migrate-to-postgres'], 2, /DATABASE_URL is not set/],
  [['doctor'], 2, /DATABASE_URL is set but empty/, { DATABASE_URL: '' }],
  [['doctor'], 2, /DATABASE_URL has a value that cannot/, { DATABASE_URL: 'mysql://db/x' }],
  [['doctor'], 1, /ECONNREFUSED/, { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' }],
  [['backup'], 3, /There is no TeamBrain in the data folder/],
  [['doctor', '--json'], 3, /There is no TeamBrain in the data folder/],
  [
    ['migrate-to-postgres'],
    3,
    /There is no TeamBrain/,
    { DATABASE_URL: 'postgres://x@127.0.0.1:1/x' },
  ],
  [['restore', 'nothing.tar'], 3, /The backup cannot be read/],
  [['restore', 'server'], 3, /The backup cannot be read: it is not a file/],
];

describe('the command line', { timeout: 300_000 }, () => {
  it('explains each command, and lists them all', async () => {
    const helps = [['--help'], ['-h'], ['help'], ...NAMES.map((name) => [name, '--help'])];
    const ended = await inTurn(helps, (args) => runCli(args, {}));
    expect(ended.map(({ code, stderr }) => [code, stderr])).toEqual(helps.map(() => [0, '']));
    for (const [n, name] of NAMES.entries()) {
      expect(ended[0]?.stdout).toContain(`\n  ${name}`);
      expect(ended[n + 3]?.stdout).toMatch(new RegExp(`^teambrain ${name}\\b`));
      expect(ended[n + 3]?.stdout).toContain('Ends with 0 when done');
    }
  });

  it('refuses what it does not know or cannot use, with the code it promises, and touches nothing', async () => {
    const DATA_DIR = join(folderOf({}), 'nothing');
    const ended = await inTurn(wrong, ([args, , , env]) => runCli(args, { DATA_DIR, ...env }));
    for (const [n, [args, code, said, env]] of wrong.entries()) {
      const what = `teambrain ${args.join(' ')} ${JSON.stringify(env ?? {})}`;
      const { stdout, stderr, ...end } = ended[n] ?? expect.fail(what);
      expect(end.code, `${what}: ${stderr}`).toBe(code);
      expect(stderr, what).toMatch(said);
      expect(stderr, what).not.toMatch(/\n\s+at /);
      expect(stdout, what).toBe('');
    }
    expect(existsSync(DATA_DIR)).toBe(false);
  });
});

describe('where a backup goes', { timeout: 300_000 }, () => {
  it('is never over something, nor where nothing can be written', async () => {
    const { dataDir } = await makeBackup();
    const folder = folderOf({ 'monday.tar': 'of monday' });
    mkdirSync(join(folder, 'folder'));
    for (const [file, code, said] of [
      ['monday.tar', 3, /monday\.tar exists already/],
      ['folder', 3, /exists already/],
      ['missing/tuesday.tar', 1, /ENOENT/],
    ] as const) {
      const ended = await runCli(['backup', join(folder, file)], { DATA_DIR: dataDir });
      expect([file, ended.code]).toEqual([file, code]);
      expect(ended.stderr).toMatch(said);
    }
    expect(readdirSync(folder).sort()).toEqual(['folder', 'monday.tar']);
    expect(readFileSync(join(folder, 'monday.tar'), 'utf8')).toBe('of monday');
  });

  it.runIf(canMount)(
    'leaves the former backup whole and nothing else when the disk is full',
    async () => {
      const { dataDir, file } = await makeBackup();
      const disk = folderOf({});
      // Room for the former one and two pages more.
      mountSmall(disk, (Math.ceil(statSync(file).size / 4_096) + 2) * 4_096);
      copyFileSync(file, join(disk, 'former.tar'));
      const ended = await runCli(['backup', join(disk, 'next.tar')], { DATA_DIR: dataDir });
      expect(ended.code).toBe(1);
      expect(ended.stderr).toMatch(/It failed: ENOSPC: no space left on device/);
      expect(readdirSync(disk)).toEqual(['former.tar']);
      expect(readFileSync(join(disk, 'former.tar')).equals(readFileSync(file))).toBe(true);
      // With room it goes through, so it was the disk.
      execFileSync('mount', ['-o', 'remount,size=4m', disk]);
      expect((await runCli(['backup', join(disk, 'next.tar')], { DATA_DIR: dataDir })).code).toBe(
        0,
      );
    },
  );
});

/** Two at a time: each is a process. */
async function inTurn<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let at = 0; at < items.length; at += 2) {
    results.push(...(await Promise.all(items.slice(at, at + 2).map(work))));
  }
  return results;
}
