import type { ChildProcess } from 'node:child_process';
import { startProcess } from '../../core/worker.ts';
import { EncoderQueue, type Batch } from './encoder.queue.ts';
import type { EncodePriority, Encoder } from './encoder.ts';
import type { EncoderReply, EncoderRequest } from './encoder.worker.ts';
import { encoderDimensions } from './onnx-model.ts';
import { weightsVersion } from './weights.ts';

export interface ShippedEncoderOptions {
  /** Folder that keeps the generated model file (13 MB) from one start to the next. */
  readonly cacheDir: string;
  /** Receives what an operator may want to know, such as a fall-back to slower arithmetic. */
  readonly log?: (message: string) => void;
}

/** So many texts of one priority may wait; at 1,000 a second, ten seconds' worth. */
const queueLimit = 10_000;
/** Longer than any batch takes; then the worker is ended by force. */
const closeMilliseconds = 2_000;

/**
 * Starts the encoder shipped with TeamBrain: Universal Sentence Encoder lite (English, 512 numbers)
 * in a worker process, because computing blocks an event loop. The first start makes the model file
 * in `cacheDir`.
 *
 * If the worker dies, waiting calls are rejected and the next call starts another.
 *
 * @throws Error if the encoder cannot run on this machine
 */
export async function createShippedEncoder(options: ShippedEncoderOptions): Promise<Encoder> {
  const start = () => startProcess(import.meta.url, 'encoder.worker');
  const encoder = new WorkerEncoder(start, options);
  try {
    await encoder.ready();
  } catch (error) {
    await encoder.close();
    throw error;
  }
  return encoder;
}

/**
 * So many batches are with the worker at a time: of documents one more than it computes, so that it
 * never stands idle while this process is busy; a query goes before the one that waits.
 */
const AHEAD: Record<EncodePriority, number> = { query: 1, document: 2 };

type BatchReply = Extract<EncoderReply, { type: 'vectors' | 'failed' }>;

interface Sent {
  priority: EncodePriority;
  batch: Batch;
}

/** An `Encoder` whose work is done by the process that `start` starts. Exported for its tests. */
export class WorkerEncoder implements Encoder {
  readonly model = `use-lite-${weightsVersion}`;
  readonly dimensions = encoderDimensions;
  readonly #queue = new EncoderQueue(queueLimit);
  readonly #start: () => ChildProcess;
  readonly #cacheDir: string;
  readonly #log: (message: string) => void;
  #worker: ChildProcess | undefined;
  #ready: Promise<void> = Promise.resolve();
  readonly #inFlight = new Map<number, Sent>();
  #sent = 0;
  #closing: Promise<void> | undefined;

  constructor(start: () => ChildProcess, { cacheDir, log }: ShippedEncoderOptions) {
    this.#start = start;
    this.#cacheDir = cacheDir;
    this.#log = log ?? (() => undefined);
  }

  encode(texts: readonly string[], priority: EncodePriority): Promise<Float32Array[]> {
    if (this.#closing) return Promise.reject(closedError());
    const vectors = this.#queue.add(texts, priority);
    // A worker that fails to start rejects everything in the queue, so nothing is lost here.
    this.ready().then(
      () => this.#sendNext(),
      () => undefined,
    );
    return vectors;
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#end());
  }

  /** Resolves when a worker is ready, starting one if there is none. @throws Error if it fails */
  ready(): Promise<void> {
    if (!this.#worker) {
      const worker = this.#start();
      this.#worker = worker;
      this.#ready = new Promise((resolve, reject) => {
        const lose = (reason: string) => {
          const error = new Error(`The encoder died: ${reason}`);
          reject(error); // without effect once it is ready
          this.#lose(worker, error);
        };
        worker.on('message', (reply: EncoderReply) => {
          if (reply.type === 'log') this.#log(reply.message);
          else if (reply.type === 'ready') resolve();
          else if (reply.id !== null) this.#receive(worker, reply.id, reply);
          else if (reply.type === 'failed') lose(reply.message);
        });
        worker.on('error', (error) => lose(error.message));
        worker.on('exit', (code, signal) => lose(`its process ended (${signal ?? code})`));
        post(worker, { type: 'load', cacheDir: this.#cacheDir });
      });
    }
    return this.#ready;
  }

  #sendNext(): void {
    if (this.#closing || !this.#worker) return;
    for (const priority of ['query', 'document'] as const) {
      while (this.#count(priority) < AHEAD[priority]) {
        const batch = this.#queue.next(priority);
        if (!batch) break;
        const id = (this.#sent += 1);
        this.#inFlight.set(id, { priority, batch });
        const texts = batch.map(({ text }) => text);
        post(this.#worker, { type: 'encode', id, isUrgent: priority === 'query', texts });
      }
    }
  }

  #count(priority: EncodePriority): number {
    let count = 0;
    for (const sent of this.#inFlight.values()) if (sent.priority === priority) count += 1;
    return count;
  }

  #receive(worker: ChildProcess, id: number, reply: BatchReply): void {
    const batch = this.#inFlight.get(id)?.batch;
    if (!batch || worker !== this.#worker) return;
    this.#inFlight.delete(id);
    if (reply.type === 'failed') {
      this.#queue.fail(batch, new Error(`The encoder failed: ${reply.message}`));
    }
    this.#sendNext(); // before copying vectors: the worker should not stand idle
    if (reply.type === 'vectors') this.#queue.settle(batch, reply.vectors);
  }

  #lose(worker: ChildProcess, error: Error): void {
    if (worker !== this.#worker) return; // `error` may be followed by `exit`
    this.#worker = undefined;
    worker.kill('SIGKILL');
    if (this.#closing) return;
    this.#log(error.message);
    this.#rejectAll(error);
  }

  #rejectAll(error: Error): void {
    for (const { batch } of this.#inFlight.values()) this.#queue.fail(batch, error);
    this.#inFlight.clear();
    this.#queue.failAll(error);
  }

  async #end(): Promise<void> {
    this.#rejectAll(closedError());
    const worker = this.#worker;
    if (!worker) return;
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    if (worker.connected) worker.disconnect(); // it ends by itself then
    const force = setTimeout(() => worker.kill('SIGKILL'), closeMilliseconds);
    await ended;
    clearTimeout(force);
  }
}

function post(worker: ChildProcess, request: EncoderRequest): void {
  // A dead channel is not handled here: `exit` follows and rejects what waits.
  worker.send(request, () => undefined);
}

function closedError(): Error {
  return new Error('The encoder is closed');
}
