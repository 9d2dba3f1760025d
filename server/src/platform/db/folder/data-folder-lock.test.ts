import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { newDataFolder, startServer } from '../../../testing/server-process.ts';
import { DataFolderBusyError, lockDataFolder } from './data-folder-lock.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'teambrain-lock-'));
  return () => rmSync(folder, { recursive: true, force: true });
});

const beatOf = (host: string, at: number) => JSON.stringify({ pid: 1, host, at });
const writeBeat = (text: string) => writeFileSync(join(folder, 'lock.json'), text);

describe('a data folder', () => {
  it('has one holder at a time, by whatever path', async () => {
    const lock = await lockDataFolder(folder);
    const link = `${folder}-link`;
    symlinkSync(folder, link);
    onTestFinished(() => rmSync(link));
    for (const path of [folder, `${folder}/`, link]) {
      await expect(lockDataFolder(path)).rejects.toThrow(DataFolderBusyError);
    }
    await lock.release();
    const next = await lockDataFolder(link);
    await expect(lockDataFolder(folder)).rejects.toThrow('is in use by another TeamBrain');
    await next.release();
  });

  it('goes to one of ten that ask at the same moment', async () => {
    const asked = await Promise.allSettled(
      Array.from({ length: 10 }, () => lockDataFolder(folder)),
    );
    const given = asked.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(given).toHaveLength(1);
    await given[0]?.release();
  });

  it.each([
    ['an old beat of this host', () => beatOf(hostname(), Date.now() - 60_000)],
    ['an old beat of another host', () => beatOf('elsewhere', Date.now() - 60_000)],
    ['a beat torn by a crash', () => '{"pid": 12'],
    ['an empty beat', () => ''],
  ])('is free with %s', async (_what, text) => {
    writeBeat(text());
    const lock = await lockDataFolder(folder);
    const beat = JSON.parse(readFileSync(join(folder, 'lock.json'), 'utf8')) as { pid: number };
    expect(beat.pid).toBe(process.pid);
    await lock.release();
  });

  it('is busy while another host’s heart beats, and free when it has stopped', async () => {
    const beat = () => writeBeat(beatOf('elsewhere', Date.now()));
    beat();
    const timer = setInterval(beat, 500);
    await expect(lockDataFolder(folder)).rejects.toThrow('host elsewhere');
    clearInterval(timer);
    beat();
    const lock = await lockDataFolder(folder);
    await lock.release();
    expect(() => readFileSync(join(folder, 'lock.json'))).toThrow('ENOENT');
  });
});

describe('a second TeamBrain on the same data folder', { timeout: 180_000 }, () => {
  it('does not start and says why; the first is not disturbed, and its death frees the folder', async () => {
    const dataFolder = newDataFolder();
    const env = { DATA_DIR: dataFolder };
    const first = startServer(env);
    await first.ready();
    const second = startServer(env);
    expect(await second.ended()).toBe(1);
    expect(second.output).toContain('TeamBrain did not start');
    expect(second.output).toContain(`The data folder ${dataFolder} is in use`);
    expect(second.output).toContain('DATA_DIR');
    expect(second.output).not.toMatch(/\n\s+at /);
    expect((await fetch(`${first.url}/readyz`)).status).toBe(200);

    first.kill('SIGKILL');
    expect(await first.ended()).toBe('SIGKILL');
    const third = startServer(env);
    await third.ready();
    expect((await fetch(`${third.url}/readyz`)).status).toBe(200);
    third.kill('SIGINT');
    expect(await third.ended()).toBe(0);
  });
});
