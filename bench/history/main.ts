/**
 * `DATABASE_URL=… npm run bench:history`: how long the first page, a permalink and a jump to a day
 * take in a space with 100,000 messages, eight requests at a time, on PostgreSQL (an empty database;
 * it is filled by SQL). The server is a process of its own. Every tenth message has reactions, every
 * hundredth a pin, a quotation or a thread. Beside it, in the same run, the plainest request there is
 * (`GET /me`).
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { drive } from '../load/drive.ts';
import { call, HttpConnection, requestOf } from '../load/http.ts';
import { startTeamBrain } from '../load/server.ts';

const MESSAGES = 100_000;
const AT_ONCE = 8;
/** Seconds that each kind is asked for. */
const SECONDS = 8;

const databaseUrl = process.env['DATABASE_URL'];
if (!databaseUrl) throw new Error('DATABASE_URL names an empty PostgreSQL database');
const folder = mkdtempSync(join(tmpdir(), 'teambrain-history-'));
const served = await startTeamBrain(
  { folder, seconds: SECONDS, rounds: 1, profile: undefined },
  { SECRET: randomBytes(48).toString('base64'), DATABASE_URL: databaseUrl },
);
const db = new pg.Client({ connectionString: databaseUrl });
await db.connect();
const first = new HttpConnection(served.port);
const person = { email: 'reader@example.org', name: 'Reader', password: 'reads all the day long' };
const { accessToken: token } = await call<{ accessToken: string }>(first, 'POST /auth/register', {
  body: person,
});
const { id: space } = await call<{ id: string }>(first, 'POST /spaces', {
  token,
  body: { name: 'Everything', visibility: 'public' },
});

/** Messages of 20 people, one a minute, with what belongs to them; past the services. */
async function fill(): Promise<void> {
  await db.query(`
    insert into users (id, name, created_at)
    select gen_random_uuid(), 'Writer ' || n, now() from generate_series(1, 20) n`);
  for (let from = 100; from < MESSAGES; from += 5_000) {
    await db.query(`
      insert into messages (space_id, id, seq, author_id, text, created_at)
      select '${space}', gen_random_uuid(), n, w.ids[1 + n % 20],
        'A message of some thirty words. ' || repeat('word ', 25),
        now() - make_interval(mins => ${MESSAGES} - n)
      from generate_series(${from}, ${Math.min(MESSAGES, from + 5_000) - 1}) n
      cross join (select array_agg(id) ids from users where name like 'Writer %') w`);
  }
  await db.query(`update spaces set last_seq = ${MESSAGES} where id = '${space}'`);
  await db.query(`
    insert into reactions (space_id, message_id, emoji, user_id, created_at)
    select m.space_id, m.id, e.emoji, u.id, now() from messages m
    cross join (values ('👍'), ('🎉')) e(emoji)
    cross join lateral (select id from users where name like 'Writer %' limit 5) u
    where m.seq % 10 = 0`);
  await db.query(`
    insert into pins (space_id, message_id, user_id, created_at)
    select space_id, id, author_id, now() from messages where seq % 100 = 1`);
  await db.query(`
    update messages m set quote_space_id = q.space_id, quote_id = q.id, quote_version = 1
    from messages q where m.seq % 100 = 2 and q.space_id = m.space_id and q.seq = m.seq - 1`);
  await db.query(`
    insert into threads (space_id, id, root_type, root_id)
    select space_id, id, 'message', id from messages where seq % 100 = 3`);
  await db.query(`
    update messages m set thread_id = r.id from messages r
    where m.seq % 100 between 4 and 8 and r.space_id = m.space_id
      and r.seq = m.seq - m.seq % 100 + 3`);
  await db.query('analyze');
}

/** Asks for the paths over the connections, and says how long the answers took. */
async function time(pathOf: (n: number) => string): Promise<string> {
  let next = 0;
  const { p50, p95, p99, perSecond } = await drive(AT_ONCE, SECONDS, async (lane) => {
    const path = pathOf((next += 1));
    const answer = await connections[lane]?.send(requestOf('GET', `/api${path}`, { token }));
    if (answer?.status !== 200) throw new Error(`${path} answered ${answer?.status}`);
  });
  const ms = (time: number) => `${time.toFixed(1)} ms`;
  return `p50 ${ms(p50)}, p95 ${ms(p95)}, p99 ${ms(p99)}; ${perSecond.toFixed(0)} a second`;
}

first.close();
await fill();
// Now: the server closes those that are silent while the database is filled.
const connections = Array.from({ length: AT_ONCE }, () => new HttpConnection(served.port));
const { rows } = await db.query<{ id: string; at: string }>(`
  select id, to_char(created_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') at
  from messages where space_id = '${space}' and seq % 97 = 5 order by random() limit 1000`);
const some = (n: number) => rows[n % rows.length] as { id: string; at: string };
const messages = `/spaces/${space}/messages`;
const cases: [string, (n: number) => string][] = [
  ['GET /me', () => '/me'],
  ['first page', () => messages],
  ['page of older messages', (n) => `${messages}?before=${200 + ((97 * n) % MESSAGES)}`],
  ['permalink', (n) => `${messages}?around=${some(n).id}`],
  ['jump to a day', (n) => `${messages}?since=${some(n).at}`],
  ['pinned messages', () => `/spaces/${space}/pins`],
];
for (const [name, pathOf] of cases) console.log(`${name}: ${await time(pathOf)}`);
for (const connection of connections) connection.close();
await db.end();
await served.stop();
rmSync(folder, { recursive: true, force: true });
