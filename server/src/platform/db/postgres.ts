import pg from 'pg';
import type { Log } from '../core/log.ts';
import { RefusedStartError } from '../core/refused-start.ts';

const OLDEST_VERSION = 15;
/** How long a server that starts at the same time may take to answer. */
const PATIENCE_MS = 30_000;
/** Advisory lock of whoever brings the schema up to date ("TeamBrai" as a number). */
const SCHEMA_LOCK = '6081373993727844713';

/** Of every session in the pool; what takes longer on purpose says so with SET LOCAL. */
const POOL = {
  max: 20,
  connectionTimeoutMillis: 3_000,
  // Planned statements get a new plan now and then, as the tables grow under them.
  maxLifetimeSeconds: 300,
  statement_timeout: 5_000,
  // A server that fell silent: nobody waits for it until the kernel gives the connection up.
  query_timeout: 6_000,
  lock_timeout: 2_000,
  idle_in_transaction_session_timeout: 10_000,
};

/** Pool of connections to a server that was found fit for use. */
export function openPool(url: string): pg.Pool {
  return new pg.Pool({
    application_name: 'teambrain',
    keepAlive: true,
    connectionString: url,
    ...POOL,
  });
}

/**
 * Runs `update` on a connection of its own, without time limits, while no other instance does so;
 * before that makes sure the server can be trusted with the data.
 * @throws RefusedStartError when it cannot
 */
export async function prepareServer(
  url: string,
  log: Log,
  update: (client: pg.Client) => Promise<void>,
): Promise<void> {
  const client = await connectPatiently(url, log);
  try {
    await requireFitness(client);
    await requireOwnSession(url, client);
    await client.query('select pg_advisory_lock($1)', [SCHEMA_LOCK]);
    await update(client).catch(explain);
  } finally {
    await client.end(); // and with it the lock
  }
}

/** Waits for a server that is still starting; other failures are final. */
async function connectPatiently(url: string, log: Log): Promise<pg.Client> {
  const deadline = Date.now() + PATIENCE_MS;
  for (let tries = 0; ; tries += 1) {
    const client = connectOnce(url, 'teambrain start');
    client.on('error', (error) => log.warn({ err: error }, 'database connection lost'));
    try {
      await client.connect();
      return client;
    } catch (error) {
      const { code = '' } = error as { code?: string };
      if (!mayCome(error) || Date.now() > deadline) {
        const reason = error instanceof Error && error.message ? error.message : code;
        throw new RefusedStartError(`DATABASE_URL cannot be used: ${reason}`, error);
      }
      if (tries === 0) log.warn({ code }, 'waiting for the database');
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}

/** Not there yet, starting, or too busy to answer in time. */
function mayCome(error: unknown): boolean {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const passing = ['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', '57P03', '53300'];
  return passing.includes(code) || message === 'timeout expired';
}

/** A single connection outside the pool, not yet connected. */
export function connectOnce(url: string, name: string, options?: string): pg.Client {
  return new pg.Client({
    ...(options ? { options } : {}),
    connectionString: url,
    application_name: name,
    connectionTimeoutMillis: POOL.connectionTimeoutMillis,
    keepAlive: true,
  });
}

async function requireFitness(client: pg.Client): Promise<void> {
  const found = await client.query<
    Record<'version' | 'fsync' | 'commit' | 'encoding', string> & { vector: boolean }
  >(`
    select current_setting('server_version_num') as version, current_setting('fsync') as fsync,
      current_setting('synchronous_commit') as commit, current_setting('server_encoding') as encoding,
      exists (select from pg_available_extensions where name = 'vector') as vector`);
  const row = found.rows[0];
  if (!row) throw new RefusedStartError('The database does not tell its settings');
  const version = Math.floor(Number(row.version) / 10_000);
  const complaints = [
    version < OLDEST_VERSION && `it is PostgreSQL ${version}; ${OLDEST_VERSION} or newer is needed`,
    !row.vector && 'it lacks the pgvector extension (package postgresql-NN-pgvector)',
    row.encoding !== 'UTF8' && `its encoding is ${row.encoding}; UTF8 is needed`,
    row.fsync !== 'on' && 'fsync is off, so a crash of its machine could destroy everything',
    row.commit === 'off' && 'synchronous_commit is off, so a crash could undo answered writes',
  ].filter((complaint) => complaint !== false);
  if (complaints.length > 0) {
    throw new RefusedStartError(`This database cannot be used: ${complaints.join('; ')}.`);
  }
}

/**
 * Refuses a pooler that hands one session of the server to several clients by turns: locks of a
 * session, which keep instances from getting in each other's way, would exclude nobody.
 */
async function requireOwnSession(url: string, client: pg.Client): Promise<void> {
  const other = connectOnce(url, 'teambrain start');
  await other.connect();
  try {
    const pid = async (of: pg.Client) =>
      (await of.query<{ pid: number }>('select pg_backend_pid() pid')).rows[0]?.pid;
    if ((await pid(client)) !== (await pid(other))) return;
  } finally {
    await other.end();
  }
  throw new RefusedStartError(
    'DATABASE_URL leads to a pooler in transaction mode, such as PgBouncer. Give the address of ' +
      'PostgreSQL itself, or of a pooler in session mode: TeamBrain holds locks of a session.',
  );
}

/** Extensions can need more rights than the rest of the schema. */
function explain(error: unknown): never {
  const { cause } = error as { cause?: { code?: string } };
  if (cause?.code !== '42501') throw error;
  throw new RefusedStartError(
    'The database user may not set up the schema. Let an administrator of the database run ' +
      '`CREATE EXTENSION vector; CREATE EXTENSION pg_trgm;` in it and make the user its owner.',
    error,
  );
}
