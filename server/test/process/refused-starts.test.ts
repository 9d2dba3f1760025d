import { lstatSync, chmodSync, mkdirSync, readdirSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { folderOf, mountSmall } from '../../src/testing/folders.ts';
import { register } from '../../src/testing/people.ts';
import { newDataFolder, startServer } from '../../src/testing/server-process.ts';
import { createSpace } from '../../src/testing/space.ts';

/** Only root may mount; `npm test` says so elsewhere. */
const canMount = process.getuid?.() === 0;

/** What a start says that ends by itself. */
async function refusalOf(env: Record<string, string>): Promise<string> {
  const server = startServer({ DATA_DIR: newDataFolder(), ...env });
  expect(await server.ended()).toBe(1);
  expect(server.output).not.toMatch(/\n\s+at |node:internal|\\n\s+at /);
  const last = server.output.trim().split('\n').at(-1) ?? '';
  const { event, msg } = JSON.parse(last) as { event: string; msg: string };
  expect(event).toBe('failed');
  return msg;
}

describe('a start that cannot succeed ends with a sentence', { timeout: 180_000 }, () => {
  it('when the port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await vi.waitUntil(() => other.listening);
    const { port } = other.address() as AddressInfo;
    const said = await refusalOf({ PORT: String(port) });
    expect(said).toContain(`The port is in use: ${port} on 127.0.0.1. Set PORT to another one`);
    other.close();
  });

  it.each([
    ['203.0.113.7', /HOST is an address that this machine does not have: 203\.0\.113\.7/],
    ['2001:db8::7', /HOST is (?:an address|of a kind) that this machine does not have/],
    ['no-such-host.invalid', /HOST is a name that (?:leads nowhere|cannot be looked up now)/],
    ['http://localhost', /HOST is a name that (?:leads nowhere|cannot be looked up now)/],
  ])('when HOST is %s', async (host, why) => {
    expect(await refusalOf({ HOST: host })).toMatch(why);
  });

  it('when DATA_DIR is a file, lies below one, or cannot exist', async () => {
    const file = join(folderOf({ file: 'x' }), 'file');
    expect(await refusalOf({ DATA_DIR: file })).toMatch(/cannot be used: it is a file/);
    expect(await refusalOf({ DATA_DIR: join(file, 'data') })).toMatch(/lies below one/);
    expect(await refusalOf({ DATA_DIR: '/proc/nowhere/data' })).toMatch(/makes no folder there/);
  });

  it.runIf(canMount)('when the disk is full, or read-only', async () => {
    const full = folderOf({});
    mountSmall(full, 65_536);
    expect(await refusalOf({ DATA_DIR: join(full, 'data') })).toMatch(/disk is full/);
    expect(await refusalOf({ DATA_DIR: '/sys/fs/teambrain' })).toMatch(/cannot be used/);
  });

  it('when the address of a service cannot be read', async () => {
    const secret = 'Zm9yIHRlc3RzIG9ubHksIGJ1dCBsb25nIGVub3VnaCBmb3I=';
    for (const url of ['postgres://u:p%zz@db/x', 'postgres://u@db:99999/x', 'postgres://u@[::/x']) {
      expect(await refusalOf({ DATABASE_URL: url, SECRET: secret })).toMatch(/DATABASE_URL is not/);
    }
    expect(await refusalOf({ REDIS_URL: 'redis://h:x' })).toMatch(/REDIS_URL is not a URL/);
  });
});

describe('at rest', { timeout: 120_000 }, () => {
  it('nothing in a data folder is open to others, also where it was before', async () => {
    const data = newDataFolder();
    chmodSync(data, 0o777);
    const live = async () => {
      process.umask(0o000);
      const server = startServer({ DATA_DIR: data });
      process.umask(0o022);
      await server.ready();
      await createSpace(await register(server.url, 'Ada'), []);
      return server;
    };
    const first = await live();
    expect(openTo(data)).toEqual([]);
    first.kill('SIGTERM');
    await first.ended();
    const all = readdirSync(join(data, 'postgres'), { recursive: true, withFileTypes: true });
    for (const entry of all) {
      chmodSync(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o777 : 0o666);
    }
    mkdirSync(join(data, 'files'), { mode: 0o777 });
    expect(openTo(data).length).toBeGreaterThan(500);
    const second = await live();
    expect(openTo(data)).toEqual([]);
    second.kill('SIGTERM');
    expect(await second.ended()).toBe(0);
  });
});

/** Files and folders that others may read or write; the tests' model is a link to elsewhere. */
function openTo(data: string): string[] {
  return ['.', ...readdirSync(data, { recursive: true }).map(String)].filter((path) => {
    if (path.startsWith('models/')) return false;
    const found = lstatSync(join(data, path), { throwIfNoEntry: false });
    return found && !found.isSymbolicLink() && (found.mode & 0o077) !== 0;
  });
}
