import { closeCodes } from '@teambrain/contract/socket.ts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { createRealtime, type Realtime, type RealtimeOptions } from './realtime.ts';
import { SocketServer } from './testing/socket-server.ts';

let server: SocketServer;
let states: string[];
let rejected: (string | undefined)[];
let token: string | null;
let unauthenticated: number;
let realtime: Realtime | undefined;

function start(more: Partial<RealtimeOptions> = {}): Realtime {
  realtime = createRealtime({
    url: server.url,
    WebSocket,
    token: (old?: string) => {
      rejected.push(old);
      return Promise.resolve(token);
    },
    onEvent: () => undefined,
    onReset: () => undefined,
    onRemoved: () => undefined,
    onState: (state) => states.push(state),
    onUnauthenticated: () => (unauthenticated += 1),
    ...more,
  });
  return realtime;
}

const live = () =>
  vi.waitFor(() => expect(realtime?.state).toBe('live'), { timeout: 8_000, interval: 10 });
const connections = (count: number, timeout: number) =>
  vi.waitFor(() => expect(server.connections).toBe(count), { timeout, interval: 10 });

beforeEach(async () => {
  server = await new SocketServer().start();
  [states, rejected, token, unauthenticated] = [[], [], 'token-1', 0];
});
afterEach(async () => {
  realtime?.close();
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  await server.stop();
});

describe('a lost link', () => {
  it('comes back with jitter, live again', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.2);
    start();
    await live();
    server.drop();
    await vi.waitFor(() => expect(states.at(-1)).toBe('offline'));
    await connections(2, 1_000);
    await live();
    expect(states).toEqual(['connecting', 'live', 'offline', 'connecting', 'live']);
  });

  it('waits longer with each failure, up to five seconds', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.1);
    const times: number[] = [];
    server.onFrame = (_, socket) => {
      times.push(Date.now());
      socket.terminate();
      return true;
    };
    start();
    await connections(5, 5_000);
    await vi.waitFor(() => expect(times).toHaveLength(5));
    const waits = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    for (const [index, wait] of waits.entries()) {
      // A tenth of 1, 2, 4 and then 5 seconds.
      const least = Math.min(500, 100 * 2 ** index);
      expect(wait).toBeGreaterThanOrEqual(least - 5);
      expect(wait).toBeLessThan(least + 400);
    }
  });

  it('is noticed when nothing is heard any more', async () => {
    server.heartbeat = -2_450;
    start();
    await live();
    await vi.waitFor(() => expect(states.filter((state) => state === 'live')).toHaveLength(2), {
      timeout: 3_000,
    });
  });

  it('is noticed when no welcome comes', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    vi.spyOn(Math, 'random').mockReturnValue(0);
    server.isMute = true;
    start();
    await vi.waitFor(() => expect(server.sent('hello')).toHaveLength(1));
    server.isMute = false;
    vi.advanceTimersByTime(10_000);
    await live();
    expect(server.connections).toBe(2);
  });

  it('stays as long as anything is heard', async () => {
    server.heartbeat = -2_400;
    start();
    await live();
    for (let n = 0; n < 8; n += 1) {
      await new Promise((resolve) => setTimeout(resolve, 60));
      server.beat();
    }
    expect(server.connections).toBe(1);
  });

  it('comes back at once when the browser is online again', async () => {
    const target = new EventTarget();
    vi.stubGlobal('addEventListener', target.addEventListener.bind(target));
    vi.stubGlobal('removeEventListener', target.removeEventListener.bind(target));
    vi.spyOn(Math, 'random').mockReturnValue(0.99);
    start();
    await live();
    server.drop(closeCodes.limits);
    await vi.waitFor(() => expect(states.at(-1)).toBe('offline'));
    target.dispatchEvent(new Event('online'));
    await connections(2, 500);
    realtime?.close();
    target.dispatchEvent(new Event('online'));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(server.connections).toBe(2);
  });

  it('that another window displaced comes back when somebody looks at this one', async () => {
    const page = new EventTarget();
    const state = { visibilityState: 'hidden' };
    vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
    vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page));
    vi.stubGlobal('document', Object.assign(page, state));
    start();
    await live();
    const timers = vi.spyOn(globalThis, 'setTimeout');
    server.drop(closeCodes.displaced);
    await vi.waitFor(() => expect(states.at(-1)).toBe('offline'), { interval: 5 });
    // Hidden, it waits for nothing but to be looked at.
    expect(timers.mock.calls.filter(([, delay]) => Number(delay) > 30_000)).toEqual([]);
    page.dispatchEvent(new Event('visibilitychange'));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(server.connections).toBe(1);
    Object.assign(page, { visibilityState: 'visible' });
    page.dispatchEvent(new Event('visibilitychange'));
    await connections(2, 500);
    await live();
    // One beside others that can be seen all the time comes back when it is chosen.
    server.drop(closeCodes.displaced);
    await vi.waitFor(() => expect(states.at(-1)).toBe('offline'));
    page.dispatchEvent(new Event('focus'));
    await connections(3, 500);
    realtime?.close();
    page.dispatchEvent(new Event('focus'));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(server.connections).toBe(3);
  });

  it('says nothing after it was closed', async () => {
    const link = start();
    await live();
    link.close();
    expect(states.at(-1)).toBe('offline');
    await vi.waitFor(() => expect(server.sockets.size).toBe(0));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([states.length, unauthenticated]).toEqual([3, 0]);
  });
});

