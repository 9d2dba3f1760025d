import { constants, cpSync, readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { vector } from '@electric-sql/pglite-pgvector';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';

/** What the main thread hands over. */
export interface EmbeddedOptions {
  /** Data folder, or null for a database in memory (tests). */
  folder: string | null;
  /** Path of the unix socket to serve. */
  socket: string;
  /** Dump to start from (tests). */
  template?: string;
}

/** What the main thread may ask for, and what comes back. */
export type Order = { do: 'stop' } | { do: 'dump' } | { do: 'copy'; to: string };
export type Answer =
  | { did: 'start' | 'stop' }
  | { did: 'dump'; bytes: Uint8Array }
  | { did: 'copy'; ms: number; failure: string | null };

const options = workerData as EmbeddedOptions;
if (!parentPort) throw new Error('embedded.worker runs as a worker thread');
const port = parentPort;
const answer = (message: Answer) => port.postMessage(message);

/** Numbers of failures in the WebAssembly file system, which are its own. */
const ERRNO: Record<number, string> = {
  2: 'EACCES',
  19: 'EDQUOT',
  29: 'EIO',
  33: 'EMFILE',
  48: 'ENOMEM',
  51: 'ENOSPC',
  63: 'EPERM',
  69: 'EROFS',
};

const db = await PGlite.create({
  ...(options.folder ? { dataDir: options.folder } : {}),
  ...(options.template ? { loadDataDir: new Blob([readFileSync(options.template)]) } : {}),
  extensions: { vector, pg_trgm },
  relaxedDurability: false,
  // A tenth of the default: saves 145 MB of memory and costs nothing measurable at this size.
  startParams: [...PGlite.defaultStartParams, '-c', 'shared_buffers=16MB'],
}).catch(explain);
const server = new PGLiteSocketServer({ db, path: options.socket, maxConnections: 20 });
await server.start();
answer({ did: 'start' });

/** A failure that the main thread can put into words; those of the file system are no errors. */
function explain(error: unknown): never {
  const { errno = 0, code, message } = error as { errno?: number } & NodeJS.ErrnoException;
  throw Object.assign(new Error(`The embedded database did not start: ${message}`), {
    code: ERRNO[errno] ?? code,
    path: options.folder ?? undefined,
  });
}

/**
 * Copies the files of the database as they are. Nothing runs meanwhile, because this thread is the
 * database; the copy is what a crash at this moment would leave, and opens like it.
 */
function copy(to: string): Answer {
  const started = performance.now();
  try {
    if (options.folder === null) throw new Error('a database in memory has no files');
    // A file system that can shares the blocks instead.
    cpSync(options.folder, to, { recursive: true, mode: constants.COPYFILE_FICLONE });
    return { did: 'copy', ms: performance.now() - started, failure: null };
  } catch (error) {
    return { did: 'copy', ms: performance.now() - started, failure: String(error) };
  }
}

port.on('message', (order: Order) => {
  void (async () => {
    if (order.do === 'copy') return answer(copy(order.to));
    if (order.do === 'dump') {
      const dump = await db.dumpDataDir('none');
      return answer({ did: 'dump', bytes: Buffer.from(await dump.arrayBuffer()) });
    }
    await server.stop();
    await db.close();
    answer({ did: 'stop' });
    port.close();
  })();
});
