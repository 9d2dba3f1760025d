import { pino, type DestinationStream, type Logger } from 'pino';

export type Log = Logger;

/** Structured log lines, on standard output unless told; never carries texts, tokens or passwords. */
export function createLog(
  level: string,
  destination: DestinationStream = pino.destination(1),
): Log {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: {
      err: (error: unknown) => describeError(error),
    },
  };
  return pino(options, destination);
}

/** An error without the query parameters that database drivers attach to it. */
function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error) };
  const { code } = error as { code?: unknown };
  const cause = error.cause instanceof Error ? describeError(error.cause) : undefined;
  // Drizzle puts the SQL *and its parameters* into the message; keep the statement only.
  const [message = ''] = error.message.split('\nparams:');
  return { name: error.name, message, code, stack: framesOf(error), cause };
}

/** The stack without the message before it, whose lines could hold anything. */
function framesOf({ stack = '', message }: Error): string | undefined {
  const start = stack.indexOf(message);
  if (start < 0) return undefined;
  const lines = stack.slice(start + message.length).split('\n');
  return lines
    .filter((line) => line.startsWith('    at '))
    .slice(0, 12)
    .join('\n');
}
