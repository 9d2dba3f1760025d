import { readMigrationFiles } from 'drizzle-orm/migrator';
import { paths } from '../core/paths.ts';
import type { Connection } from './connection.ts';

const TABLE = 'drizzle.__drizzle_migrations';

/** Hashes of this version's migrations, in order: the version of its schema. */
export const knownMigrations = (): string[] =>
  readMigrationFiles({ migrationsFolder: paths.migrations }).map(({ hash }) => hash);

/** Hashes of the migrations a database has had, in order; null if it never had any. */
export async function appliedMigrations(connection: Connection): Promise<string[] | null> {
  const [found] = (
    await connection.query<{ exists: boolean }>(`select to_regclass('${TABLE}') is not null exists`)
  ).rows;
  if (!found?.exists) return null;
  const { rows } = await connection.query<{ hash: string }>(
    `select hash from ${TABLE} order by created_at, id`,
  );
  return rows.map(({ hash }) => hash);
}

/**
 * Applies this version's migrations `from` … `to` (exclusive) inside the caller's transaction, as
 * the migrator at start would.
 */
export async function applyMigrations(
  connection: Connection,
  from: number,
  to = Infinity,
): Promise<void> {
  await connection.query('create schema if not exists drizzle');
  await connection.query(
    `create table if not exists ${TABLE} (id serial primary key, hash text not null, created_at bigint)`,
  );
  const files = readMigrationFiles({ migrationsFolder: paths.migrations });
  for (const { sql, hash, folderMillis } of files.slice(from, to)) {
    for (const statement of sql) await connection.query(statement);
    await connection.query(`insert into ${TABLE} (hash, created_at) values ($1, $2)`, [
      hash,
      folderMillis,
    ]);
  }
}
