import { readdirSync } from 'node:fs';
import { setPriority } from 'node:os';
import { loadEncoderSession } from './encoder.session.ts';

/** To the worker: `load` once, then one batch at a time. */
export type EncoderRequest =
  | { readonly type: 'load'; readonly cacheDir: string }
  | { readonly type: 'encode'; readonly texts: readonly string[] };

/** From the worker: `ready` after `load`, then an answer to every batch; `log` at any time. */
export type EncoderReply =
  | { readonly type: 'ready' }
  /** [texts, dimensions] */
  | { readonly type: 'vectors'; readonly vectors: Float32Array }
  /** The batch failed, or loading did; after the latter the worker is of no use. */
  | { readonly type: 'failed'; readonly message: string }
  | { readonly type: 'log'; readonly message: string };

// A child process, not a thread: the native module of onnxruntime-node 1.16.3 works in one thread
// per process and only once (a second load fails or aborts the process), and its crashes should
// not be the server's.
if (!process.send) throw new Error('encoder.worker runs as a child process only');

let session: ReturnType<typeof loadEncoderSession> | undefined;
process.on('message', (request: EncoderRequest) => void answer(request));

// Ctrl-C and service managers signal the children too. The server closes in its own order, and
// whenever it is gone, the channel with it, nothing keeps this process alive.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);

async function answer(request: EncoderRequest): Promise<void> {
  try {
    if (request.type === 'load') {
      session = loadEncoderSession(request.cacheDir, (message) => reply({ type: 'log', message }));
      await session;
      stepBack();
      reply({ type: 'ready' });
    } else {
      const vectors = await (await session)?.encode(request.texts);
      if (!vectors) throw new Error('the worker was asked to encode before it was asked to load');
      reply({ type: 'vectors', vectors });
    }
  } catch (error) {
    reply({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
}

/** How far it steps back (0 to 19): about a tenth of a core where the server and its database are busy. */
const NICE = 10;

/** Lets who waits for an answer go first: what is indexed now or in a second is all the same. */
function stepBack(): void {
  if (process.platform !== 'linux') return setPriority(NICE);
  // Linux counts priorities per thread, and those that compute are there already.
  for (const thread of readdirSync('/proc/self/task')) {
    try {
      setPriority(Number(thread), NICE);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_SYSTEM_ERROR') throw error; // it ended
    }
  }
}

function reply(message: EncoderReply): void {
  // The server may be gone, before or during the sending: then nobody is left to tell.
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}
