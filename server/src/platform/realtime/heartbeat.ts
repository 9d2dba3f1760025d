import { randomBytes } from 'node:crypto';
import type { WebSocket } from 'ws';

/**
 * Finds out whether the other end still reads: only the pong that answers the last ping counts, so
 * that nobody stays by sending pongs without reading.
 */
export class Heartbeat {
  private readonly socket: WebSocket;
  /** What the awaited pong has to carry; null when none is awaited. */
  private awaited: Buffer | null = null;

  constructor(socket: WebSocket) {
    this.socket = socket;
  }

  /** Sends the next ping; false when the last one was not answered. */
  beat(): boolean {
    if (this.awaited) return false;
    this.awaited = randomBytes(8);
    this.socket.ping(this.awaited);
    return true;
  }

  /** Whether this pong was the awaited one. */
  hear(pong: Buffer): boolean {
    if (!this.awaited?.equals(pong)) return false;
    this.awaited = null;
    return true;
  }
}
