import type { WebSocket } from 'ws';
import { closeCodes, socketLimits } from '@teambrain/contract/socket.ts';
import type { Actor } from '../core/actor.ts';
import type { Outlet } from './subscription.ts';

const CHECK_MS = 50;
const STUCK_MS = 30_000;

/**
 * A socket as subscriptions write to it, with the limits that keep a slow reader to itself.
 * @param onStuck told when a reader is closed for reading nothing
 */
export function createOutlet(socket: WebSocket, actor: Actor, onStuck: () => void): Outlet {
  const isOpen = () => socket.readyState === socket.OPEN;
  return {
    actor,
    send(frame) {
      if (isOpen()) socket.send(JSON.stringify(frame));
    },
    sendBytes(bytes) {
      if (isOpen()) socket.send(bytes, { binary: false });
    },
    isFull: () => socket.bufferedAmount > socketLimits.maxBuffered,
    /** Waits until most of what waits has left; a reader without progress for 30 s is closed. */
    async drained() {
      let least = socket.bufferedAmount;
      let since = Date.now();
      while (isOpen() && socket.bufferedAmount > socketLimits.maxBuffered / 4) {
        await new Promise((resolve) => setTimeout(resolve, CHECK_MS));
        if (socket.bufferedAmount < least) {
          least = socket.bufferedAmount;
          since = Date.now();
        } else if (Date.now() - since > STUCK_MS) {
          onStuck();
          socket.close(closeCodes.slow);
          socket.terminate();
        }
      }
      return isOpen();
    },
  };
}
