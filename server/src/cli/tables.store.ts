import { getTableName, is } from 'drizzle-orm';
import { PgTable } from 'drizzle-orm/pg-core';
import type { Connection } from '../platform/db/connection.ts';
import * as chat from '../platform/db/schema.chat.ts';
import * as drafts from '../platform/db/schema/drafts.ts';
import * as files from '../platform/db/schema.files.ts';
import * as groups from '../platform/db/schema/groups.ts';
import * as jobs from '../platform/db/schema/jobs.ts';
import * as links from '../platform/db/schema.links.ts';
import * as search from '../platform/db/schema.search.ts';
import * as schema from '../platform/db/schema.ts';

/** A table as the catalogue describes it. */
export interface Table {
  name: string;
  /** Those that hold data of their own, in the table's order. */
  columns: string[];
  /** Primary key; empty if there is none. */
  key: { name: string; isText: boolean }[];
}

/** Names of the tables of this version. */
export const ownTables = (): Set<string> =>
  new Set(
    Object.values({
      ...schema,
      ...chat,
      ...drafts,
      ...files,
      ...groups,
      ...jobs,
      ...links,
      ...search,
    }).flatMap((one) => (is(one, PgTable) ? [getTableName(one)] : [])),
  );

const LARGEST = `'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid`;
const position = (alias: string) => `(${alias}.tx, ${alias}.space_id, ${alias}.seq)`;

/**
 * Columns that mean something on their own server only. Transaction ids order the log for followers;
 * in a backup they become small numbers that any server has behind it: one for all events before the
 * first follower's place, the next for those up to the second's, and so on. A follower's place is
 * then the end of its number. Reading a restored database gives the same numbers again.
 */
const PORTABLE: Record<string, string> = {
  'events.tx': `(1 + (select count(distinct ${position('c')}) from public.follower_cursors c
    where ${position('c')} < ${position('t')}))::text::xid8`,
  'follower_cursors.tx': `(select count(distinct ${position('c')}) from public.follower_cursors c
    where ${position('c')} <= ${position('t')})::text::xid8`,
  'follower_cursors.space_id': LARGEST,
  'follower_cursors.seq': `${Number.MAX_SAFE_INTEGER}::bigint`,
  // A lease belongs to a process.
  'jobs.lease': 'null::uuid',
  'jobs.lease_until': 'null::timestamptz',
  'follower_cursors.lease_owner': 'null::uuid',
  'follower_cursors.lease_until': 'null::timestamptz',
};

/** Everything after is read at one moment and written the same way by every server. */
export async function beginSnapshot(connection: Connection): Promise<void> {
  await connection.query('begin isolation level repeatable read read only');
  await connection.query('set local statement_timeout = 0');
  await connection.query('set local idle_in_transaction_session_timeout = 0');
  await setNotation(connection);
}

/** How values are written as text; for this transaction. */
export async function setNotation(connection: Connection): Promise<void> {
  await connection.query(`set local timezone = 'UTC'`);
  await connection.query('set local extra_float_digits = 1');
}

/** The tables of schema public that belong to no extension, by name. */
export async function listTables(connection: Connection): Promise<Table[]> {
  const { rows } = await connection.query<{
    name: string;
    columns: string[] | null;
    key: Table['key'] | null;
  }>(`
    select c.relname as name,
      (select json_agg(a.attname order by a.attnum) from pg_attribute a
       where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '')
        as columns,
      (select json_agg(json_build_object('name', a.attname, 'isText', t.typcategory = 'S')
         order by k.place)
       from pg_index i cross join lateral unnest(i.indkey) with ordinality k(number, place)
       join pg_attribute a on a.attrelid = c.oid and a.attnum = k.number
       join pg_type t on t.oid = a.atttypid
       where i.indrelid = c.oid and i.indisprimary) as key
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
      and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass
        and d.objid = c.oid and d.deptype = 'e')
    order by c.relname collate "C"`);
  return rows.map(({ name, columns, key }) => ({ name, columns: columns ?? [], key: key ?? [] }));
}

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Bytes of text to have in memory at once, about. */
const STEP_BYTES = 1_000_000;
const MAX_STEP = 2_000;

/** The table's rows as lines of JSON in the order of their key, a few at a time. */
export async function* readLines(connection: Connection, table: Table): AsyncGenerator<string[]> {
  const columns = table.columns.map((column) => {
    const name = quoted(column);
    return `${PORTABLE[`${table.name}.${column}`] ?? `t.${name}`} as ${name}`;
  });
  const line = `(select row_to_json(r) from (select ${columns.join(', ')}) r)::text`;
  const order = table.key.map(({ name, isText }) =>
    // The order of bytes, which every server has.
    isText ? `t.${quoted(name)} collate "C"` : `t.${quoted(name)}`,
  );
  const by = order.length > 0 ? order.join(', ') : 't::text collate "C"';
  await connection.query(
    `declare dump no scroll cursor for
     select ${line} as line from public.${quoted(table.name)} t order by ${by}`,
  );
  for (let step = 50; ;) {
    const { rows } = await connection.query<{ line: string }>(`fetch ${step} from dump`);
    if (rows.length === 0) break;
    const lines = rows.map((row) => row.line);
    const size = lines.reduce((sum, { length }) => sum + length, 0) / lines.length;
    step = Math.max(1, Math.min(MAX_STEP, Math.floor(STEP_BYTES / size)));
    yield lines;
  }
  await connection.query('close dump');
}

