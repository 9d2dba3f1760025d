import type { Pool, PoolClient } from 'pg';

/** What a statement without an answer fails with (node-postgres' `query_timeout`). */
const UNANSWERED = /^Query read timeout/;

/** A database over one connection. */
interface Session<Tx> {
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
}

/**
 * Runs `work` in a transaction on a connection of the pool. A connection that does not answer any
 * more is closed, never handed back: the next one to use it would wait in vain.
 *
 * Stands in for drizzle's own over a pool, which keeps the connection for good when `begin` fails.
 *
 * @param on the database over one connection
 */
export async function inTransaction<Tx, T>(
  pool: Pool,
  on: (client: PoolClient) => Session<Tx>,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let isSilent = false;
  const noticing = (error: unknown) => {
    isSilent ||= isUnanswered(error);
    return error;
  };
  try {
    return await on(client).transaction(async (tx) => {
      try {
        return await work(tx);
      } catch (error) {
        // The rollback would wait as long again.
        if (isUnanswered(noticing(error))) (client as unknown as Wire).connection.stream.destroy();
        throw error;
      }
    });
  } catch (error) {
    throw noticing(error);
  } finally {
    client.release(isSilent);
  }
}

interface Wire {
  connection: { stream: { destroy(): void } };
}

/** Whether the database was sent a statement and has not answered in time. */
export function isUnanswered(error: unknown): boolean {
  for (let e = error; e instanceof Error; e = e.cause) if (UNANSWERED.test(e.message)) return true;
  return false;
}
