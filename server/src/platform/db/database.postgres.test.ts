import { sql } from 'drizzle-orm';
import pg from 'pg';
import { expect, inject, onTestFinished, test } from 'vitest';
import { useFaultyLink } from '../../testing/faulty-link.ts';
import { createServerDatabase } from '../../testing/template.ts';
import { createLog } from '../core/log.ts';
import { newId } from '../core/id.ts';
import { openDatabase } from './database.ts';

const log = createLog('silent');

/** A migrated database, or an `empty` one; and a connection of its administrator. */
async function useDatabase({ isEmpty = false } = {}) {
  const template = inject('serverTemplate');
  if (!template) throw new Error('These tests need PostgreSQL');
  const { url, drop } = await createServerDatabase(template);
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  onTestFinished(async () => {
    await admin.end();
    await drop();
  });
  if (isEmpty) {
    await admin.query(
      'drop schema public cascade; drop schema drizzle cascade; create schema public',
    );
  }
  return { url, admin, open: () => openDatabase({ url, dataDir: null, log }) };
}

test('instances that start at once on an empty database migrate it once', async () => {
  const { admin, open } = await useDatabase({ isEmpty: true });
  const databases = await Promise.all([open(), open(), open(), open()]);
  const runs = await admin.query(
    'select hash, count(*)::int from drizzle.__drizzle_migrations group by 1',
  );
  expect(runs.rows.length).toBeGreaterThan(1);
  expect(new Set(runs.rows.map((row: { count: number }) => row.count))).toEqual(new Set([1]));
  expect((await admin.query('select * from instance')).rows).toHaveLength(1);
  await Promise.all(databases.map((database) => database.close()));
});

test('sessions of the pool have time limits, and vector search its settings', async () => {
  const { open } = await useDatabase();
  const database = await open();
  const { db } = database;
  const show = async (name: string) => {
    const found = await db.execute<{ value: string }>(sql`select current_setting(${name}) "value"`);
    return found.rows[0]?.value;
  };
  expect(await show('statement_timeout')).toBe('5s');
  expect(await show('lock_timeout')).toBe('2s');
  expect(await show('idle_in_transaction_session_timeout')).toBe('10s');
  expect(await show('application_name')).toBe('teambrain');
  await database.close();
});

test('a server that could lose answered writes is refused', async () => {
  const { url, admin, open } = await useDatabase();
  await admin.query(
    `alter database ${new URL(url).pathname.slice(1)} set synchronous_commit = off`,
  );
  await expect(open()).rejects.toThrow(/cannot be used: synchronous_commit is off/);
});

test('a database that is not there, or not UTF-8, is refused by name', async () => {
  const { url, admin } = await useDatabase();
  const missing = new URL(url);
  missing.pathname = '/not_there';
  const open = (address: URL) => openDatabase({ url: address.href, dataDir: null, log });
  await expect(open(missing)).rejects.toThrow('database "not_there" does not exist');
  const other = new URL(url);
  other.pathname = `${url.split('/').at(-1)}_ascii`;
  await admin.query(
    `create database ${other.pathname.slice(1)} template template0 encoding sql_ascii locale 'C'`,
  );
  await expect(open(other)).rejects.toThrow('its encoding is SQL_ASCII; UTF8 is needed');
  await admin.query(`drop database ${other.pathname.slice(1)}`);
});

test('an answered write is there after every session was cut', async () => {
  const { admin, open } = await useDatabase();
  const database = await open();
  const { db } = database;
  const id = newId();
  await db.execute(sql`insert into users (id, name, created_at) values (${id}, 'X', now())`);
  await admin.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  );
  await expect
    .poll(async () => (await db.execute(sql`select 1 from users where id = ${id}`)).rows.length)
    .toBe(1);
  await database.close();
});

test('a session cut between two statements fails its transaction and nothing else', async () => {
  const { admin, open } = await useDatabase();
  const database = await open();
  const { db } = database;
  const transaction = db.transaction(async (tx) => {
    const found = await tx.execute<{ pid: number }>(sql`select pg_backend_pid() pid`);
    await admin.query('select pg_terminate_backend($1)', [found.rows[0]?.pid]);
    // No statement is under way when the end arrives: nobody but a listener hears of it.
    await new Promise((resolve) => setTimeout(resolve, 200));
    await tx.execute(sql`select 1`);
  });
  await expect(transaction).rejects.toThrow();
  expect((await db.execute(sql`select 1 "one"`)).rows).toEqual([{ one: 1 }]);
  await database.close();
});

test('transactions that a silent server never began or answered keep no connection', async () => {
  const { url } = await useDatabase();
  const link = await useFaultyLink(url);
  const through = new URL(url);
  through.port = new URL(link.url).port;
  const database = await openDatabase({ url: through.href, dataDir: null, log });
  const { db } = database;
  const { max } = (db.$client as pg.Pool).options;
  const all = () =>
    Promise.allSettled(
      Array.from({ length: max }, () =>
        db.transaction((tx) => tx.execute(sql`select pg_sleep(0.3)`)),
      ),
    );
  const outcomes = async () => new Set((await all()).map(({ status }) => status));
  expect(await outcomes()).toEqual(new Set(['fulfilled']));
  link.hang();
  // Of some `begin` is not answered, of one the statement after it.
  expect(await outcomes()).toEqual(new Set(['rejected']));
  link.heal();
  expect(await outcomes()).toEqual(new Set(['fulfilled']));
  await database.close();
}, 40_000);
