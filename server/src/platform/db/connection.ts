import type { Pool } from 'pg';
import { openEmbedded } from './embedded.ts';
import { connectOnce } from './postgres.ts';

/** One connection of a command-line tool: what it needs of the driver. */
export interface Connection {
  query<R extends Record<string, unknown>>(
    text: string,
    values?: unknown[],
  ): Promise<{ rows: R[]; rowCount: number | null }>;
}

export interface OpenConnection {
  connection: Connection;
  close(): Promise<void>;
}

/**
 * The database in an embedded data folder, as it is: nothing is migrated. Makes one where there is
 * none. @throws DataFolderBusyError when another process uses the folder
 */
export async function connectFolder(dataDir: string): Promise<OpenConnection> {
  const { pool, close } = await openEmbedded(dataDir);
  const client = await checkOut(pool, close);
  return {
    connection: client,
    async close() {
      client.release(true);
      await close();
    },
  };
}

async function checkOut(pool: Pool, close: () => Promise<void>) {
  pool.on('error', () => undefined); // the query that runs meanwhile tells
  try {
    return await pool.connect();
  } catch (error) {
    await close();
    throw error;
  }
}

/** The database on a server, as it is. */
export async function connectServer(url: string, name: string): Promise<OpenConnection> {
  const client = connectOnce(url, name);
  client.on('error', () => undefined); // the query that runs meanwhile tells
  await client.connect();
  return { connection: client, close: () => client.end() };
}