describe('close codes', () => {
  it.each([
    [closeCodes.limits, 5_000 + 1_000],
    [closeCodes.forbidden, 5_000 + 3_000],
    [closeCodes.displaced, 30_000 + 6_000],
    [closeCodes.slow, 1_000 + 200],
    [closeCodes.restart, 200],
    [1006, 100],
  ])('%i is followed by a wait of %i ms', async (code, wait) => {
    vi.spyOn(Math, 'random').mockReturnValue(0.1);
    start();
    await live();
    const timers = vi.spyOn(globalThis, 'setTimeout');
    server.drop(code === 1006 ? undefined : code);
    await vi.waitFor(() => expect(states.at(-1)).toBe('offline'), { interval: 5 });
    expect(timers.mock.calls.map(([, delay]) => delay)).toContain(wait);
  });

  it('4401 asks for another token and comes back at once', async () => {
    start();
    await live();
    token = 'token-2';
    server.drop(closeCodes.unauthenticated);
    await connections(2, 500);
    await live();
    expect(rejected).toEqual([undefined, 'token-1']);
    expect(server.sent('hello').map((hello) => hello.token)).toEqual(['token-1', 'token-2']);
  });

  it.each([[null], ['token-1']])('4401 ends it when there is no other token (%s)', async (next) => {
    const link = start();
    await live();
    token = next;
    server.drop(closeCodes.unauthenticated);
    await vi.waitFor(() => expect(unauthenticated).toBe(1));
    expect([states.at(-1), server.connections]).toEqual(['offline', 1]);
    token = 'token-3';
    link.connect();
    await live();
  });

  it('4401 again and again is no tight circle', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    let made = 0;
    server.onFrame = (_, socket) => {
      socket.close(closeCodes.unauthenticated);
      return true;
    };
    start({ token: () => Promise.resolve(`t${++made}`) });
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(server.connections).toBe(2);
  });
});

describe('tokens', () => {
  it('are renewed in band when there is a new one', async () => {
    start();
    await live();
    server.beat();
    token = 'token-2';
    server.beat();
    server.beat();
    await vi.waitFor(() => expect(server.sent('renew')).toHaveLength(1));
    expect(server.sent('renew')).toEqual([{ frame: 'renew', token: 'token-2' }]);
    expect(server.connections).toBe(1);
  });

  it('that cannot be had now are asked for again', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.05);
    let tries = 0;
    const errors: unknown[] = [];
    const get = () => (tries++ < 2 ? Promise.reject(new Error('away')) : Promise.resolve('t'));
    start({ token: get, onError: (error) => errors.push(error) });
    await live();
    expect(errors).toHaveLength(2);
  });

  it('that are no more end the link', async () => {
    start();
    await live();
    token = null;
    server.beat();
    await vi.waitFor(() => expect(unauthenticated).toBe(1));
    expect(states.at(-1)).toBe('offline');
  });
});
