import { expect, vi } from 'vitest';
import { WebSocket } from 'ws';
import { createRealtime, type Realtime, type RealtimeOptions } from '../realtime.ts';

export interface Recorded {
  realtime: Realtime;
  /** The seqs applied, per space. */
  seen: Record<string, number[]>;
  /** Every other handler's calls: name and arguments. */
  calls: unknown[][];
  named(name: string): unknown[][];
  live(): Promise<void>;
  /** Waits until exactly these seqs were applied. */
  has(space: string, seqs: number[]): Promise<void>;
}

/** A realtime client of a test server that notes what its handlers hear. */
export function recorded(
  url: string,
  more: Partial<RealtimeOptions> = {},
  seen: Recorded['seen'] = {},
): Recorded {
  const calls: unknown[][] = [];
  const note =
    (name: string) =>
    (...values: unknown[]) =>
      void calls.push([name, ...values]);
  const realtime = createRealtime({
    url,
    WebSocket,
    token: () => Promise.resolve('token-1'),
    onEvent: ({ space, seq }) => void (seen[space] ??= []).push(seq),
    onReset: note('reset'),
    onRemoved: note('removed'),
    onTyping: note('typing'),
    onState: note('state'),
    onError: note('error'),
    ...more,
  });
  const within = { timeout: 8_000 };
  return {
    realtime,
    seen,
    calls,
    named: (name) => calls.filter(([what]) => what === name),
    live: () => vi.waitFor(() => expect(realtime.state).toBe('live'), within),
    has: (space, seqs) => vi.waitFor(() => expect(seen[space] ?? []).toEqual(seqs), within),
  };
}

export const upTo = (n: number, from = 1) =>
  Array.from({ length: n - from + 1 }, (_, index) => from + index);

export const pause = (milliseconds: number) =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));
