import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createEntry, type Entry } from '@teambrain/contract/knowledge.ts';
import { WebSocket } from 'ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listSpaces } from '@teambrain/contract/spaces.ts';
import { register, type Person } from '../src/testing/people.ts';
import { openSocket, realtimeUrl } from '../src/testing/socket.ts';
import { createSpace, upTo } from '../src/testing/space.ts';
import { createTestApp, useTestApp, type TestApp } from '../src/testing/test-app.ts';

/** More sockets than an address may have before their hello (128). */
const SILENT = 140;
/** What may wait unsent here: of one person, and for how long. */
const outgoing = { each: 3_000_000, stuckMs: 1_500 };
/** Where a trusted proxy is. */
const PROXY = '127.0.0.9';
const LARGE = 1_020_000;
const markdown = '\u0001'.repeat(LARGE / 6); // six bytes each in JSON

let app: TestApp;
let reader: Person;
let other: Person;
let space: string;
let entry: Entry;

beforeAll(async () => {
  app = await createTestApp({ limitFactor: 1, outgoing, config: { trustedProxies: [PROXY] } });
  await app.followers.stop();
  [reader, other] = [await register(app.url, 'Reader'), await register(app.url, 'Other')];
  space = await createSpace(reader);
  const body = { kind: 'document', title: 'Large', markdown } as const;
  entry = await reader.call(createEntry, { params: { spaceId: space }, body });
});
afterAll(() => app.close());

/** A bare connection with all that came over it. */
async function open(localAddress = '127.0.0.1', url = app.url) {
  const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1', localAddress });
  let received = '';
  socket.on('data', (data) => (received += data.toString('latin1')));
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return {
    socket,
    received: () => received,
    answers: () => received.split('HTTP/1.1 ').length - 1,
    closed: () => expect.poll(() => socket.closed, { timeout: 20_000 }).toBe(true),
  };
}

const head = (path: string, token = '') =>
  `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${token && `Authorization: Bearer ${token}\r\n`}`;

function silentSocket(localAddress: string, forwarded?: string) {
  const headers: Record<string, string> = forwarded ? { 'x-forwarded-for': forwarded } : {};
  const socket = new WebSocket(realtimeUrl(app.url), { localAddress, headers });
  const state = { isOpen: false, code: 0, end: () => socket.terminate() };
  socket.on('open', () => (state.isOpen = true));
  socket.on('close', (code) => (state.code = code));
  socket.on('error', () => undefined);
  return state;
}

describe('who only waits', () => {
  it('shuts nobody out with sockets that say no hello, and is gone within five seconds', async () => {
    const silent = upTo(SILENT).map(() => silentSocket('127.0.0.1'));
    await expect
      .poll(() => silent.filter(({ isOpen, code }) => isOpen || code).length, { timeout: 20_000 })
      .toBe(SILENT);
    // Of this address, those that waited longest made room; the others did not notice.
    await expect
      .poll(() => silent.filter(({ code }) => code === 4429).length, { timeout: 20_000 })
      .toBeGreaterThanOrEqual(SILENT - 128);
    for (const address of ['127.0.0.1', '127.0.0.2', '127.0.0.3']) {
      const socket = new WebSocket(realtimeUrl(app.url), { localAddress: address });
      await once(socket, 'open');
      socket.send(JSON.stringify({ frame: 'hello', token: other.token, protocol: 1, spaces: [] }));
      const [welcome] = (await once(socket, 'message')) as [Buffer];
      expect(welcome.toString()).toContain('welcome');
      socket.close();
    }
    await expect.poll(() => silent.every(({ code }) => code > 0), { timeout: 20_000 }).toBe(true);
    expect(app.wire.pending.size).toBe(0);
  }, 60_000);

  it('is told apart by the address that a trusted proxy forwards, IPv6 by its /64', async () => {
    const before = app.wire.pending.cuts;
    const open = (count: number, of: (n: number) => string) =>
      upTo(count).map((n) => silentSocket(PROXY, of(n)));
    const arrived = (sockets: ReturnType<typeof silentSocket>[]) =>
      expect
        .poll(() => sockets.every(({ isOpen, code }) => isOpen || code), { timeout: 20_000 })
        .toBe(true);
    const apart = open(SILENT, (n) => `10.0.${n % 2}.1`);
    await arrived(apart);
    expect(app.wire.pending.cuts).toBe(before);
    const together = open(SILENT, (n) => `2001:db8:0:1::${n}`);
    await arrived(together);
    expect(app.wire.pending.cuts).toBeGreaterThanOrEqual(before + SILENT - 128);
    expect(apart.some(({ code }) => code === 4429)).toBe(false);
    for (const { end } of [...apart, ...together]) end();
    await expect.poll(() => app.wire.pending.size, { timeout: 20_000 }).toBe(0);
  }, 60_000);

  it('in the middle of a head, or before it, is closed as well', async () => {
    const half = await open();
    half.socket.write(head('/api/realtime'));
    const drip = setInterval(() => half.socket.write('X-A: b\r\n'), 200);
    const mute = await open();
    await half.closed();
    clearInterval(drip);
    await mute.closed();
    expect(half.received()).toMatch(/^HTTP\/1\.1 408 .*too-slow/s);
    expect(mute.received()).toBe('');
  }, 30_000);

  it('in the middle of bodies makes room for others of its address', async () => {
    const before = app.wire.counts().room;
    const part = `${head('/api/nothing').replace('GET', 'POST')}Content-Length: 9\r\n\r\n{`;
    const slow = [];
    for (const _n of upTo(70)) {
      const one = await open('127.0.0.5');
      one.socket.write(part);
      slow.push(one);
    }
    await expect
      .poll(() => app.wire.counts().room - before, { timeout: 20_000 })
      .toBeGreaterThanOrEqual(6);
    await slow[0]?.closed();
    expect(slow.at(-1)?.socket.closed).toBe(false);
    for (const { socket } of slow) socket.destroy();
  }, 60_000);

  it('after a refused upgrade does not stay either', async () => {
    const refused = await open();
    const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\n';
    refused.socket.write(`${head('/elsewhere')}${upgrade}\r\n`);
    await refused.closed();
    expect(refused.received()).toMatch(/^HTTP\/1\.1 404/);
  }, 30_000);
});

