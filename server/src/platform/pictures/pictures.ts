import type { ChildProcess } from 'node:child_process';
import type { Log } from '../core/log.ts';
import { createSemaphore } from '../core/semaphore.ts';
import { startProcess } from '../core/worker.ts';
import type { Pictured, PictureReply, PictureRequest } from './protocol.ts';

/** One at a time; so many may wait. */
const TURNS = { width: 1, queue: 40, patienceMs: 30_000 };
/** A process that takes longer is ended. */
const PATIENCE_MS = 12_000;
/** Megabytes of JavaScript; pixels are bounded by their number. */
const HEAP_MB = 96;
/** So long without a picture it is kept. */
const IDLE_MS = 60_000;

export type Pictures = ReturnType<typeof createPictures>;

/**
 * Makes pictures small in a process of its own, which may crash or be ended without the server. It
 * is started with the first picture and ends after a minute without one.
 */
export function createPictures(log: Log) {
  const inTurn = createSemaphore(TURNS);
  let worker: ChildProcess | null = null;
  let idle: NodeJS.Timeout | undefined;
  let count = 0;

  function end(): void {
    worker?.kill('SIGKILL');
    worker = null;
  }

  function start(): ChildProcess {
    const started = startProcess(import.meta.url, 'pictures.worker', HEAP_MB);
    started.once('exit', () => {
      if (worker === started) worker = null;
    });
    // `exit` follows, or the picture's time is over.
    started.on('error', (error) => log.warn({ err: error }, 'the process for pictures failed'));
    return (worker = started);
  }

  function ask(request: PictureRequest): Promise<PictureReply> {
    const process = worker ?? start();
    return new Promise((resolve) => {
      const done = (reply: PictureReply) => {
        clearTimeout(timer);
        process.off('message', hear).off('exit', die);
        resolve(reply);
      };
      const fail = (failure: string) => done({ id: request.id, failure });
      const hear = (reply: PictureReply) => {
        if (reply.id === request.id) done(reply);
      };
      const die = () => fail('its process ended');
      const timer = setTimeout(() => {
        fail('it took too long');
        end();
      }, PATIENCE_MS);
      process.on('message', hear).on('exit', die);
      process.send(request, (error) => {
        if (error) fail(error.message);
      });
    });
  }

  return {
    /**
     * Writes the picture at `path` small to `target`.
     * @returns its size upright in pixels; null for what is no picture, too large or too slow
     */
    async shrink(path: string, target: string): Promise<Pictured | null> {
      clearTimeout(idle);
      const reply = await inTurn(() => ask({ id: (count += 1), path, target }));
      idle = setTimeout(end, IDLE_MS);
      idle.unref();
      if (!('failure' in reply)) {
        const { width, height, isRewritten } = reply;
        return { width, height, isRewritten };
      }
      log.info({ reason: reply.failure.slice(0, 200) }, 'a picture was not made small');
      return null;
    },
    close(): void {
      clearTimeout(idle);
      end();
    },
  };
}
