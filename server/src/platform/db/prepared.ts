import type { SQL } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import type { Pool, QueryResultRow } from 'pg';
import type { Database } from './database.ts';

const dialect = new PgDialect({ casing: 'snake_case' });

/**
 * Writes a statement's text once, and has each connection plan it once: for the few statements that
 * run at almost every request. Its values stand in it as `sql.placeholder('name')`.
 *
 * @param name unique among all statements
 */
export function prepare<Row extends QueryResultRow, Names extends string>(
  db: Database,
  name: string,
  statement: SQL,
): (values: Record<Names, unknown>) => Promise<Row[]> {
  const { sql: text, params } = dialect.sqlToQuery(statement);
  const names = params.map((param) => (param as { name: Names }).name);
  const pool = db.$client as Pool;
  return async (values) => {
    const { rows } = await pool.query<Row>({
      name,
      text,
      values: names.map((one) => values[one]),
    });
    return rows;
  };
}