/** Inserts rows given as lines of JSON. */
export async function insertLines(
  connection: Connection,
  table: Table,
  lines: readonly string[],
): Promise<void> {
  const name = `public.${quoted(table.name)}`;
  const columns = table.columns.map(quoted).join(', ');
  await connection.query(
    `insert into ${name} (${columns}) overriding system value
     select ${columns} from json_populate_recordset(null::${name}, $1::json)`,
    [`[${lines.join(',')}]`],
  );
}

/** Takes the foreign keys away, so that tables can be filled in any order. @returns puts them back */
export async function liftForeignKeys(connection: Connection): Promise<() => Promise<void>> {
  const { rows } = await connection.query<Record<'owner' | 'name' | 'definition', string>>(`
    select conrelid::regclass::text as owner, conname as name,
      pg_get_constraintdef(oid) as definition
    from pg_constraint
    where contype = 'f' and connamespace = 'public'::regnamespace and conparentid = 0`);
  for (const { owner, name } of rows) {
    await connection.query(`alter table ${owner} drop constraint ${quoted(name)}`);
  }
  return async () => {
    for (const { owner, name, definition } of rows) {
      await connection.query(`alter table ${owner} add constraint ${quoted(name)} ${definition}`);
    }
  };
}

/** Lets counters of a table go on after the numbers that were inserted. */
export async function moveSequences(connection: Connection, table: Table): Promise<void> {
  const name = `public.${quoted(table.name)}`;
  for (const column of table.columns) {
    const { rows } = await connection.query<{ sequence: string | null }>(
      'select pg_get_serial_sequence($1, $2) as sequence',
      [name, column],
    );
    const sequence = rows[0]?.sequence;
    if (!sequence) continue;
    await connection.query(
      `select setval($1, max(${quoted(column)})) from ${name} having max(${quoted(column)}) is not null`,
      [sequence],
    );
  }
}

/**
 * What a database holds: `bare` nothing at all, `unused` a schema of ours that nobody used yet,
 * `foreign` tables that are not ours, alone or among ours.
 */
export type Contents = 'bare' | 'unused' | 'used' | 'foreign';

export async function inspect(connection: Connection, isMigrated: boolean): Promise<Contents> {
  const tables = await listTables(connection);
  const own = isMigrated ? ownTables() : new Set();
  if (tables.some(({ name }) => !own.has(name))) return 'foreign';
  if (!isMigrated) return 'bare';
  for (const { name } of tables) {
    if (name === 'instance' || name === 'follower_cursors') continue;
    const found = await connection.query(`select 1 from public.${quoted(name)} limit 1`);
    if (found.rows.length > 0) return 'used';
  }
  return 'unused';
}

/** Removes a schema of ours. */
export async function dropTables(connection: Connection): Promise<void> {
  for (const { name } of await listTables(connection)) {
    await connection.query(`drop table public.${quoted(name)} cascade`);
  }
  await connection.query('drop table drizzle.__drizzle_migrations');
}

/** Moves everything of ours into another schema, where nothing looks for it. */
export async function setAside(connection: Connection, schema: string): Promise<void> {
  await connection.query(`create schema ${quoted(schema)}`);
  for (const { name } of await listTables(connection)) {
    await connection.query(`alter table public.${quoted(name)} set schema ${quoted(schema)}`);
  }
  await connection.query(`alter table drizzle.__drizzle_migrations set schema ${quoted(schema)}`);
}

/** The log's identity, and what serves it. */
export async function describeDatabase(connection: Connection) {
  const { rows } = await connection.query<{ epoch: string; version: string }>(
    `select log_epoch as epoch, version() as version from public.instance`,
  );
  if (!rows[0]) throw new Error('The database has no row in the table instance.');
  return rows[0];
}

/** A new log: whoever followed the old one starts over. */
export async function replaceEpoch(connection: Connection, epoch: string): Promise<void> {
  await connection.query('update public.instance set log_epoch = $1', [epoch]);
}

/** Ends all sessions: some may have been ended after the backup, and would live again. */
export async function endAllSessions(connection: Connection): Promise<number> {
  const ended = await connection.query(
    `update public.sessions set ended_at = now(), end_reason = 'restore' where ended_at is null`,
  );
  return ended.rowCount ?? 0;
}
