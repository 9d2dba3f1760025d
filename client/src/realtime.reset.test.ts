import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ConnectionError, ProblemError } from './errors.ts';
import type { Realtime, RealtimeOptions } from './realtime.ts';
import { pause, recorded, upTo } from './testing/recorded.ts';
import { idOf, SocketServer } from './testing/socket-server.ts';

const one = idOf(101);
const open: Realtime[] = [];
let server: SocketServer;

function start(more: Partial<RealtimeOptions> = {}) {
  const client = recorded(server.url, more);
  open.push(client.realtime);
  return client;
}

beforeEach(async () => {
  server = await new SocketServer().start();
});
afterEach(async () => {
  vi.useRealTimers();
  for (const realtime of open.splice(0)) realtime.close();
  await server.stop();
});

describe('resets and rights', () => {
  it('starts anew after a restore, and mixes no histories', async () => {
    server.append(one, 5);
    const client = start();
    client.realtime.subscribe(one, 0);
    await client.has(one, upTo(5));
    server.epoch = idOf(3);
    server.logOf(one).length = 2;
    server.drop();
    await vi.waitFor(
      () => expect(client.named('reset')).toEqual([['reset', one, 'epoch', 2]]),
      5_000,
    );
    expect(server.sent('hello')[1]).toMatchObject({ epoch: idOf(1) });
    server.append(one, 1);
    await client.has(one, [1, 2, 3, 4, 5, 3]);
  });

  it('waits while the snapshot loads and goes on from its head', async () => {
    server.append(one, 1500);
    let loaded: (head: number) => void = () => undefined;
    const onReset = vi.fn(() => new Promise<number>((resolve) => (loaded = resolve)));
    const client = start({ onReset });
    client.realtime.subscribe(one, 0);
    await vi.waitFor(() => expect(onReset).toHaveBeenCalledWith(one, 'too-old', 1500));
    server.append(one, 4);
    await pause(50);
    expect(client.seen[one]).toBeUndefined();
    loaded(1502);
    await client.has(one, [1503, 1504]);
  });

  it('loads the snapshot again that could not be had, and applies nothing before', async () => {
    server.append(one, 1500);
    let tries = 0;
    const onReset = () =>
      (tries += 1) < 3 ? Promise.reject(new ConnectionError('offline')) : Promise.resolve(1501);
    const client = start({ onReset });
    client.realtime.subscribe(one, 0);
    await vi.waitFor(() => expect(tries).toBe(1));
    server.append(one, 3);
    expect(client.seen[one]).toBeUndefined();
    await client.has(one, [1502, 1503]);
    expect(tries).toBe(3);
    expect(client.named('error')).toEqual([]);
  });

  it('gives a snapshot up for another reset', async () => {
    server.append(one, 1500);
    const reasons: string[] = [];
    const onReset = (_space: string, reason: string) => {
      reasons.push(reason);
      return reason === 'epoch'
        ? Promise.resolve()
        : Promise.reject(new ConnectionError('offline'));
    };
    const client = start({ onReset });
    client.realtime.subscribe(one, 0);
    await vi.waitFor(() => expect(reasons).toContain('too-old'));
    server.epoch = idOf(3);
    server.drop();
    await vi.waitFor(() => expect(reasons).toContain('epoch'), 5_000);
    const { length } = reasons;
    server.append(one, 1);
    await client.has(one, [1501]);
    await pause(2_500);
    expect(reasons).toHaveLength(length);
  });

  it('loads a refused snapshot again at the next connection, and applies nothing before', async () => {
    server.append(one, 1500);
    const refusal = new ProblemError({
      code: 'session-ended',
      title: 'Over',
      status: 401,
    } as never);
    let isSignedIn = false;
    const onReset = vi.fn(() => (isSignedIn ? Promise.resolve(1501) : Promise.reject(refusal)));
    const client = start({ onReset });
    client.realtime.subscribe(one, 0);
    await vi.waitFor(() => expect(client.named('error')).toEqual([['error', refusal]]));
    server.append(one, 2);
    await pause(50);
    expect(client.seen[one]).toBeUndefined();
    isSignedIn = true;
    server.drop();
    await client.has(one, [1502]);
  });

  it('waits for a snapshot no longer once the space is left', async () => {
    server.append(one, 1500);
    const onReset = vi.fn(() => Promise.reject(new Error('no such thing')));
    const client = start({ onReset });
    client.realtime.subscribe(one, 0);
    await vi.waitFor(() => expect(client.named('error').length).toBeGreaterThan(0));
    client.realtime.unsubscribe(one);
    const { length } = onReset.mock.calls;
    await pause(2_500);
    expect(onReset).toHaveBeenCalledTimes(length);
  });

  it('hears nothing of a space it was removed from, nor asks for it again', async () => {
    const client = start();
    client.realtime.subscribe(one, 0);
    await client.live();
    server.sendAll({ frame: 'removed', space: one, reason: 'removed' });
    server.append(one, 1);
    await vi.waitFor(() => expect(client.named('removed')).toEqual([['removed', one, 'removed']]));
    server.drop();
    await vi.waitFor(() => expect(server.sent('hello')).toHaveLength(2), 5_000);
    expect(server.sent('hello')[1]?.spaces).toEqual([]);
    expect(client.seen[one]).toBeUndefined();
  });

  it('passes on who is typing, and says so itself now and then', async () => {
    const client = start();
    client.realtime.subscribe(one, 0);
    await client.live();
    for (let n = 0; n < 10; n += 1) client.realtime.typing(one);
    client.realtime.typing(idOf(102));
    const user = { id: idOf(900), name: 'Ann' };
    server.sendAll({ frame: 'typing', space: one, user });
    await vi.waitFor(() =>
      expect(client.named('typing')).toEqual([['typing', one, user, undefined]]),
    );
    expect(server.sent('typing')).toEqual([{ frame: 'typing', space: one }]);
  });
});
