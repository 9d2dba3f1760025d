import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import * as auth from '@teambrain/contract/auth.ts';
import * as chat from '@teambrain/contract/chat.ts';
import { search } from '@teambrain/contract/search.ts';
import { openBackup, readFileOf } from '../../src/cli/archive.read.ts';
import type { BackupReport } from '../../src/cli/backup.ts';
import type { DoctorReport } from '../../src/cli/doctor.ts';
import type { RestoreReport } from '../../src/cli/restore.ts';
import { newInstallation, reportOf, runCli, type Environment } from '../../src/testing/cli.ts';
import { folderOf } from '../../src/testing/folders.ts';
import { callAs, codeOf } from '../../src/testing/people.ts';
import { newDataFolder, startServer } from '../../src/testing/server-process.ts';
import { openSocket } from '../../src/testing/socket.ts';
import { readAll, readLog, settle, signIn, write, type Sent } from './backup.world.ts';

const WRITERS = 8;

const start = async (env: Environment) => {
  const server = startServer(env);
  await server.ready();
  return server;
};

const doctor = (env: Environment) => reportOf<DoctorReport>(['doctor'], env);

/** Where a backup of this project goes back to: the same kind of database, and an embedded one. */
const targets = async (): Promise<Environment[]> => {
  const same = await newInstallation();
  return same['DATABASE_URL']
    ? [same, { DATA_DIR: newDataFolder(), TRUSTED_PROXIES: '127.0.0.1' }]
    : [same];
};

describe('a backup taken while people write', { timeout: 600_000 }, () => {
  it('holds one moment, and comes back as it was under a new epoch', async () => {
    // Writers must not come to rest at a limit before the backup has begun.
    const env = { ...(await newInstallation()), LIMITS: 'write=99999/60 write.burst=9999/5' };
    const server = await start(env);
    const { people, first, spaceId, edited, deleted, entry } = await settle(server, WRITERS);
    const socket = await openSocket(server.url, { token: first.token });
    const { epoch } = await socket.next('welcome');

    const sent: Sent[] = [];
    let isOver = false;
    const writing = people.map(({ call }, n) =>
      write(call, spaceId, sent, { name: `Writer ${n + 1}`, isOver: () => isOver }),
    );
    await vi.waitUntil(() => sent.length >= 3 * WRITERS, { timeout: 60_000 });
    const startedAt = performance.now();
    const file = join(folderOf({}), 'team.tar');
    const report = await reportOf<BackupReport>(['backup', file], env);
    const during = sent.filter(({ ackedAt }) => (ackedAt ?? 0) > startedAt).length;
    // The running server was asked as well, and went on.
    expect((await doctor(env)).findings).toEqual([]);
    isOver = true;
    await Promise.all(writing);
    expect(during).toBeGreaterThan(0);
    expect(report.logEpoch).toBe(epoch);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(leftIn(env)).toEqual([]);
    const before = await readLog(first.call, spaceId);
    const seen = await readAll(first.call, spaceId);
    server.kill('SIGTERM');
    await server.ended();

    for (const target of await targets()) {
      const restored = await reportOf<RestoreReport>(['restore', file], target);
      expect(restored.tables).toEqual(report.tables);
      expect(restored.logEpoch).not.toBe(epoch);
      expect((await doctor(target)).findings).toEqual([]);

      const again = await start(target);
      // Sessions of before have ended: some of them may have been ended since.
      const old = people.map(({ token }) => codeOf(callAs(again.url, token)(auth.getMe, {})));
      expect(await Promise.all(old)).not.toContain(null);
      const { call, token } = await signIn(again, 'login', 1);

      const log = await readLog(call, spaceId);
      expect(log).toEqual(before.slice(0, log.length));
      expect(log.length).toBeLessThan(before.length);
      const texts = new Map(
        log.flatMap((event) =>
          event.type === 'message.posted' ? [[event.data.message.id, event.data.message.text]] : [],
        ),
      );
      const lost = sent.filter(
        ({ id, text, ackedAt }) => (ackedAt ?? 0) < startedAt && texts.get(id) !== text,
      );
      expect(lost).toEqual([]);
      const now = await readAll(call, spaceId);
      expect(now.entries).toEqual(seen.entries);
      expect(now.entries.map(({ id }) => id)).toEqual([entry.id]);
      expect(now.messages).toEqual(seen.messages.slice(0, now.messages.length));
      expect(now.messages.find(({ id }) => id === edited.id)?.text).toBe('the second wording');
      expect(now.messages.find(({ id }) => id === deleted.id)?.text).toBe('');

      // A window of before does not go on where it was, even if the log has that place.
      const window = await openSocket(again.url, {
        token,
        epoch,
        spaces: [{ id: spaceId, after: 2 }],
      });
      expect((await window.next('welcome')).epoch).toBe(restored.logEpoch);
      expect(await window.next('reset')).toMatchObject({ space: spaceId, reason: 'epoch' });
      window.close();

      // Followers go on behind what they had: old and new messages are found.
      const params = { spaceId };
      await call(chat.postMessage, { params, body: { text: 'a xylophone after the restore' } });
      await vi.waitFor(
        async () => {
          for (const q of ['xylophone', 'wording']) {
            // The exact word first; what is near in meaning may follow.
            expect((await call(search, { query: { q } })).items[0]?.snippet, q).toContain(q);
          }
        },
        // On a shared server, followers wait for the long transactions of other tests.
        { timeout: 120_000, interval: 1_500 },
      );
      again.kill('SIGTERM');
      expect(await again.ended()).toBe(0);
      expect((await doctor(target)).findings).toEqual([]);
    }
  });
});

