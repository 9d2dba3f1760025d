import { closeCodes } from '@teambrain/contract/socket.ts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { realtimeUrl, type Realtime, type RealtimeOptions } from './realtime.ts';
import { pause, recorded, upTo } from './testing/recorded.ts';
import { idOf, SocketServer } from './testing/socket-server.ts';

const [one, two] = [idOf(101), idOf(102)];
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

describe('following', () => {
  it('replays from the cursor and goes on live', async () => {
    server.append(one, 5);
    const client = start();
    client.realtime.subscribe(one, 2);
    await client.has(one, [3, 4, 5]);
    server.append(one, 2);
    await client.has(one, upTo(7, 3));
    expect(client.realtime.cursor(one)).toBe(7);
    expect(server.sent('hello')).toEqual([
      { frame: 'hello', token: 'token-1', protocol: 1, spaces: [{ id: one, after: 2 }] },
    ]);
    expect(client.named('state')).toEqual([
      ['state', 'connecting'],
      ['state', 'live'],
    ]);
  });

  it('subscribes and unsubscribes while live', async () => {
    const client = start();
    await client.live();
    client.realtime.subscribe(two, 0);
    server.append(two, 1);
    await client.has(two, [1]);
    client.realtime.unsubscribe(two);
    await vi.waitFor(() => expect(server.sent('unsubscribe')).toHaveLength(1));
    server.append(two, 1);
    await pause(50);
    expect([client.seen[two], client.realtime.cursor(two)]).toEqual([[1], null]);
  });

  it('fetches what was lost as soon as a later event or a beat shows it', async () => {
    const client = start();
    client.realtime.subscribe(one, 0);
    client.realtime.subscribe(two, 0);
    await client.live();
    server.isLossy = true;
    server.append(one, 450);
    server.append(two, 2);
    server.isLossy = false;
    server.append(one, 1);
    await client.has(one, upTo(451));
    expect(client.seen[two]).toBeUndefined();
    server.beat();
    await client.has(two, [1, 2]);
  });

  it('asks again when a fetch gets no reply', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    let isDeaf = true;
    server.onFrame = ({ frame }) => frame === 'fetch' && isDeaf;
    const client = start();
    client.realtime.subscribe(one, 0);
    await client.live();
    server.isLossy = true;
    server.append(one, 3);
    server.beat();
    await vi.waitFor(() => expect(server.sent('fetch')).toHaveLength(1));
    isDeaf = false;
    vi.advanceTimersByTime(5_000);
    await client.has(one, [1, 2, 3]);
    expect(server.sent('fetch')).toHaveLength(2);
  });

  it('does not wait after a cut for what the old link was asked', async () => {
    server.append(one, 1);
    let isDeaf = true;
    server.onFrame = (frame, socket) => {
      if (frame.frame === 'fetch') return isDeaf;
      if (frame.frame !== 'hello' || isDeaf) return false;
      const limits = { maxFrame: 65_536, subscriptions: 200 };
      const { epoch, heartbeat } = server;
      server.send(socket, {
        frame: 'welcome',
        connectionId: idOf(3),
        epoch,
        heartbeat,
        limits,
      });
      return true;
    };
    const client = start();
    client.realtime.subscribe(one, 1);
    await client.live();
    server.isLossy = true;
    server.append(one, 2);
    server.beat();
    await vi.waitFor(() => expect(server.sent('fetch')).toHaveLength(1));
    isDeaf = false;
    server.drop();
    await vi.waitFor(() => expect(server.sent('hello')).toHaveLength(2), 4_000);
    await client.live();
    server.beat();
    await vi.waitFor(() => expect(client.seen[one]).toEqual([2, 3]), 500);
  });

  it('says a space once, in the hello or after it', async () => {
    const client = start();
    await Promise.resolve();
    await Promise.resolve();
    client.realtime.subscribe(one, 0);
    await client.live();
    await pause(50);
    const inHello = server.sent('hello')[0]?.spaces.length ?? 0;
    expect(inHello + server.sent('subscribe').length).toBe(1);
  });

  it('subscribes again when the server was too busy for it', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    let refusals = 0;
    server.onFrame = (frame, socket) => {
      if (frame.frame !== 'subscribe' || refusals++ > 0) return false;
      const problem = { type: 'x', code: 'busy', title: 'Busy', status: 503 };
      server.send(socket, { frame: 'problem', problem, space: one });
      return true;
    };
    const client = start();
    await client.live();
    client.realtime.subscribe(one, 0);
    await vi.waitFor(() =>
      expect(client.named('error')).toMatchObject([['error', { status: 503 }]]),
    );
    server.append(one, 1);
    vi.advanceTimersByTime(5_000);
    await client.has(one, [1]);
    expect(server.sent('subscribe')).toHaveLength(2);
  });

  it('takes a later snapshot’s place, never an earlier one’s', async () => {
    server.append(one, 5);
    const client = start();
    client.realtime.subscribe(one, 3);
    await client.has(one, [4, 5]);
    server.isLossy = true;
    server.append(one, 4);
    client.realtime.subscribe(one, 8);
    client.realtime.subscribe(one, 2);
    server.beat();
    await client.has(one, [4, 5, 9]);
  });

  it('goes on when a handler throws, and when frames make no sense', async () => {
    const seqs: number[] = [];
    const client = start({
      onEvent: ({ seq }) => {
        seqs.push(seq);
        if (seq === 2) throw new Error('mine');
      },
    });
    client.realtime.subscribe(one, 0);
    await client.live();
    server.append(one, 2);
    for (const socket of server.sockets.keys()) {
      for (const text of ['{', '[]', 'null', '{"frame":"event"}', '{"frame":"later"}']) {
        socket.send(text);
      }
      socket.send(Buffer.from('{}'), { binary: true });
    }
    server.append(one, 1);
    await vi.waitFor(() => expect(seqs).toEqual([1, 2, 3]));
    expect(client.named('error')[0]).toEqual(['error', new Error('mine')]);
    expect(client.named('error')).toHaveLength(6);
    expect(server.connections).toBe(1);
  });
});

