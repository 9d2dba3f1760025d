/**
 * `npm run bench:slow [-- connections]`: what an instance's memory costs who asks for the largest
 * pages and reads none of the answers. First so many connections of HTTP, with requests asked ahead,
 * then as many that ask for an attachment, then ten sockets that fetch the log; beside them how long
 * somebody else waits for a page. On PostgreSQL where DATABASE_URL names an empty database.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FILE_NAME_HEADER, fileAddress } from '@teambrain/contract/files.ts';
import { drive, pause, type Measured } from '../load/drive.ts';
import { call, HttpConnection, requestOf } from '../load/http.ts';
import type { Served } from '../load/process.ts';
import { startTeamBrain } from '../load/server.ts';
import { handshake, masked } from '../load/sockets.ts';
import { populate, SOCKETS_EACH, type World } from '../load/world.ts';

const [connections = 300] = process.argv.slice(2).map(Number);
/** Requests asked ahead on each connection; one more than the server takes closes it. */
const AHEAD = 12;
/** People who do so; one more reads. */
const ATTACKERS = 8;
const SECONDS = 15;
const MB = 1e6;
const folder = mkdtempSync(join(tmpdir(), 'teambrain-slow-'));

/** The largest a text may be, in characters that JSON writes with six bytes each. */
const LARGEST = '\u0001'.repeat(170_000);

/** Paths of the largest answers there are; every page has two megabytes behind it. */
async function fill({ port, writers, hot }: World): Promise<string[]> {
  const connection = new HttpConnection(port);
  const token = writers[0]?.token ?? '';
  let last = '';
  for (let n = 0; n < 4; n += 1) {
    const body = { kind: 'document', title: `Large ${n}`, markdown: LARGEST };
    last = (await call<{ id: string }>(connection, `POST /spaces/${hot}/entries`, { token, body }))
      .id;
  }
  for (let n = 0; n < 60; n += 1) {
    const body = { text: `${n} ${'\u0001'.repeat(9_900)}` };
    await call(connection, `POST /spaces/${hot}/messages`, { token, body });
  }
  connection.close();
  const space = `/api/spaces/${hot}`;
  return [
    `${space}/entries/${last}`,
    `${space}/messages?limit=200`,
    `${space}/events?after=3&limit=200`,
    `${space}/entries/${last}/revisions`,
  ];
}

/** Bytes of the attachment. */
const FILE_BYTES = 20 * MB;

/** A message with a large attachment. @returns where the attachment is read */
async function attach({ port, writers, hot }: World): Promise<string> {
  const space = `http://127.0.0.1:${port}/api/spaces/${hot}`;
  const authorization = `Bearer ${writers[0]?.token ?? ''}`;
  const post = async (path: string, type: string, body: string | Uint8Array<ArrayBuffer>) => {
    const headers = { authorization, 'content-type': type, [FILE_NAME_HEADER]: 'large.bin' };
    const answer = await fetch(`${space}/${path}`, { method: 'POST', headers, body });
    if (answer.status !== 201) throw new Error(`${path} was answered with ${answer.status}`);
    return (await answer.json()) as { id: string };
  };
  const bytes = new Uint8Array(FILE_BYTES).fill(7);
  const { id } = await post('files', 'application/octet-stream', bytes);
  await post('messages', 'application/json', JSON.stringify({ text: 'Large', files: [id] }));
  return fileAddress(id);
}

/** Connections that ask for all of these, and read the answers or do not. */
async function ask(
  { port, writers }: World,
  asked: string[],
  isReading: boolean,
): Promise<Socket[]> {
  const sockets: Socket[] = [];
  for (let n = 0; n < connections; n += 1) {
    const socket = connect({ port, host: '127.0.0.1' }).pause();
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    if (isReading) socket.resume();
    const token = writers[n % ATTACKERS]?.token ?? '';
    for (let k = 0; k < AHEAD; k += 1) {
      socket.write(requestOf('GET', asked[(n + k) % asked.length] ?? '', { token }));
    }
    sockets.push(socket);
  }
  return sockets;
}

