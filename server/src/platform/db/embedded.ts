import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import pg from 'pg';
import { startWorker } from '../core/worker.ts';
import { lockDataFolder } from './folder/data-folder-lock.ts';
import { DATABASE, finishRestore, sweepDataFolder } from './folder/data-folder.ts';
import type { Answer, EmbeddedOptions, Order } from './embedded.worker.ts';
import { closeContents, openDataFolder } from './folder/private-folder.ts';
import { serveSnapshots } from './folder/snapshots.ts';

/** A running embedded database: a pool like that of a server, and how to end both. */
export interface Embedded {
  pool: pg.Pool;
  /** The whole database as an archive, to start others from. */
  dump(): Promise<Buffer>;
  close(): Promise<void>;
}

/**
 * PGlite in a worker thread behind a unix socket, so that the same driver and SQL serve both ways
 * to run and the event loop never waits for SQL. Whoever may read the data folder can ask for a
 * snapshot of it meanwhile (`snapshots.ts`).
 *
 * @param dataDir folder to keep the data in, or null for memory
 * @throws DataFolderBusyError when another process uses the folder
 * @throws RefusedStartError when the folder cannot be used, or an interrupted restore had to be
 *   finished first
 */
export async function openEmbedded(dataDir: string | null, template?: string): Promise<Embedded> {
  if (dataDir) openDataFolder(dataDir);
  const lock = dataDir ? await lockDataFolder(dataDir) : null;
  const socketDir = mkdtempSync(join(tmpdir(), 'teambrain-'));
  const options: EmbeddedOptions = {
    folder: dataDir ? join(dataDir, DATABASE) : null,
    socket: join(socketDir, '.s.PGSQL.5432'),
    ...(template ? { template } : {}),
  };
  const release = async () => {
    rmSync(socketDir, { recursive: true, force: true });
    await lock?.release();
  };
  try {
    if (dataDir) finishRestore(dataDir);
    if (dataDir) await sweepDataFolder(dataDir);
    if (options.folder !== null && !existsSync(join(options.folder, 'PG_VERSION'))) {
      await create(options);
    }
    const worker = await start(options);
    if (dataDir) closeContents(dataDir);
    const snapshots = dataDir
      ? await serveSnapshots({ dataDir, socketDir, copy: (to) => copy(worker, to) })
      : null;
    return serve(worker, socketDir, { stopSnapshots: () => snapshots?.close(), release });
  } catch (error) {
    await release();
    throw error;
  }
}

async function start(options: EmbeddedOptions): Promise<Worker> {
  const worker = startWorker(import.meta.url, 'embedded.worker', options);
  await reply(worker, 'start');
  return worker;
}

/**
 * Makes the database in a thread that ends with it: what making one takes (half a gigabyte, however
 * little is put into it) would otherwise stay with the process.
 */
async function create(options: EmbeddedOptions): Promise<void> {
  const worker = await start(options);
  await ask(worker, { do: 'stop' });
  await worker.terminate();
}

function serve(
  worker: Worker,
  socketDir: string,
  { stopSnapshots, release }: { stopSnapshots(): unknown; release(): Promise<void> },
): Embedded {
  const pool = new pg.Pool({
    host: socketDir,
    port: 5432,
    user: 'postgres',
    database: 'postgres',
    // One connection: the socket in front of PGlite queues protocol messages, not statements, so
    // two connections would run on each other's unnamed statement and roll back each other's work.
    max: 1,
    // Planned statements get a new plan now and then, as the tables grow under them.
    maxLifetimeSeconds: 60,
    onConnect: forgetPlans,
  });
  return {
    pool,
    async dump() {
      return Buffer.from((await ask(worker, { do: 'dump' })).bytes);
    },
    // The order matters: clients first, then the socket, then the database.
    async close() {
      await stopSnapshots();
      await pool.end();
      await ask(worker, { do: 'stop' });
      await release();
    },
  };
}

async function copy(worker: Worker, to: string): Promise<number> {
  const { ms, failure } = await ask(worker, { do: 'copy', to });
  if (failure !== null) throw new Error(failure);
  return ms;
}

type AnswerTo<K extends Answer['did']> = Extract<Answer, { did: K }> & { did: K };

function ask<K extends Order['do']>(
  worker: Worker,
  order: Extract<Order, { do: K }>,
): Promise<AnswerTo<K>> {
  const answer = reply(worker, order.do);
  worker.postMessage(order);
  return answer;
}

/** All connections are one session to PGlite, which keeps what earlier ones had planned. */
const forgetPlans = (client: pg.ClientBase): unknown => client.query('deallocate all');

/** The worker's next answer of the given kind, or its failure. */
function reply<K extends Answer['did']>(worker: Worker, expected: K): Promise<AnswerTo<K>> {
  return new Promise((resolve, reject) => {
    const done = () => {
      worker.off('message', onMessage);
      worker.off('error', onError);
      worker.off('exit', onExit);
    };
    const onMessage = (message: Answer) => {
      if (message.did !== expected) return;
      done();
      resolve(message as AnswerTo<K>);
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
