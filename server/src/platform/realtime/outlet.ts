import type { WebSocket } from 'ws';
import { closeCodes, socketLimits } from '@teambrain/contract/socket.ts';
import type { Actor } from '../core/actor.ts';
import type { Outlet } from './subscription.ts';

const CHECK_MS = 50;
/** A reader without progress for so long is closed. */
const STUCK_MS = 30_000;
/** One that reads again meanwhile gets to know why. */
const FAREWELL_MS = 5_000;

export interface OutletOptions {
  /** Told when a reader is closed for reading nothing. */
  onStuck(): void;
  /** After how long that is. */
  stuckMs?: number | undefined;
  /** The account of all that waits to be sent. */
  account: Account;
}

/** One connection's page in the account of outgoing bytes (platform/wire/outgoing.ts). */
export interface Account {
  /** To be called after each send; `bytes` may be waiting for other sockets as well. */
  note(bytes?: Buffer): void;
  /** Whether more may be made for this reader now. */
  hasRoom(): boolean;
}

/** A socket as subscriptions write to it, with the limits that keep a slow reader to itself. */
export function createOutlet(
  socket: WebSocket,
  actor: Actor,
  { onStuck, stuckMs = STUCK_MS, account }: OutletOptions,
): Outlet {
  const isOpen = () => socket.readyState === socket.OPEN;
  const isBehind = () => socket.bufferedAmount > socketLimits.maxBuffered / 4;
  return {
    actor,
    send(frame) {
      if (!isOpen()) return;
      socket.send(JSON.stringify(frame));
      account.note();
    },
    sendBytes(bytes) {
      if (!isOpen()) return;
      socket.send(bytes, { binary: false });
      account.note(bytes);
    },
    isFull: () => socket.bufferedAmount > socketLimits.maxBuffered,
    /**
     * Waits until most of what waits has left, here and of all readers together; a reader without
     * progress is closed.
     */
    async drained() {
      let least = socket.bufferedAmount;
      let since = Date.now();
      while (isOpen() && (isBehind() || !account.hasRoom())) {
        await new Promise((resolve) => setTimeout(resolve, CHECK_MS));
        if (socket.bufferedAmount < least || !isBehind()) {
          least = socket.bufferedAmount;
          since = Date.now();
        } else if (Date.now() - since > stuckMs) {
          onStuck();
          socket.close(closeCodes.slow);
          setTimeout(() => socket.terminate(), FAREWELL_MS).unref();
        }
      }
      return isOpen();
    },
  };
}
