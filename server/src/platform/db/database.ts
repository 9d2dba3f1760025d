import { sql } from 'drizzle-orm';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import type { Client, Pool, PoolClient } from 'pg';
import { newId } from '../core/id.ts';
import type { Log } from '../core/log.ts';
import { paths } from '../core/paths.ts';
import { openEmbedded } from './embedded.ts';
import { openPool, prepareServer } from './postgres.ts';
import * as schema from './schema.ts';
import { inTransaction } from './transaction.ts';

export type Database = NodePgDatabase<typeof schema> & { $client: Pool | Client };
/** A transaction in progress. Await nothing but the database while one is open. */
export type Tx = Parameters<Parameters<Database['transaction']>[0]>[0];
/** Either of the two, for reads that can stand inside or outside a transaction. */
export type Executor = Database | Tx;

export interface DatabaseOptions {
  /** PostgreSQL URL; without it the embedded database in `dataDir`. */
  url?: string;
  /** Folder of the embedded database, or null for memory. */
  dataDir: string | null;
  /** Dump to start an embedded database from (tests). */
  template?: string;
  log: Log;
}

export interface OpenDatabase {
  db: Database;
  isEmbedded: boolean;
  /** The embedded database as an archive; undefined on a server. */
  dump?: () => Promise<Buffer>;
  close(): Promise<void>;
}

/**
 * Opens the database, brings its schema up to date and makes sure the instance row exists.
 * @throws RefusedStartError when the server cannot be used
 */
export async function openDatabase(options: DatabaseOptions): Promise<OpenDatabase> {
  const { pool, ...rest } = await connect(options);
  // A dropped idle connection is the pool's to replace; without a listener it would end the process.
  const onError = (error: Error) => options.log.warn({ err: error }, 'database connection lost');
  pool.on('error', onError);
  // The pool hears its idle connections alone: one cut between two statements of a transaction would
  // end the process, too. The transaction's next statement fails by itself.
  pool.on('connect', (client) => client.on('error', onError));
  return { db: overPool(pool), ...rest };
}

async function connect({ url, dataDir, template, log }: DatabaseOptions) {
  if (url !== undefined) {
    await prepareServer(url, log, update);
    const pool = openPool(url);
    return { pool, isEmbedded: false, close: () => pool.end() };
  }
  const embedded = await openEmbedded(dataDir, template);
  try {
    await update(embedded.pool);
  } catch (error) {
    await embedded.close();
    throw error;
  }
  return { ...embedded, isEmbedded: true };
}

const over = (connection: Pool | Client | PoolClient) =>
  drizzle(connection as Pool, { schema, casing: 'snake_case' });

/** A database over a pool. */
function overPool(pool: Pool): Database {
  const sessions = new WeakMap<PoolClient, Database>();
  const on = (client: PoolClient): Database => {
    const session = sessions.get(client) ?? over(client);
    sessions.set(client, session);
    return session;
  };
  return Object.assign(over(pool), {
    transaction: <T>(work: (tx: Tx) => Promise<T>) => inTransaction(pool, on, work),
  });
}

async function update(connection: Pool | Client): Promise<void> {
  const db = over(connection);
  await migrate(db, { migrationsFolder: paths.migrations });
  await db.insert(schema.instance).values({ id: 1, logEpoch: newId() }).onConflictDoNothing();
}

/** Resolves when the database has answered. */
export const pingOf = (db: Database) => db.execute(sql`select 1`);

/** How the connections of its pool are used. */
export function poolOf(db: Database): { total: number; idle: number; waiting: number } {
  const { $client: pool } = db as Database & { $client: Pool };
  return { total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount };
}

/** PostgreSQL's code for what went wrong, or null if the error is not the database's. */
export function sqlStateOf(error: unknown): string | null {
  for (let e = error; e instanceof Error; e = e.cause) {
    const { code } = e as { code?: unknown };
    if (typeof code === 'string') return code;
  }
  return null;
}

/** The name of a violated constraint, or null if the error is something else. */
export function violatedConstraint(error: unknown): string | null {
  const cause = (error as { cause?: { code?: string; constraint?: string } }).cause;
  const isViolation = cause?.code === '23505' || cause?.code === '23503';
  return isViolation ? (cause.constraint ?? '') : null;
}

/** The public face of the user in `column`, as JSON `{id, name}`. */
export const personOf = (column: unknown) =>
  sql<{
    id: string;
    name: string;
  }>`(select jsonb_build_object('id', person.id, 'name', person.name) from users person where person.id = ${column})`;