describe('who asks ahead', () => {
  it('gets the answers in order, one after the other', async () => {
    const asking = await open();
    const paths = ['/livez', '/api/instance', '/livez', '/api/nothing', '/livez'];
    asking.socket.write(paths.map((path) => `${head(path)}\r\n`).join(''));
    await expect.poll(asking.answers).toBe(paths.length);
    const statuses = [...asking.received().matchAll(/HTTP\/1\.1 (\d+)/g)].map(
      ([, status]) => status,
    );
    expect(statuses).toEqual(['200', '200', '200', '404', '200']);
    asking.socket.destroy();
  });

  it('too far is not heard', async () => {
    const asking = await open();
    asking.socket.write(`${head('/api/spaces', reader.token)}\r\n`.repeat(60));
    await asking.closed();
    expect(asking.answers()).toBeLessThan(20);
  });
});

describe('who asks and does not read', () => {
  it('holds so many bytes at most, then loses connections; others are served', async () => {
    const path = `/api/spaces/${space}/entries/${entry.id}`;
    const asking = `${head(path, reader.token)}\r\n`.repeat(15);
    const socket = await openSocket(app.url, {
      token: other.token,
      spaces: [],
    });
    let most = 0;
    const look = setInterval(() => (most = Math.max(most, app.wire.counts().unsent)), 2);
    const slow: Socket[] = [];
    for (const _n of upTo(6)) {
      const { socket: one } = await open();
      one.pause();
      one.write(asking);
      slow.push(one);
    }
    await expect.poll(() => app.wire.counts().full, { timeout: 40_000 }).toBeGreaterThan(0);
    expect((await other.call(listSpaces, {})).items).toBeDefined();
    // The rest of them make no progress.
    await expect.poll(() => app.wire.counts().unsent, { timeout: 20_000 }).toBe(0);
    clearInterval(look);
    expect(app.wire.counts().stuck).toBeGreaterThan(0);
    expect(most).toBeGreaterThan(LARGE);
    expect(most).toBeLessThan(outgoing.each + LARGE + 10_000);
    expect(socket.isOpen).toBe(true);
    for (const one of slow) one.destroy();
    socket.close();
  }, 90_000);

  it('waits for their own answers, and others hardly do', async () => {
    const path = `/api/spaces/${space}/entries/${entry.id}`;
    let most = 0;
    const look = setInterval(() => (most = Math.max(most, app.wire.reads.running)), 1);
    const flood: Socket[] = [];
    for (const _n of upTo(80)) {
      const { socket: one } = await open();
      flood.push(one);
    }
    for (const one of flood) one.write(`${head(path, reader.token)}\r\n`);
    await expect
      .poll(() => app.wire.reads.waiting, { timeout: 20_000, interval: 1 })
      .toBeGreaterThan(5);
    expect((await other.call(listSpaces, {})).items).toBeDefined();
    // Somebody else's was not the last.
    expect(app.wire.reads.waiting).toBeGreaterThan(0);
    // Who leaves is not waited for.
    for (const one of flood) one.destroy();
    await expect.poll(() => app.wire.reads.running + app.wire.reads.waiting).toBe(0);
    clearInterval(look);
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(4);
  }, 60_000);

  it('is told to take what waits, while much of it does; others are not', async () => {
    const tight = await useTestApp({ outgoing: { each: 2_900_000, all: 3_000_000 } });
    await tight.followers.stop();
    const [slow, quick] = [await register(tight.url, 'Slow'), await register(tight.url, 'Quick')];
    const spaceId = await createSpace(slow);
    const body = { kind: 'document', title: 'Large', markdown } as const;
    const { id } = await slow.call(createEntry, { params: { spaceId }, body });
    const asking = `${head(`/api/spaces/${spaceId}/entries/${id}`, slow.token)}\r\n`.repeat(15);
    const stuck: Socket[] = [];
    for (const _n of upTo(2)) {
      const { socket: one } = await open('127.0.0.1', tight.url);
      one.pause();
      one.write(asking);
      stuck.push(one);
    }
    const ask = ({ token }: Person) =>
      fetch(`${tight.url}/api/spaces`, { headers: { authorization: `Bearer ${token}` } });
    let refused: Response | undefined;
    await expect
      .poll(async () => (refused = await ask(slow)).status, { timeout: 20_000, interval: 20 })
      .toBe(429);
    expect(refused?.headers.get('retry-after')).toBe('2');
    expect(await refused?.json()).toMatchObject({ code: 'too-many-requests' });
    expect((await ask(quick)).status).toBe(200);
    // Without progress they are closed, and then there is room again.
    await expect.poll(async () => (await ask(slow)).status, { timeout: 20_000 }).toBe(200);
    for (const one of stuck) one.destroy();
  }, 60_000);
});
