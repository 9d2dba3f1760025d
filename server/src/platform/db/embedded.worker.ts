import { readFileSync } from 'node:fs';
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

const options = workerData as EmbeddedOptions;
if (!parentPort) throw new Error('embedded.worker runs as a worker thread');
const port = parentPort;

const db = await PGlite.create({
  ...(options.folder ? { dataDir: options.folder } : {}),
  ...(options.template ? { loadDataDir: new Blob([readFileSync(options.template)]) } : {}),
  extensions: { vector, pg_trgm },
  relaxedDurability: false,
  // A tenth of the default: saves 145 MB of memory and costs nothing measurable at this size.
  startParams: [...PGlite.defaultStartParams, '-c', 'shared_buffers=16MB'],
});
const server = new PGLiteSocketServer({ db, path: options.socket, maxConnections: 20 });
await server.start();
port.postMessage('ready');

port.on('message', (message: 'stop' | 'dump') => {
  void (async () => {
    if (message === 'dump') {
      const dump = await db.dumpDataDir('none');
      port.postMessage(Buffer.from(await dump.arrayBuffer()));
      return;
    }
    await server.stop();
    await db.close();
    port.postMessage('stopped');
    port.close();
  })();
});