describe('limits', () => {
  it('never sends more frames a second than the server takes', async () => {
    const client = start();
    await client.live();
    for (let n = 0; n < 40; n += 1) client.realtime.subscribe(idOf(200 + n), 0);
    await pause(500);
    expect(server.sent('subscribe').length).toBeLessThanOrEqual(19);
    await vi.waitFor(() => expect(server.sent('subscribe')).toHaveLength(40), 5_000);
  });

  it('follows no more spaces than the server allows', async () => {
    server.limit = 1;
    const client = start();
    await client.live();
    client.realtime.subscribe(one, 0);
    expect(() => client.realtime.subscribe(two, 0)).toThrow(RangeError);
    client.realtime.unsubscribe(one);
    client.realtime.subscribe(two, 0);
  });
});

it('applies everything exactly once over many cuts, losses and restarts', async () => {
  const client = start();
  client.realtime.subscribe(one, 0);
  client.realtime.subscribe(two, 0);
  for (let round = 0; round < 6; round += 1) {
    await client.live();
    server.isLossy = round % 2 === 1;
    server.append(one, 20);
    server.append(two, 7);
    server.isLossy = false;
    server.append(one, 1);
    const { connections } = server;
    server.drop(round % 3 === 0 ? closeCodes.restart : undefined);
    server.append(one, 5);
    await vi.waitFor(() => expect(server.connections).toBeGreaterThan(connections), 10_000);
  }
  await client.live();
  await client.has(one, upTo(6 * 26));
  await client.has(two, upTo(6 * 7));
  expect(client.named('error')).toEqual([]);
}, 40_000);

it('knows the address of the socket', () => {
  expect(realtimeUrl('https://brain.example.org/')).toBe('wss://brain.example.org/api/realtime');
  expect(realtimeUrl('http://127.0.0.1:3000')).toBe('ws://127.0.0.1:3000/api/realtime');
});
