import { readdirSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import * as chat from '@teambrain/contract/chat.ts';
import { search } from '@teambrain/contract/search.ts';
import type { BackupReport } from '../../src/cli/backup.ts';
import type { MigrateReport } from '../../src/cli/migrate.ts';
import type { RestoreReport } from '../../src/cli/restore.ts';
import {
  newInstallation,
  reportOf,
  runCli,
  startCli,
  withDatabase,
  type Environment,
} from '../../src/testing/cli.ts';
import { folderOf } from '../../src/testing/folders.ts';
import { callAs } from '../../src/testing/people.ts';
import { newDataFolder, startServer } from '../../src/testing/server-process.ts';
import { join } from 'node:path';
import { readAll, readLog, settle } from './backup.world.ts';

describe('migrate-to-postgres', { timeout: 600_000 }, () => {
  it('copies the data folder, compares, refuses a second time, and leaves everyone signed in', async () => {
    const { DATABASE_URL = '', ...embedded } = await newInstallation();
    const target = { ...embedded, DATABASE_URL };
    const server = startServer(embedded);
    await server.ready();
    const { first, spaceId } = await settle(server, 2);
    const whileRunning = await runCli(['migrate-to-postgres'], target);
    expect(whileRunning.code).toBe(3);
    expect(whileRunning.stderr).toContain('in use by another TeamBrain');
    const [log, seen] = [await readLog(first.call, spaceId), await readAll(first.call, spaceId)];
    server.kill('SIGTERM');
    await server.ended();

    // A database of something else is none to move to.
    await withDatabase(target, (connection) => connection.query('create table theirs (n int)'));
    const elsewhere = await runCli(['migrate-to-postgres'], target);
    expect([elsewhere.code, elsewhere.stderr]).toEqual([
      3,
      expect.stringContaining('tables of something else'),
    ]);
    // It is still there to be dropped.
    await withDatabase(target, (connection) => connection.query('drop table theirs'));

    // Killed on the way, it leaves an empty database and an untouched folder.
    for (const phase of ['Filling', 'Comparing']) {
      const killed = startCli(['migrate-to-postgres'], target);
      await vi.waitUntil(() => killed.said.includes(phase), { timeout: 120_000, interval: 5 });
      killed.kill('SIGKILL');
      expect((await killed.ended).code).toBe('SIGKILL');
    }

    const before = await reportOf<BackupReport>(['backup', join(folderOf({}), 'b.tar')], embedded);
    const moved = await reportOf<MigrateReport>(['migrate-to-postgres'], target);
    expect(moved.tables).toEqual(before.tables);
    expect((await runCli(['doctor'], target)).code).toBe(0);
    await goBack({ target, before });
    const again = await runCli(['migrate-to-postgres'], target);
    expect(again.code).toBe(3);
    expect(again.stderr).toContain('The database is in use');
    expect(readdirSync(embedded['DATA_DIR'] ?? '').sort()).toEqual(['models', 'postgres']);

    const onServer = startServer(target);
    await onServer.ready();
    const call = callAs(onServer.url, first.token);
    expect(await readLog(call, spaceId)).toEqual(log);
    expect(await readAll(call, spaceId)).toEqual(seen);
    const params = { spaceId };
    await call(chat.postMessage, { params, body: { text: 'a xylophone on the server' } });
    await vi.waitFor(
      async () =>
        expect((await call(search, { query: { q: 'xylophone' } })).items[0]?.snippet).toContain(
          'xylophone',
        ),
      { timeout: 120_000, interval: 1_500 },
    );
    onServer.kill('SIGTERM');
    expect(await onServer.ended()).toBe(0);
    expect((await runCli(['doctor'], target)).code).toBe(0);
  });
});

/** From the server into a new data folder: the same rows as before the move, but for the new epoch. */
async function goBack({ target, before }: { target: Environment; before: BackupReport }) {
  const file = join(folderOf({}), 'back.tar');
  const { tables } = await reportOf<BackupReport>(['backup', file], target);
  const moved = ({ name }: { name: string }) => name !== 'instance';
  expect(tables.filter(moved)).toEqual(before.tables.filter(moved));
  const embedded = { DATA_DIR: newDataFolder() };
  const restored = await reportOf<RestoreReport>(['restore', file], embedded);
  expect(restored.tables).toEqual(tables);
  expect((await runCli(['doctor'], embedded)).code).toBe(0);
}
