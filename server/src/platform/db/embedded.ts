import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import pg from 'pg';
import { startWorker } from '../core/worker.ts';
import { lockDataFolder } from './data-folder-lock.ts';
import type { EmbeddedOptions } from './embedded.worker.ts';

/** A running embedded database: a pool like that of a server, and how to end both. */
export interface Embedded {
  pool: pg.Pool;
  /** The whole database as an archive, to start others from. */
  dump(): Promise<Buffer>;
  close(): Promise<void>;
}

/**
 * PGlite in a worker thread behind a unix socket, so that the same driver and SQL serve both ways
 * to run and the event loop never waits for SQL.
 *
 * @param dataDir folder to keep the data in, or null for memory
 * @throws DataFolderBusyError when another process uses the folder
 */
export async function openEmbedded(dataDir: string | null, template?: string): Promise<Embedded> {
  if (dataDir) mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const lock = dataDir ? await lockDataFolder(dataDir) : null;
  const socketDir = mkdtempSync(join(tmpdir(), 'teambrain-'));
  const options: EmbeddedOptions = {
    folder: dataDir ? join(dataDir, 'postgres') : null,
    socket: join(socketDir, '.s.PGSQL.5432'),
    ...(template ? { template } : {}),
  };
  const worker = startWorker(import.meta.url, 'embedded.worker', options);
  try {
    await reply(worker, 'ready');
  } catch (error) {
    await lock?.release();
    throw error;
  }
  const pool = new pg.Pool({
    host: socketDir,
    port: 5432,
    user: 'postgres',
    database: 'postgres',
    // One connection: the socket in front of PGlite queues protocol messages, not statements, so
    // two connections would run on each other's unnamed statement and roll back each other's work.
    max: 1,
  });
  return {
    pool,
    async dump() {
      const answer = reply(worker);
      worker.postMessage('dump');
      return Buffer.from((await answer) as Uint8Array);
    },
    // The order matters: clients first, then the socket, then the database.
    async close() {
      await pool.end();
      const stopped = reply(worker, 'stopped');
      worker.postMessage('stop');
      await stopped;
      rmSync(socketDir, { recursive: true, force: true });
      await lock?.release();
    },
  };
}

/** The worker's next message (of the given kind), or its failure. */
function reply(worker: Worker, expected?: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const done = () => {
      worker.off('message', onMessage);
      worker.off('error', onError);
      worker.off('exit', onExit);
    };
    const onMessage = (message: unknown) => {
      if (expected !== undefined && message !== expected) return;
      done();
      resolve(message);
    };
    const onError = (error: unknown) => {
      done();
      reject(error instanceof Error ? error : new Error(String(error)));
    };
    const onExit = (code: number) => onError(new Error(`The embedded database ended (${code})`));
    worker.on('message', onMessage);
    worker.on('error', onError);
    worker.on('exit', onExit);
  });
}
