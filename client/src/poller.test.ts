import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createCaller } from './call.ts';
import { Poller } from './poller.ts';
import { sendJson, sendProblem, startHttpServer, type TestServer } from './testing/http-server.ts';
import { idOf } from './testing/socket-server.ts';
import { upTo } from './testing/recorded.ts';

const [one, two] = [idOf(101), idOf(102)];
/** The last seq of each joined space's log on the server. */
let heads: Record<string, number>;
let cursors: Map<string, number>;
let refuse: ((url: string, response: ServerResponse) => boolean) | null;
let server: TestServer;
let poller: Poller;
const calls: unknown[][] = [];
const note =
  (name: string) =>
  (...values: unknown[]) =>
    void calls.push([name, ...values]);
const asked = (what: string) => server.asked.filter(({ url }) => url.includes(what));
const states = () => calls.filter(([name]) => name === 'state').map(([, works]) => works);

beforeEach(async () => {
  calls.length = 0;
  heads = {};
  cursors = new Map();
  refuse = null;
  server = await startHttpServer(({ url }, response) => {
    if (refuse?.(url, response)) return;
    const { pathname, searchParams } = new URL(url, 'http://localhost');
    if (pathname === '/api/spaces') {
      const items = Object.entries(heads).map(([id, lastSeq]) => ({ id, lastSeq }));
      return sendJson(response, 200, { items, next: null });
    }
    const head = heads[pathname.split('/')[3] ?? ''];
    if (head === undefined) return sendProblem(response, 'not-found');
    const after = Number(searchParams.get('after'));
    const last = Math.min(head, after + Number(searchParams.get('limit')));
    const items = upTo(last, after + 1).map((seq) => ({ seq }));
    sendJson(response, 200, { items, head, next: null });
  });
  poller = new Poller({
    call: createCaller({ baseUrl: server.url }),
    cursor: (space) => cursors.get(space) ?? null,
    followed: () => [...cursors.keys()],
    onEvents: (space, { items }) => {
      note('events')(space, items.length);
      cursors.set(space, items.at(-1)?.seq ?? 0);
    },
    onReset: note('reset'),
    onRemoved: (space, reason) => {
      note('removed')(space, reason);
      cursors.delete(space);
    },
    onState: note('state'),
    onError: note('error'),
  });
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(async () => {
  poller.stop();
  vi.useRealTimers();
  await server.close();
});

/** Lets time pass until a round has ended (`n` in all). */
async function rounds(n: number): Promise<void> {
  for (let step = 0; step < 400 && states().length < n; step += 1) {
    await vi.advanceTimersByTimeAsync(250);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(states()).toHaveLength(n);
}

describe('polling', () => {
  it('reads the logs that grew, and no others', async () => {
    heads = { [one]: 450, [two]: 7 };
    cursors.set(one, 5).set(two, 7);
    poller.start();
    await rounds(1);
    expect(cursors.get(one)).toBe(450);
    expect(calls).toEqual([
      ['events', one, 200],
      ['events', one, 200],
      ['events', one, 45],
      ['state', true],
    ]);
    heads[two] = 8;
    await rounds(2);
    expect(cursors.get(two)).toBe(8);
    expect([asked(`/${one}/`).length, asked(`/${two}/`).length]).toEqual([3, 1]);
  });

  it('reads a space that is looked at without having been joined', async () => {
    cursors.set(one, 0);
    refuse = (url, response) => {
      if (!url.startsWith('/api/spaces?')) return false;
      sendJson(response, 200, { items: [], next: null });
      return true;
    };
    heads = { [one]: 3 };
    poller.start();
    await rounds(1);
    expect(cursors.get(one)).toBe(3);
  });

  it('reloads a space that is too far behind or was restored, and drops one that is closed', async () => {
    heads = { [one]: 5_000, [two]: 2 };
    cursors.set(one, 1).set(two, 9).set(idOf(103), 4);
    poller.start();
    await rounds(1);
    expect(calls).toEqual([
      ['reset', one, 'too-old', 5_000],
      ['reset', two, 'epoch', 2],
      ['removed', idOf(103), 'not-found'],
      ['state', true],
    ]);
  });

  it('waits longer after each failure, and returns to its pace after an answer', async () => {
    heads = { [one]: 1 };
    cursors.set(one, 1);
    refuse = (_, response) => {
      response.destroy();
      return true;
    };
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const timers = vi.spyOn(globalThis, 'setTimeout');
    const ours = [2_000, 16_000, 30_000, 4_000];
    const waits = () =>
      timers.mock.calls.map(([, delay]) => delay ?? 0).filter((delay) => ours.includes(delay));
    poller.start();
    await rounds(5);
    refuse = null;
    await rounds(6);
    expect(states()).toEqual([false, false, false, false, false, true]);
    // The first wait after a failure, 8 s, is as long as a request may take.
    expect(waits()).toEqual([2_000, 16_000, 30_000, 30_000, 30_000, 4_000]);
    expect(calls.some(([name]) => name === 'error')).toBe(false);
  });

  it('waits as long as it is asked to, which is no lost connection', async () => {
    refuse = (_, response) => {
      sendProblem(response, 'too-many-requests', { retryAfter: 20 });
      return true;
    };
    poller.start();
    await vi.advanceTimersByTimeAsync(2_100);
    await vi.waitFor(() => expect(server.asked).toHaveLength(1));
    for (let n = 0; n < 20; n += 1) await new Promise((resolve) => setImmediate(resolve));
    await vi.advanceTimersByTimeAsync(19_000);
    expect([server.asked.length, states()]).toEqual([1, []]);
  });

  it('stops at once, also in the middle of a round', async () => {
    heads = { [one]: 3 };
    cursors.set(one, 0);
    refuse = () => {
      poller.stop();
      return false;
    };
    poller.start();
    await vi.advanceTimersByTimeAsync(2_100);
    await vi.waitFor(() => expect(states()).toEqual([null]));
    await vi.advanceTimersByTimeAsync(60_000);
    expect([server.asked.length, cursors.get(one)]).toEqual([1, 0]);
  });
});
