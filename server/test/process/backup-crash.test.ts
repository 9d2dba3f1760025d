import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, it, vi } from 'vitest';
import type { BackupReport } from '../../src/cli/backup.ts';
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
import { startServer } from '../../src/testing/server-process.ts';

const ROWS = 60_000;
/** Megabytes of memory that JavaScript values may take; the rows alone are 120. */
const HEAP = 100;
const LITTLE = { NODE_OPTIONS: `--max-old-space-size=${HEAP}` };

/** A database that takes a while: one table far larger than what is in memory at once. */
async function newLarge(): Promise<Environment> {
  const env = await newInstallation();
  const server = startServer(env);
  await server.ready();
  server.kill('SIGTERM');
  await server.ended();
  await withDatabase(env, (connection) =>
    connection.query(
      `insert into audit_log (id, at, action)
       select gen_random_uuid(), now(), n || repeat('what happened ', 150) from generate_series(1, $1::int) n`,
      [ROWS],
    ),
  );
  return env;
}

const rowsOf = (env: Environment) =>
  withDatabase(env, async (connection) => {
    const { rows } = await connection.query<{ n: number }>('select count(*)::int n from audit_log');
    return rows[0]?.n;
  });

describe('a table far larger than memory', { timeout: 600_000 }, () => {
  it('is backed up and restored a few rows at a time; kill -9 anywhere leaves nothing that looks whole', async () => {
    const env = await newLarge();
    const folder = folderOf({});
    const file = join(folder, 'team.tar');

    // Killed while it writes: no file of that name, and what there is is refused.
    const partial = `${file}.partial`;
    const killed = startCli(['backup', file], env);
    await vi.waitUntil(() => existsSync(partial) && readFileSync(partial).length > 10_000, {
      timeout: 120_000,
    });
    killed.kill('SIGKILL');
    expect((await killed.ended).code).toBe('SIGKILL');
    expect(existsSync(file)).toBe(false);
    const other = await newInstallation();
    expect((await runCli(['restore', partial], other)).code).toBe(3);

    const made = await reportOf<BackupReport>(['backup', file], { ...env, ...LITTLE });
    expect(made.tables.find(({ name }) => name === 'audit_log')?.rows).toBe(ROWS);
    expect(readdirSync(folder)).toEqual(['team.tar']);

    // Killed while it fills and while it compares, beside what is there: that is as it was.
    for (const phase of ['Filling', 'Comparing']) {
      const restoring = startCli(['restore', file, '--replace'], env);
      await vi.waitUntil(() => restoring.said.includes(phase), { timeout: 240_000, interval: 5 });
      restoring.kill('SIGKILL');
      expect((await restoring.ended).code).toBe('SIGKILL');
      expect((await runCli(['doctor'], env)).code, phase).toBe(0);
      expect(await rowsOf(env)).toBe(ROWS);
    }
    const { DATA_DIR = '' } = env;
    expect(readdirSync(DATA_DIR).filter((name) => /^(?:restor|replaced)/.test(name))).toEqual([]);

    // Stopped politely, it cleans up at once.
    const stopped = startCli(['restore', file], other);
    await vi.waitUntil(() => stopped.said.includes('Filling'), { timeout: 240_000, interval: 5 });
    stopped.kill('SIGINT');
    expect(await stopped.ended).toMatchObject({ code: 130, stderr: /Nothing was changed/ });
    if (!inject('serverTemplate'))
      expect(existsSync(join(other['DATA_DIR'] ?? '', 'postgres'))).toBe(false);

    const report = await reportOf<RestoreReport>(['restore', file], { ...other, ...LITTLE });
    expect(report.tables).toEqual(made.tables);
    expect(await rowsOf(other)).toBe(ROWS);
    rmSync(file);
  });
});
