import type { Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listEvents } from '@teambrain/contract/log.ts';
import { closeCodes, socketLimits } from '@teambrain/contract/socket.ts';
import { register, type Person } from '../../testing/people.ts';
import { openSocket } from '../../testing/socket.ts';
import { appendEvents, createSpace, post, upTo } from '../../testing/space.ts';
import { createTestApp, type TestApp, type TestAppOptions } from '../../testing/test-app.ts';

const EVENTS = 400;
const SIZE = 10_000;
const LARGE = 2_000_000;

interface Scene {
  app: TestApp;
  owner: Person;
  space: string;
  /** The server's ends of the sockets, in the order they were opened. */
  ends: Socket[];
}

async function open(options: TestAppOptions): Promise<Scene> {
  const app = await createTestApp(options);
  // Not what is looked at here: the index would read all that text.
  await app.followers.stop();
  const ends: Socket[] = [];
  app.http.server.on('upgrade', (_request, socket) => ends.push(socket as Socket));
  const owner = await register(app.url, 'Owner');
  const space = await createSpace(owner);
  await appendEvents(app.database, space, EVENTS, SIZE);
  return { app, owner, space, ends };
}

/** As shipped; and one with little patience and three reads in two seconds. */
let usual: Scene;
let strict: Scene;

beforeAll(async () => {
  usual = await open({});
  const limits = { read: { quota: 3, window: 2 } };
  strict = await open({ limitFactor: 1, heartbeatMs: 400, config: { limits } });
});
afterAll(() => Promise.all([usual.app.close(), strict.app.close()]));

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

it('fetches are answered as far as their reader takes the answers, and none is lost', async () => {
  const { app, owner, ends } = usual;
  const space = await createSpace(owner);
  // One event more than fills a page, so that few answers fill what the system holds for a socket.
  await appendEvents(app.database, space, 1, LARGE);
  const first = ends.length;
  const greedy = await openSocket(app.url, { token: owner.token });
  const spaces = [{ id: space, after: 3 }];
  const calm = await openSocket(app.url, { token: owner.token, spaces });
  let most = 0;
  const look = setInterval(() => (most = Math.max(most, ends[first]?.writableLength ?? 0)), 2);
  greedy.raw.pause();
  const fetches = 36;
  for (const n of upTo(fetches)) {
    greedy.send({ frame: 'fetch', space, after: 2 });
    if (n % 18 === 0) await pause(1_100);
  }
  await expect.poll(() => most, { timeout: 20_000 }).toBeGreaterThan(socketLimits.maxBuffered / 4);
  const { seq } = await post(owner, space, 'heard by who reads');
  await calm.reaches(space, seq);
  expect(greedy.isOpen).toBe(true);
  greedy.raw.resume();
  await greedy.next('events', fetches);
  clearInterval(look);
  // A quarter of its share and one answer beyond it.
  expect(most).toBeLessThan(socketLimits.maxBuffered / 4 + LARGE + 10_000);
  greedy.close();
  calm.close();
}, 60_000);

it('pages of the log are counted together, whichever way they leave', async () => {
  const { app, owner, space } = strict;
  const params = { spaceId: space };
  const socket = await openSocket(app.url, { token: owner.token });
  await owner.call(listEvents, { params });
  socket.send({ frame: 'fetch', space, after: 0 });
  await socket.next('events');
  await owner.call(listEvents, { params });
  socket.send({ frame: 'fetch', space, after: 0 });
  const { problem, space: where } = await socket.next('problem');
  expect([problem.code, where]).toEqual(['too-many-requests', space]);
  expect(problem.retryAfter).toBeGreaterThan(0);
  // A replay waits until there is room again; then nothing of it is missing.
  socket.send({ frame: 'subscribe', space, after: EVENTS - 20 });
  await socket.reaches(space, EVENTS + 2);
  const replayed = socket.events(space).slice(socket.of('events')[0]?.events.length);
  expect(replayed.map(({ seq }) => seq)).toEqual(upTo(22).map((n) => EVENTS - 20 + n));
  socket.close();
}, 30_000);

it('a client that sends pongs nobody asked for, and reads nothing, is cut off all the same', async () => {
  const { app, owner, ends } = strict;
  const first = ends.length;
  const socket = await openSocket(app.url, { token: owner.token });
  const honest = await openSocket(app.url, { token: owner.token });
  socket.raw.pause();
  const pongs = setInterval(() => socket.isOpen && socket.raw.pong('here'), 100);
  await expect.poll(() => ends[first]?.destroyed, { timeout: 10_000 }).toBe(true);
  clearInterval(pongs);
  expect(honest.isOpen).toBe(true);
  honest.close();
}, 30_000);

it.each([
  ['pings', 0x89],
  ['pongs', 0x8a],
])('%s count as frames: a flood of them closes the socket', async (_, opcode) => {
  const { app, owner } = usual;
  const socket = await openSocket(app.url, { token: owner.token });
  const raw = (socket.raw as unknown as { _socket: Socket })._socket;
  const frame = Buffer.from([opcode, 0x80, 0, 0, 0, 0]);
  for (const _n of upTo(2 * socketLimits.framesPerSecond)) raw.write(frame);
  expect(await socket.closed()).toBe(closeCodes.limits);
});

it('a ping is answered, and a message in endless parts is not waited for', async () => {
  const { app, owner } = usual;
  const socket = await openSocket(app.url, { token: owner.token });
  let pong = '';
  socket.raw.on('pong', (data) => (pong = data.toString()));
  socket.raw.ping('are you there');
  await expect.poll(() => pong).toBe('are you there');
  socket.raw.send('', { fin: false });
  for (const _n of upTo(100)) socket.raw.send('', { fin: false });
  expect(await socket.closed()).toBeGreaterThan(1_000);
});
