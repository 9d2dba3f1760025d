import { socketLimits, type ClientFrame } from '@teambrain/contract/socket.ts';
import { later } from './backoff.ts';

export interface Pacer {
  /** Puts a frame in line; the last of a key takes the place of the first. */
  add(key: string, frame: ClientFrame): void;
  /** Begins to send; until then frames wait. */
  start(): void;
  /** Forgets what waits. */
  stop(): void;
}

/** Frames that may wait. */
const MAX_WAITING = 1_000;
/** A margin below what the server allows: its second and ours need not be the same. */
const PER_SECOND = Math.floor(socketLimits.framesPerSecond * 0.75);

/** Sends frames in order, as many per second as the server takes. */
export function createPacer(options: {
  send(frame: ClientFrame): void;
  /** More wait than may: starting anew with a hello is shorter. */
  onFull(): void;
}): Pacer {
  const waiting = new Map<string, ClientFrame>();
  let isStarted = false;
  let sent = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const flush = () => {
    for (const [key, frame] of waiting) {
      if (!isStarted || sent >= PER_SECOND) return;
      waiting.delete(key);
      sent += 1;
      timer ??= later(nextSecond, 1_000);
      options.send(frame);
    }
  };
  const nextSecond = () => {
    timer = undefined;
    sent = 0;
    flush();
  };

  return {
    add(key, frame) {
      waiting.set(key, frame);
      if (waiting.size > MAX_WAITING) options.onFull();
      else flush();
    },
    start() {
      isStarted = true;
      flush();
    },
    stop() {
      isStarted = false;
      waiting.clear();
      clearTimeout(timer);
      timer = undefined;
      sent = 0;
    },
  };
}
