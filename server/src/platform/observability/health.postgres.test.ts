import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { expect, inject, onTestFinished, test } from 'vitest';
import type { Config } from '../../config.ts';
import { openDatabase } from '../db/database.ts';
import { createLog } from '../core/log.ts';
import { useFaultyLink } from '../../testing/faulty-link.ts';
import { createServerDatabase } from '../../testing/template.ts';
import { useTestApp } from '../../testing/test-app.ts';

async function newDatabase() {
  const template = inject('serverTemplate');
  if (!template) throw new Error('These tests need PostgreSQL');
  const { url, drop } = await createServerDatabase(template);
  const admin = new pg.Client({ connectionString: template.url });
  await admin.connect();
  onTestFinished(async () => {
    await admin.end();
    await drop();
  });
  return { url, admin };
}

/** TeamBrain on the database that this URL leads to. */
async function startOn(url: string, config: Partial<Config> = {}) {
  const database = await openDatabase({ url, dataDir: null, log: createLog('silent') });
  const app = await useTestApp({ database, config });
  return { app, statusOf: async (path: string) => (await fetch(`${app.url}${path}`)).status };
}

test('is not ready while the database is away, and ready again when it is back', async () => {
  const { url, admin } = await newDatabase();
  const { statusOf } = await startOn(url);
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

test('a database that swallows every packet: probes and scrapes answer, and one question waits', async () => {
  const { url } = await newDatabase();
  const link = await useFaultyLink(url);
  const metricsToken = randomBytes(48).toString('base64');
  const through = Object.assign(new URL(url), { port: new URL(link.url).port });
  const { app, statusOf } = await startOn(through.href, { metricsToken });
  const headers = { authorization: `Bearer ${metricsToken}` };
  const scrape = async () => (await fetch(`${app.url}/metrics`, { headers })).text();
  expect(await statusOf('/readyz')).toBe(200);
  expect(await scrape()).toMatch(/^teambrain_follower_lag_events 0$/m);

  link.hang();
  const began = performance.now();
  const statuses = await Promise.all(Array.from({ length: 30 }, () => statusOf('/readyz')));
  expect(new Set(statuses)).toEqual(new Set([503]));
  // Each patience is 2 s; a database driver's own would be 3 s and more.
  expect(performance.now() - began).toBeLessThan(10_000);
  expect(await statusOf('/livez')).toBe(200);
  const page = await scrape();
  expect(page).toMatch(/^teambrain_follower_lag_events (?:NaN|Nan)$/m);
  // Thirty probes took one connection, not all there are.
  const busy = Number(/^teambrain_db_pool_connections\{state="waiting"\} (\d+)/m.exec(page)?.[1]);
  expect(busy).toBe(0);
  link.heal();
  await expect.poll(() => statusOf('/readyz'), { timeout: 20_000 }).toBe(200);
});
