import { readdirSync } from 'node:fs';
import { setPriority } from 'node:os';
import { loadEncoderSession } from './encoder.session.ts';

/** To the worker: `load` once, then batches. */
export type EncoderRequest = { readonly type: 'load'; readonly cacheDir: string } | EncodeRequest;

interface EncodeRequest {
  readonly type: 'encode';
  readonly id: number;
  /** A person waits for it: it goes before those that wait here already. */
  readonly isUrgent: boolean;
  readonly texts: readonly string[];
}

/** From the worker: `ready` after `load`, then an answer to every batch; `log` at any time. */
export type EncoderReply =
  | { readonly type: 'ready' }
  /** [texts, dimensions] of the batch with this number */
  | { readonly type: 'vectors'; readonly id: number; readonly vectors: Float32Array }
  /** This batch failed, or (null) loading did, after which the worker is of no use. */
  | { readonly type: 'failed'; readonly id: number | null; readonly message: string }
  | { readonly type: 'log'; readonly message: string };

// A child process, not a thread: the native module of onnxruntime-node 1.16.3 works in one thread
// per process and only once (a second load fails or aborts the process), and its crashes should
// not be the server's.
if (!process.send) throw new Error('encoder.worker runs as a child process only');

let session: ReturnType<typeof loadEncoderSession> | undefined;
const waiting: EncodeRequest[] = [];
let isWorking = false;
process.on('message', (request: EncoderRequest) => {
  if (request.type === 'load') return void load(request.cacheDir);
  waiting.push(request);
  void work();
});

// Ctrl-C and service managers signal the children too. The server closes in its own order, and
// whenever it is gone, the channel with it, nothing keeps this process alive.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);

async function load(cacheDir: string): Promise<void> {
  try {
    session = loadEncoderSession(cacheDir, (message) => reply({ type: 'log', message }));
    await session;
    stepBack();
    reply({ type: 'ready' });
  } catch (error) {
    reply({ type: 'failed', id: null, message: messageOf(error) });
  }
}

async function work(): Promise<void> {
  if (isWorking) return;
  isWorking = true;
  while (waiting.length > 0) {
    // Computing blocks this process: what was sent meanwhile is received now, and may be urgent.
    await new Promise(setImmediate);
    const urgent = waiting.findIndex(({ isUrgent }) => isUrgent);
    for (const request of waiting.splice(Math.max(0, urgent), 1)) await encode(request);
  }
  isWorking = false;
}

async function encode({ id, texts }: EncodeRequest): Promise<void> {
  try {
    const vectors = await (await session)?.encode(texts);
    if (!vectors) throw new Error('the worker was asked to encode before it was asked to load');
    reply({ type: 'vectors', id, vectors });
  } catch (error) {
    reply({ type: 'failed', id, message: messageOf(error) });
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

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
