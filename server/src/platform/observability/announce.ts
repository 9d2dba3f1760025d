import { createLog } from '../core/log.ts';

/** What becomes of the process. Programs that start it wait for these words. */
export type Turn = 'ready' | 'stopping' | 'failed';

/** Standard output, or standard error for failures. */
export interface Outlet {
  isTTY?: boolean;
  write(text: string): unknown;
}

const LEVELS = { ready: 'info', stopping: 'info', failed: 'fatal' } as const;

/**
 * Tells whoever started the process that it is ready, stops, or failed: a person at a terminal in
 * plain words, everybody else in one line of JSON like those of the log, `{"event":"ready",
 * "address":"http://…",…}`. Told at every LOG_LEVEL, because programs wait for it.
 * @param block what a person reads instead of the message
 */
export function announce(
  outlet: Outlet,
  event: Turn,
  message: string,
  more: { address?: string } = {},
  block = message,
): void {
  if (outlet.isTTY) {
    outlet.write(`\n${block}\n`);
    return;
  }
  const log = createLog('info', { write: (line) => void outlet.write(line) });
  log[LEVELS[event]]({ event, ...more }, message);
}