/** Anything that a command left in the data folder. */
const leftIn = ({ DATA_DIR = '' }: Environment) =>
  readdirSync(DATA_DIR).filter((name) => /^(?:snapshot|restoring|replaced)-/.test(name));

describe('a restore', { timeout: 600_000 }, () => {
  it('refuses a database in use, and replaces it when told, keeping the old one', async () => {
    const env = await newInstallation();
    let server = await start(env);
    const { spaceId } = await settle(server, 1);
    const running = await runCli(['restore', 'none.tar'], env);
    const file = join(folderOf({}), 'team.tar');
    await reportOf(['backup', file], env);
    const whileRunning = await runCli(['restore', file, '--replace'], env);
    expect([running.code, whileRunning.code]).toEqual([3, 3]);
    expect(whileRunning.stderr).toMatch(/in use by another|runs on this database/);

    const { call } = await signIn(server, 'login', 1);
    const params = { spaceId };
    await call(chat.postMessage, { params, body: { text: 'after the backup' } });
    server.kill('SIGTERM');
    await server.ended();

    const refused = await runCli(['restore', file], env);
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain('The database is in use');
    server = await start(env);
    const kept = await signIn(server, 'login', 1);
    expect((await readAll(kept.call, spaceId)).messages.at(-1)?.text).toBe('after the backup');
    server.kill('SIGTERM');
    await server.ended();

    const report = await reportOf<RestoreReport>(['restore', file, '--replace'], env);
    expect(report.kept).toMatch(/replaced/);
    if (!env['DATABASE_URL']) expect(existsSync(join(report.kept ?? '', 'postgres'))).toBe(true);
    server = await start(env);
    const after = await signIn(server, 'login', 1);
    const { messages } = await readAll(after.call, spaceId);
    expect(messages.map(({ text }) => text)).toEqual(['the second wording', '']);
    server.kill('SIGTERM');
    await server.ended();
  });

  it('puts a database where nothing was; no secret is in the backup, the start makes another', async () => {
    const source = { DATA_DIR: newDataFolder() };
    let server = await start(source);
    const { first } = await settle(server, 1);
    server.kill('SIGTERM');
    await server.ended();
    const file = join(folderOf({}), 'team.tar');
    const { files } = await reportOf<BackupReport>(['backup', file], source);
    expect(files).toEqual([]);
    const secretIn = (folder: string) => readFileSync(join(folder, 'secret'), 'utf8');
    const secret = secretIn(source.DATA_DIR);
    const texts = await textsIn(file);
    expect(texts.join('')).toContain('the second wording');
    for (const one of [secret, first.token, 'a password that survives']) {
      expect(texts.filter((text) => text.includes(one))).toEqual([]);
    }

    const DATA_DIR = join(folderOf({}), 'new', 'place');
    await reportOf(['restore', file], { DATA_DIR });
    const mode = (name: string) => statSync(join(DATA_DIR, name)).mode & 0o777;
    expect(mode('')).toBe(0o700);
    expect(readdirSync(DATA_DIR)).toEqual(['postgres']);
    expect((await doctor({ DATA_DIR })).findings).toEqual([]);
    server = await start({ DATA_DIR });
    expect(mode('secret')).toBe(0o600);
    expect(secretIn(DATA_DIR)).not.toBe(secret);
    expect(await codeOf(callAs(server.url, first.token)(auth.getMe, {}))).toBe('session-ended');
  });
});

/** What can be read in a backup: its bytes, and those of its parts unpacked. */
async function textsIn(file: string): Promise<string[]> {
  const backup = await openBackup(file);
  const texts = [readFileSync(file, 'latin1')];
  for (const name of backup.members.keys()) {
    if (!name.endsWith('.gz')) continue;
    const parts: Buffer[] = [];
    for await (const part of readFileOf(backup, name)) parts.push(part);
    texts.push(gunzipSync(Buffer.concat(parts)).toString('utf8'));
  }
  return texts;
}
