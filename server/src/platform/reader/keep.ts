import type { ChildProcess } from 'node:child_process';
import { setPriority } from 'node:os';
import type { KeeperOrder, KeeperReport, ReaderReply } from './protocol.ts';

/** From 0 to 19; people wait for summaries too. */
const NICE = 2;

/**
 * Runs in a small process between the server and its reader: starts the reader, hands on what both
 * say, and replaces the reader when it ends or the server gives it up. Starting a process copies the
 * memory tables of the one that starts it, which would stop the server's main loop for 50 to 100 ms.
 */
export function keepReader(start: () => ChildProcess): void {
  // Handed on to the reader: on a machine with few cores the server goes first.
  setPriority(NICE);
  // A server that was killed while this process started is not heard of any more.
  if (!process.connected) process.exit();
  // Ctrl-C and service managers signal the children too; the server ends them in its own order.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
  let reader = open();

  function open(): ChildProcess {
    const own = start();
    const pid = own.pid ?? 0;
    let isStarted = false;
    own.on('message', (reply: ReaderReply) => {
      isStarted = true;
      if (own === reader) report({ pid, reply });
    });
    own.on('error', () => undefined); // `exit` follows, or it never was a process
    own.on('exit', (code, signal) => {
      if (own !== reader) return;
      // One that cannot start would be started for ever: the server notices that this process ended.
      if (!isStarted) process.exit(1);
      report({ pid, reply: { did: 'end', how: String(signal ?? code) } });
      reader = open();
    });
    return own;
  }

  process.on('message', ({ to, request }: KeeperOrder) => {
    // Meant for one that has ended meanwhile, which the server is about to hear.
    if (to !== reader.pid) return;
    if (request) reader.send(request, () => undefined);
    else {
      const old = reader;
      reader = open();
      old.kill('SIGKILL');
    }
  });
  process.on('disconnect', () => {
    reader.kill('SIGKILL');
    process.exit();
  });
}

function report(message: KeeperReport): void {
  // The server may be gone, before or during the sending: then nobody is left to tell.
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}
