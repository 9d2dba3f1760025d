import { sql } from 'drizzle-orm';
import type { TestApp } from '../../src/testing/test-app.ts';

interface Column extends Record<string, unknown> {
  table_name: string;
  column_name: string;
}

async function readColumns({ database }: TestApp): Promise<Column[]> {
  const found = await database.db.execute<Column>(sql`
    select table_name, column_name from information_schema.columns
    where table_schema = 'public' order by 1, 2`);
  return found.rows;
}

const camelCase = (name: string) =>
  name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

/** Every column of every table, as the database and as the wire would spell it. */
export async function columnsOf(app: TestApp): Promise<string[]> {
  const names = (await readColumns(app)).map(({ column_name: name }) => name);
  return [...new Set(names.flatMap((name) => [name, camelCase(name)]))];
}

export async function tablesOf(app: TestApp): Promise<string[]> {
  const columns = await readColumns(app);
  return [...new Set(columns.map(({ table_name: name }) => name))];
}

/** A fingerprint of every table but what followers keep of their progress. */
export async function digestOf(app: TestApp): Promise<Record<string, string>> {
  const digests: Record<string, string> = {};
  for (const table of await tablesOf(app)) {
    if (table === 'follower_cursors') continue;
    const found = await app.database.db.execute<{ digest: string }>(sql`
      select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) digest
      from ${sql.identifier(table)} t`);
    digests[table] = found.rows[0]?.digest ?? '';
  }
  return digests;
}

/** Tables in which a row holds the text in any of its columns, whatever their type. */
export async function tablesWith(app: TestApp, text: string): Promise<string[]> {
  const holding: string[] = [];
  for (const table of await tablesOf(app)) {
    const found = await app.database.db.execute(sql`
      select 1 from ${sql.identifier(table)} t
      where position(lower(${text}::text) in lower(t::text)) > 0 limit 1`);
    if (found.rows.length > 0) holding.push(table);
  }
  return holding;
}
