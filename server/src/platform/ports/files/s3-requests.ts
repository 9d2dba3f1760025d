import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';

/** A request has so long until its answer begins: short ones, lists and removals, and files by their size. */
const SHORT_MS = 2_000;
const LONG_MS = 10_000;
const PUT_BYTES_PER_MS = 100;
/** Bytes that are wanted and do not come for so long: the answer is given up. */
const STALL_MS = 20_000;
const PAUSE_MS = 150;

/** What a store answered, or why it did not: nothing of it is secret. */
export class S3Failure extends Error {
  /** HTTP status; 0 where no answer came. */
  readonly status: number;
  /** The store's code, or what happened instead. */
  readonly why: string;

  constructor(method: string, status: number, why: string) {
    super(
      `The object store ${status ? `answered ${status}` : 'gave no answer'} to ${method}: ${why}`,
    );
    this.name = 'S3Failure';
    this.status = status;
    this.why = why;
  }
}

/** What may be otherwise a moment later. */
export const isPassing = (error: unknown): boolean =>
  error instanceof S3Failure && (error.status === 0 || error.status === 429 || error.status >= 500);

/** Does something up to so many times, as long as what fails may pass. All of it can be done twice. */
export async function patiently<T>(times: number, work: () => Promise<T>): Promise<T> {
  for (let n = 1; ; n += 1) {
    try {
      return await work();
    } catch (error) {
      if (n >= times || !isPassing(error)) throw error;
      await wait(PAUSE_MS * n * (1 + Math.random()));
    }
  }
}

/**
 * Fetch as the client of S3 uses it: within a time, to no other address than the given one, and
 * with S3Failure for every answer but a good one. Bodies of objects come later, all others at once.
 */
export const boundedFetch: typeof fetch = async (input, init = {}) => {
  const url = input instanceof Request ? input.url : String(input);
  const { method = 'GET' } = init;
  const isObject = method === 'GET' && !url.includes('list-type=');
  const abort = new AbortController();
  const timer = setTimeout(
    () => abort.abort(),
    timeFor(method, isObject, new Headers(init.headers)),
  );
  const options = { ...init, redirect: 'manual', signal: abort.signal, duplex: 'half' } as const;
  try {
    const response = await fetch(url, options);
    if (!response.ok) throw new S3Failure(method, response.status, await codeOf(response));
    if (isObject) return response;
    return new Response(response.status === 204 ? null : await response.text(), response);
  } catch (error) {
    if (error instanceof S3Failure) throw error;
    throw new S3Failure(method, 0, abort.signal.aborted ? 'its time is over' : reasonOf(error));
  } finally {
    clearTimeout(timer);
  }
};

function timeFor(method: string, isObject: boolean, headers: Headers): number {
  if (method === 'PUT') return LONG_MS + Number(headers.get('content-length')) / PUT_BYTES_PER_MS;
  return isObject || method === 'HEAD' ? SHORT_MS : LONG_MS;
}

/** The code in an answer's XML, and nothing else: the rest repeats what was signed. */
async function codeOf(response: Response): Promise<string> {
  return /<Code>(\w{1,60})<\/Code>/.exec(await response.text())?.[1] ?? 'no reason given';
}

function reasonOf(error: unknown): string {
  const { code, cause } = error as NodeJS.ErrnoException;
  const inner = (cause as NodeJS.ErrnoException | undefined)?.code;
  return inner ?? code ?? (error instanceof Error ? error.name : 'unknown');
}

/** The body of an answer; what stalls, or is cut off, destroys it. Who destroys it ends the request. */
export function bytesOf({ body }: Response): Readable {
  if (!body) return Readable.from([]);
  const reader = body.getReader() as ReadableStreamDefaultReader<Uint8Array>;
  return new Readable({
    read() {
      const stalled = () => this.destroy(new S3Failure('GET', 0, 'its bytes stopped coming'));
      const timer = setTimeout(stalled, STALL_MS);
      reader
        .read()
        .then(
          ({ done, value }) => void this.push(done ? null : value),
          (error: unknown) => void this.destroy(new S3Failure('GET', 0, reasonOf(error))),
        )
        .finally(() => clearTimeout(timer));
    },
    destroy(error, done) {
      reader.cancel().then(
        () => done(error),
        () => done(error), // it was over already
      );
    },
  });
}
