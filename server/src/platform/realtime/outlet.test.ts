import type { WebSocket } from 'ws';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { closeCodes, socketLimits } from '@teambrain/contract/socket.ts';
import { createOutlet } from './outlet.ts';

/** Of a socket only what is unsent matters here; the real ones are in realtime.slow.test.ts. */
function fakeSocket() {
  const closed: number[] = [];
  const socket = {
    OPEN: 1,
    readyState: 1,
    bufferedAmount: socketLimits.maxBuffered + 1,
    close(code: number) {
      closed.push(code);
      socket.readyState = 2;
    },
    terminate: () => (socket.readyState = 3),
  };
  return { socket, closed };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('as shipped, a reader is closed after 30 s without progress, and not before', async () => {
  const { socket, closed } = fakeSocket();
  const onStuck = vi.fn();
  const account = { note: () => undefined, hasRoom: () => true };
  const outlet = createOutlet(socket as unknown as WebSocket, {} as never, { onStuck, account });
  const drained = outlet.drained();
  await vi.advanceTimersByTimeAsync(20_000);
  socket.bufferedAmount -= 1; // progress, however little
  await vi.advanceTimersByTimeAsync(30_000);
  expect(closed).toEqual([]);
  await vi.advanceTimersByTimeAsync(200);
  expect(closed).toEqual([closeCodes.slow]);
  expect(await drained).toBe(false);
  expect(onStuck).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(socket.readyState).toBe(3);
});
