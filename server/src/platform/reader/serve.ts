import { CARE, type Care } from '../text/care.ts';
import type { ReaderReply, ReaderRequest } from './protocol.ts';

export interface Read {
  /** Announces the text with this number to the server, which counts its time; then reads it. */
  <T>(text: number, length: number, how: (care: Care) => T): T;
  /** Announces that all texts are read: what follows is counted by itself. */
  rest(): void;
}

/** What the process can do, by the names of the jobs. */
export type Jobs = Record<string, (input: never, read: Read) => unknown>;

/** Shorter texts are announced together: it takes as long as reading one. */
const SHORT = 1_000;

/** Does the jobs the server sends, one at a time, for as long as the server is there. */
export function serveReader(jobs: Jobs): void {
  if (!process.send) throw new Error('A reader runs as a child process only');
  // Ctrl-C and service managers signal the children too; the server ends them in its own order.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
  process.on('message', (request: ReaderRequest) => {
    try {
      const job = jobs[request.job];
      if (!job) throw new Error(`no job ${request.job}`);
      const output = job(request.input as never, readerOf(request));
      reply({ did: 'finish', output, cpu: computed() });
    } catch (error) {
      reply({ did: 'fail', fault: faultOf(error), cpu: computed() });
    }
  });
  reply({ did: 'start', cpu: computed() });
}

function readerOf({ care, isEach }: ReaderRequest): Read {
  let open = 0;
  const read = <T>(text: number, length: number, how: (care: Care) => T): T => {
    const isAlone = isEach || length > SHORT;
    if (isAlone || open <= 0) reply({ did: 'begin', at: { text, isAlone }, cpu: computed() });
    open = isAlone ? 0 : (open <= 0 ? SHORT : open) - length - 1;
    return how(care.get(text) ?? CARE.markdown);
  };
  return Object.assign(read, {
    rest: () => reply({ did: 'begin', at: null, cpu: computed() }),
  });
}

/** Microseconds this process has computed so far. */
function computed(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Where it failed, without the message, which could hold anything. */
function faultOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const frame = error.stack?.split('\n').find((line) => line.startsWith('    at ')) ?? '';
  return `${error.name}${frame.replace('   ', '')}`;
}

function reply(message: ReaderReply): void {
  // The server may be gone, before or during the sending: then nobody is left to tell.
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}