/** Sockets of one person that fetch the log from its beginning, over and over, and read nothing. */
async function fetchLog({ port, writers, hot }: World, isOver: () => boolean): Promise<Socket[]> {
  const sockets: Socket[] = [];
  for (let n = 0; n < SOCKETS_EACH; n += 1) {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.on('error', () => undefined);
    socket.write(handshake('/api/realtime'));
    await once(socket, 'data');
    socket.pause();
    const token = writers[1]?.token ?? '';
    socket.write(masked(JSON.stringify({ frame: 'hello', token, protocol: 1, spaces: [] })));
    sockets.push(socket);
  }
  const fetch = masked(JSON.stringify({ frame: 'fetch', space: hot, after: 3, limit: 200 }));
  const timer = setInterval(() => {
    if (isOver()) clearInterval(timer);
    for (const socket of sockets) for (let k = 0; k < 4; k += 1) socket.write(fetch);
  }, 250);
  return sockets;
}

/** Somebody else, who reads what they ask for. */
function read({ port, writers, hot }: World): Promise<Measured> {
  const connection = new HttpConnection(port);
  const request = requestOf('GET', `/api/spaces/${hot}/messages?limit=1`, {
    token: writers[ATTACKERS]?.token ?? '',
  });
  return drive(1, SECONDS, async () => {
    const { status } = await connection.send(request);
    if (status !== 200) throw new Error(`Answered ${status}`);
    await pause(20);
  }).finally(() => connection.close());
}

/** Says how far the memory rose, at its peak and at the end of what was done. */
async function measure(
  served: Served,
  world: World,
  what: string,
  begin: (isOver: () => boolean) => Promise<Socket[]>,
): Promise<void> {
  await pause(2_000);
  const before = served.memory();
  let [peak, isOver] = [before, false];
  const look = setInterval(() => (peak = Math.max(peak, served.memory())), 20);
  const reading = read(world);
  const sockets = await begin(() => isOver);
  const { p50, p99 } = await reading;
  const after = served.memory();
  clearInterval(look);
  isOver = true;
  const open = sockets.filter(({ closed, destroyed }) => !closed && !destroyed).length;
  for (const socket of sockets) socket.destroy();
  const rise = (to: number) => `+${Math.round((to - before) / MB)} MB`;
  console.log(
    `${what}: ${Math.round(before / MB)} MB before, ${rise(peak)} at the peak, ${rise(after)} after ${SECONDS} s;` +
      ` ${open} still open; somebody else waits ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`,
  );
}

const url = process.env['DATABASE_URL'];
const served = await startTeamBrain(
  { folder, seconds: SECONDS, rounds: 1, profile: undefined },
  {
    SECRET: randomBytes(48).toString('base64'),
    ...(url ? { DATABASE_URL: url } : {}),
  },
);
try {
  const world = await populate(served.port, ATTACKERS + 1);
  const asked = await fill(world);
  // As after some use: code is compiled, the heap has its size.
  await drive(4, 3, async () => {
    const connection = new HttpConnection(served.port);
    for (const path of asked) {
      await connection.send(requestOf('GET', path, { token: world.writers[0]?.token ?? '' }));
    }
    connection.close();
  });
  for (const isReading of [true, false]) {
    const what = `${connections} connections that read ${isReading ? 'all' : 'nothing'}`;
    await measure(served, world, what, () => ask(world, asked, isReading));
  }
  const file = await attach(world);
  await measure(served, world, `${connections} connections that download and read nothing`, () =>
    ask(world, [file], false),
  );
  await measure(served, world, `${SOCKETS_EACH} sockets that read nothing`, (isOver) =>
    fetchLog(world, isOver),
  );
} finally {
  await served.stop();
  rmSync(folder, { recursive: true, force: true });
}
