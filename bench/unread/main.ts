/**
 * `DATABASE_URL=… npm run bench:unread`: how long `GET /me/unread` takes for a person in 200 spaces, on
 * PostgreSQL (an empty database; it is filled by SQL). Beside it, in the same run and over the same
 * connection, the plainest request there is (`GET /me`). Three cases: a day's unread (a tenth of the
 * spaces have 1 to 20), nothing unread, and 100 or more in every space. Then what a mark costs to write.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../../server/src/app.ts';
import { readConfig } from '../../server/src/config.ts';

const SPACES = 200;
/** Messages in each space; one space has 100,000. */
const MESSAGES = 500;
const ROUNDS = 300;

if (!process.env['DATABASE_URL'])
  throw new Error('DATABASE_URL names an empty PostgreSQL database');
const folder = mkdtempSync(join(tmpdir(), 'teambrain-unread-'));
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
  if (!response.ok)
    throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

const person = { email: 'reader@example.org', name: 'Reader', password: 'reads all the day long' };
const { accessToken: token, user } = await send<{ accessToken: string; user: { id: string } }>(
  'POST',
  '/auth/register',
  '',
  person,
);

/** Spaces with messages of 20 others, of whom the reader is a member; past the services. */
async function fill(): Promise<void> {
  await db.execute(`
    insert into users (id, name, created_at)
    select gen_random_uuid(), 'Writer ' || n, now() from generate_series(1, 20) n`);
  await db.execute(`
    insert into spaces (id, name, visibility, created_by, request_hash, created_at, last_seq)
    select gen_random_uuid(), 'Space ' || n, 'public', '${user.id}', '', now(),
      case when n = 1 then 100000 else ${MESSAGES} end
    from generate_series(1, ${SPACES}) n`);
  await db.execute(`
    insert into memberships (space_id, user_id, role, joined_at)
    select s.id, u.id, 'member', now() from spaces s cross join users u`);
  // In steps, each within the time that a statement has.
  const messages = (which: string, from: number, to: number) =>
    db.execute(`
      insert into messages (space_id, id, seq, author_id, text, created_at)
      select s.id, gen_random_uuid(), n, w.ids[1 + n % 20],
        'A message of some thirty words. ' || repeat('word ', 25), now()
      from spaces s cross join lateral generate_series(${from}, ${to}) n
      cross join (select array_agg(id) ids from users where id <> '${user.id}') w
      where ${which}`);
  for (let n = 0; n < SPACES / 10; n += 1) {
    const names = Array.from({ length: 10 }, (_, k) => `'Space ${10 * n + k + 1}'`);
    await messages(`s.name in (${names.join(', ')})`, 1, MESSAGES);
  }
  for (let from = MESSAGES; from < 100_000; from += 5_000) {
    await messages(`s.name = 'Space 1'`, from + 1, Math.min(100_000, from + 5_000));
  }
  await db.execute(`
    insert into read_marks (space_id, user_id, seq, updated_at)
    select space_id, user_id, 0, now() from memberships`);
  await db.execute('analyze');
}

/** Where the reader's marks are: so many messages before each space's end. */
async function markAt(behind: string): Promise<void> {
  await db.execute(`
    update read_marks r set seq = s.last_seq - b.behind
    from (select id, last_seq, row_number() over (order by id) n from spaces) s
    cross join lateral (select (${behind})::int behind) b
    where s.id = r.space_id and r.user_id = '${user.id}'`);
}

async function time(work: (n: number) => Promise<unknown>): Promise<string> {
  const times: number[] = [];
  for (let n = 0; n < ROUNDS; n += 1) {
    const began = performance.now();
    await work(n);
    if (n >= 20) times.push(performance.now() - began);
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => (times[Math.floor(share * (times.length - 1))] ?? 0).toFixed(1);
  return `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms`;
}

await fill();
const unread = () =>
  send<{ items: { unread: number; spaceId: string }[] }>('GET', '/me/unread', token);
const cases: [string, string][] = [
  ["a day's unread", 'case when s.n % 10 = 0 then 1 + s.n % 20 else 0 end'],
  ['nothing unread', '0'],
  ['100 or more everywhere', '400'],
];
for (const [name, behind] of cases) {
  await markAt(behind);
  const { items } = await unread();
  const total = items.reduce((sum, one) => sum + one.unread, 0);
  console.log(`${name} (${items.length} spaces, ${total} counted): ${await time(unread)}`);
  console.log(`  beside it GET /me: ${await time(() => send('GET', '/me', token))}`);
}
const [space] = (await unread()).items;
const put = (n: number) =>
  send('PUT', `/spaces/${space?.spaceId}/read-marks`, token, { seq: 100 + n });
await markAt('400');
console.log(`moving a mark: ${await time(put)}`);
await app.close();
rmSync(folder, { recursive: true, force: true });
