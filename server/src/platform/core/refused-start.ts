/** The environment is such that running would lose or mix up data; the message says what to do. */
export class RefusedStartError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'RefusedStartError';
  }
}

type Address = { host: string; port: number };

/** Why nothing can listen there, in words; any other failure as it is. */
export function refusedListening(error: unknown, { host, port }: Address): Error {
  const { code = '' } = error as NodeJS.ErrnoException;
  const loopback =
    'Set HOST to 127.0.0.1, to 0.0.0.0 for all addresses, or to one of this machine.';
  const why: Record<string, string> = {
    EADDRINUSE: `The port is in use: ${port} on ${host}. Set PORT to another one, or stop what listens there.`,
    EADDRNOTAVAIL: `HOST is an address that this machine does not have: ${host}. ${loopback}`,
    EAFNOSUPPORT: `HOST is of a kind that this machine does not have: ${host}. ${loopback}`,
    EINVAL: `HOST cannot be listened on: ${host}. ${loopback}`,
    ENOTFOUND: `HOST is a name that leads nowhere: ${host}. ${loopback}`,
    EAI_AGAIN: `HOST is a name that cannot be looked up now: ${host}. ${loopback}`,
    EACCES: `This user may not listen on port ${port}. Set PORT to one from 1024 on, e.g. 3000.`,
  };
  const sentence = why[code];
  if (sentence) return new RefusedStartError(sentence, error);
  return error instanceof Error ? error : new Error(String(error));
}

const SYSTEM: Record<string, string> = {
  ENOSPC: 'The disk is full. Make room and start again.',
  EDQUOT: 'The disk quota of this user is used up. Make room and start again.',
  EROFS: 'The file system is read-only.',
  EACCES: 'A file may not be read or written by this user.',
  EPERM: 'A file may not be read or written by this user.',
  EMFILE: 'Too many files are open in this process. Raise the limit (ulimit -n).',
  ENFILE: 'Too many files are open on this machine.',
  EIO: 'The disk answers with errors.',
  ENOMEM: 'The memory is full.',
};

/**
 * A failed start in a sentence. What we do not know shows its message alone: the stack says nothing
 * to who runs TeamBrain, and comes with LOG_LEVEL=debug.
 */
export function explainFailure(error: unknown, isVerbose: boolean): string {
  if (!(error instanceof Error)) return String(error);
  if (isVerbose && error.stack) return error.stack;
  for (let e: unknown = error; e instanceof Error; e = e.cause) {
    const { code = '', path } = e as NodeJS.ErrnoException;
    if (SYSTEM[code]) return path ? `${SYSTEM[code]} (${path})` : SYSTEM[code];
  }
  const [line = ''] = error.message.split('\n');
  return `${line || error.name}. LOG_LEVEL=debug shows where.`;
}
