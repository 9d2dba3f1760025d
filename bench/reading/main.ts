/**
 * `npm run bench:reading [-- documents seconds [indexing]]`: what people notice while somebody else's text is
 * read. First how long so many documents of 3 kB take until they are in the index, beside what the
 * encoder alone needs for their sentences; then (unless told `indexing`) other people's p99 beside
 * documents and messages made to freeze a parser. On PostgreSQL where DATABASE_URL names an empty database. Ratios of one
 * run are comparable on a busy machine, the figures themselves are not.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createShippedEncoder } from '../../server/src/platform/ports/ai/encoder.shipped.ts';
import { passagesOf } from '../../server/src/platform/text/passages.ts';
import { hostileShapes } from '../../server/test/hostile-markdown.ts';
import { drive, pause, type Measured } from '../load/drive.ts';
import { call, HttpConnection } from '../load/http.ts';
import { startTeamBrain } from '../load/server.ts';
import { populate, textOf, type World } from '../load/world.ts';

const [documents = 2_000, seconds = 20] = process.argv.slice(2, 4).map(Number);
const isIndexingAlone = process.argv[4] === 'indexing';
const METRICS = randomBytes(24).toString('hex');
const folder = mkdtempSync(join(tmpdir(), 'teambrain-reading-'));

/** About 3 kB under three headings. */
function documentOf(n: number): string {
  const section = (part: number) => {
    const lines = Array.from({ length: 5 }, (_, k) => `${textOf(97 * n + 13 * part + k)}.`);
    return `## Part ${part}\n\n${lines.join(' ')}`;
  };
  return [1, 2, 3, 4].map(section).join('\n\n').slice(0, 3_000);
}

/** One person who reads and writes in a space, over and over. */
async function chat({ port, writers, hot }: World): Promise<Measured> {
  const connection = new HttpConnection(port);
  const token = writers[1]?.token ?? '';
  let turn = 0;
  try {
    return await drive(1, seconds, async () => {
      if ((turn += 1) % 4 !== 0) await call(connection, `GET /spaces/${hot}/messages`, { token });
      else {
        const body = { text: textOf(turn) };
        await call(connection, `POST /spaces/${hot}/messages`, { token, body });
      }
    });
  } finally {
    connection.close();
  }
}

/** Two such documents and messages a second until told to stop. */
async function attack({ port, writers }: World, isOver: () => boolean): Promise<void> {
  const connection = new HttpConnection(port);
  const [attacker] = writers;
  const [space = '', token = ''] = [attacker?.spaces[0], attacker?.token];
  const shapes = Object.values(hostileShapes);
  for (let n = 0; !isOver(); n += 1) {
    const text = shapes[n % shapes.length] ?? String;
    const markdown = `${n}\n\n${text(190_000)}`;
    const body = { kind: 'document', title: `Hostile ${n}`, markdown };
    await call(connection, `POST /spaces/${space}/entries`, { token, body });
    const message = { text: `${n} ${text(9_900)}` };
    await call(connection, `POST /spaces/${space}/messages`, { token, body: message });
    await pause(500);
  }
  connection.close();
}

async function backlog(port: number): Promise<number> {
  const headers = { authorization: `Bearer ${METRICS}` };
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`, { headers })).text();
  return Number(/^teambrain_follower_lag_events (\d+)/m.exec(text)?.[1] ?? Number.NaN);
}

async function untilCurrent(port: number, note: () => void): Promise<void> {
  do {
    note();
    await pause(200);
  } while ((await backlog(port)) !== 0);
}

async function encodeAlone(): Promise<number> {
  const encoder = await createShippedEncoder({ cacheDir: join(folder, 'models') });
  const texts = Array.from({ length: documents }, (_, n) => passagesOf('', documentOf(n)))
    .flat()
    .flatMap(({ sentences }) => sentences.map(({ text }) => text));
  const began = performance.now();
  for (let at = 0; at < texts.length; at += 1_000) {
    await encoder.encode(texts.slice(at, at + 1_000), 'document');
  }
  const took = performance.now() - began;
  await encoder.close();
  console.log(`${texts.length} sentences`);
  return took;
}

async function create({ port, writers }: World): Promise<void> {
  await Promise.all(
    [1, 2, 3, 4].map(async (lane) => {
      const connection = new HttpConnection(port);
      const [space = '', token = ''] = [writers[lane]?.spaces[0], writers[lane]?.token];
      for (let n = lane - 1; n < documents; n += 4) {
        const body = { kind: 'document', title: `Document ${n}`, markdown: documentOf(n) };
        await call(connection, `POST /spaces/${space}/entries`, { token, body });
      }
      connection.close();
    }),
  );
}

const ratio = (a: number, b: number) => (a / b).toFixed(2);

async function measureBesideAttack(world: World, calm: Measured): Promise<void> {
  let isOver = false;
  const attacking = attack(world, () => isOver);
  const beside = await chat(world);
  isOver = true;
  await attacking;
  console.log(
    `others' p99: ${calm.p99.toFixed(1)} ms calm, ${beside.p99.toFixed(1)} ms beside hostile texts, × ${ratio(beside.p99, calm.p99)} (at most 2)`,
  );
}

const url = process.env['DATABASE_URL'];
const served = await startTeamBrain(
  { folder, seconds, rounds: 1, profile: process.env['PROFILE'] },
  {
    METRICS_TOKEN: METRICS,
    SECRET: randomBytes(48).toString('base64'),
    ...(url ? { DATABASE_URL: url } : {}),
  },
);
try {
  const world = await populate(served.port, 8);
  const { port } = served;
  await untilCurrent(port, () => undefined);
  const calm = await chat(world);
  await untilCurrent(port, () => undefined);
  const alone = await encodeAlone();
  let peak = 0;
  const began = performance.now();
  await create(world);
  // Beside the indexing alone: that four people save documents as fast as they can is another load.
  const chatting = chat(world);
  await untilCurrent(port, () => (peak = Math.max(peak, served.memory())));
  const took = performance.now() - began;
  const busy = await chatting;
  console.log(
    `${documents} documents on ${url ? 'PostgreSQL' : 'the embedded database'}: current after ${(took / 1_000).toFixed(1)} s, encoder alone ${(alone / 1_000).toFixed(1)} s, × ${ratio(took, alone)} (at most 1.5)`,
  );
  console.log(`main process at most ${Math.round(peak / 1e6)} MB (at most 400 on PostgreSQL)`);
  console.log(
    `chat's p95: ${calm.p95.toFixed(1)} ms calm, ${busy.p95.toFixed(1)} ms beside, × ${ratio(busy.p95, calm.p95)} (at most 2)`,
  );
  if (!isIndexingAlone) await measureBesideAttack(world, calm);
} finally {
  await served.stop();
  rmSync(folder, { recursive: true, force: true });
}
