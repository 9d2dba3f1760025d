import pg from 'pg';
import { expect, inject, onTestFinished, test } from 'vitest';
import { openDatabase } from '../db/database.ts';
import { createLog } from '../core/log.ts';
import { createServerDatabase } from '../../testing/template.ts';
import { useTestApp } from '../../testing/test-app.ts';

test('is not ready while the database is away, and ready again when it is back', async () => {
  const template = inject('serverTemplate');
  if (!template) throw new Error('These tests need PostgreSQL');
  const { url, drop } = await createServerDatabase(template);
  const admin = new pg.Client({ connectionString: template.url });
  await admin.connect();
  onTestFinished(async () => {
    await admin.end();
    await drop();
  });
  const database = await openDatabase({ url, dataDir: null, log: createLog('silent') });
  const app = await useTestApp({ database });
  const statusOf = async (path: string) => (await fetch(`${app.url}${path}`)).status;
  expect([await statusOf('/readyz'), await statusOf('/livez')]).toEqual([200, 200]);

  const name = new URL(url).pathname.slice(1);
  await admin.query(`alter database ${name} allow_connections false`);
  await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [
    name,
  ]);
  await expect.poll(() => statusOf('/readyz'), { timeout: 10_000 }).toBe(503);
  expect(await statusOf('/livez')).toBe(200);

  await admin.query(`alter database ${name} allow_connections true`);
  await expect.poll(() => statusOf('/readyz'), { timeout: 10_000 }).toBe(200);
});
