/**
 * `DATABASE_URL=… npm run bench:history`: how long the first page, a permalink and a jump to a day
 * take in a space with 100,000 messages, eight requests at a time, on PostgreSQL (an empty database;
 * it is filled by SQL). Every tenth message has reactions, every hundredth a pin, a quotation or a
 * thread. Beside it, in the same run, the plainest request there is (`GET /me`).
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../../server/src/app.ts';
import { readConfig } from '../../server/src/config.ts';

const MESSAGES = 100_000;
const AT_ONCE = 8;
/** Requests of each kind; the first fifth is not counted. */
const REQUESTS = 1_000;

if (!process.env['DATABASE_URL'])
  throw new Error('DATABASE_URL names an empty PostgreSQL database');
const folder = mkdtempSync(join(tmpdir(), 'teambrain-history-'));
const app = await createApp(
  readConfig({
    LOG_LEVEL: 'warn',
    SECRET: randomBytes(48).toString('base64'),
    DATA_DIR: folder,
    ...process.env,
    PORT: '0',
  }),
  { limitFactor: 100_000 },
);
const url = await app.listen();
const { db } = app.database;

async function send<T>(method: string, path: string, token = '', body?: unknown): Promise<T> {
  const response = await fetch(`${url}/api${path}`, {
    method,
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return JSON.parse(text) as T;
}

const person = { email: 'reader@example.org', name: 'Reader', password: 'reads all the day long' };
const { accessToken: token } = await send<{ accessToken: string }>(
  'POST',
  '/auth/register',
  '',
  person,
);
const { id: space } = await send<{ id: string }>('POST', '/spaces', token, {
  name: 'Everything',
  visibility: 'public',
});

/** Messages of 20 people, one a minute, with what belongs to them; past the services. */
async function fill(): Promise<void> {
  await db.execute(`
    insert into users (id, name, created_at)
    select gen_random_uuid(), 'Writer ' || n, now() from generate_series(1, 20) n`);
  for (let from = 100; from < MESSAGES; from += 5_000) {
    await db.execute(`
      insert into messages (space_id, id, seq, author_id, text, created_at)
      select '${space}', gen_random_uuid(), n, w.ids[1 + n % 20],
        'A message of some thirty words. ' || repeat('word ', 25),
        now() - make_interval(mins => ${MESSAGES} - n)
      from generate_series(${from}, ${Math.min(MESSAGES, from + 5_000) - 1}) n
      cross join (select array_agg(id) ids from users where name like 'Writer %') w`);
  }
  await db.execute(`update spaces set last_seq = ${MESSAGES} where id = '${space}'`);
  await db.execute(`
    insert into reactions (space_id, message_id, emoji, user_id, created_at)
    select m.space_id, m.id, e.emoji, u.id, now() from messages m
    cross join (values ('👍'), ('🎉')) e(emoji)
    cross join lateral (select id from users where name like 'Writer %' limit 5) u
    where m.seq % 10 = 0`);
  await db.execute(`
    insert into pins (space_id, message_id, user_id, created_at)
    select space_id, id, author_id, now() from messages where seq % 100 = 1`);
  await db.execute(`
    update messages m set quote_space_id = q.space_id, quote_id = q.id, quote_version = 1
    from messages q where m.seq % 100 = 2 and q.space_id = m.space_id and q.seq = m.seq - 1`);
  await db.execute(`
    insert into threads (space_id, id, root_type, root_id)
    select space_id, id, 'message', id from messages where seq % 100 = 3`);
  await db.execute(`
    update messages m set thread_id = r.id from messages r
    where m.seq % 100 between 4 and 8 and r.space_id = m.space_id
      and r.seq = m.seq - m.seq % 100 + 3`);
  await db.execute('analyze');
}

/** Runs the requests, so many at a time, and says how long they took. */
async function time(work: (n: number) => Promise<unknown>): Promise<string> {
  const times: number[] = [];
  let next = 0;
  const lane = async () => {
    while (next < REQUESTS) {
      const n = (next += 1);
      const began = performance.now();
      await work(n);
      if (n > REQUESTS / 5) times.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  times.sort((a, b) => a - b);
  const at = (share: number) => (times[Math.floor(share * (times.length - 1))] ?? 0).toFixed(1);
  return `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms`;
}

await fill();
const { rows } = await db.execute<{ id: string; at: string }>(`
  select id, to_char(created_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') at
  from messages where space_id = '${space}' and seq % 97 = 5 order by random() limit 1000`);
const some = (n: number) => rows[n % rows.length] as { id: string; at: string };
const messages = `/spaces/${space}/messages`;
const cases: [string, (n: number) => Promise<unknown>][] = [
  ['GET /me', () => send('GET', '/me', token)],
  ['first page', () => send('GET', messages, token)],
  ['page of older messages', (n) => send('GET', `${messages}?before=${200 + 97 * n}`, token)],
  ['permalink', (n) => send('GET', `${messages}?around=${some(n).id}`, token)],
  ['jump to a day', (n) => send('GET', `${messages}?since=${some(n).at}`, token)],
  ['pinned messages', () => send('GET', `/spaces/${space}/pins`, token)],
];
for (const [name, work] of cases) console.log(`${name}: ${await time(work)}`);
await app.close();
rmSync(folder, { recursive: true, force: true });
