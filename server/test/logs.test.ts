import { sql } from 'drizzle-orm';
import { v7 as newId } from 'uuid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { endpoints } from '@teambrain/contract/all.ts';
import { urlOf, type Endpoint } from '@teambrain/contract/endpoint.ts';
import { exampleOf } from './contract.examples.ts';
import { nameOf, requestOf, sendBytes, type Input, type Sent } from './support/http.ts';
import { helloOf, openSocket } from './support/socket.ts';
import { createWorld, type World } from './support/world.ts';

/** The word that must never be logged, whatever carries it and however the request ends. */
const WORD = 'CNRY-never-logged';

let world: World;

beforeAll(async () => {
  world = await createWorld(); // logs at level trace
});
afterAll(() => world.app.close());

const HEADERS = {
  'user-agent': WORD,
  cookie: `teambrain-refresh=${WORD}; other=${WORD}`,
  'x-forwarded-for': WORD,
  'x-request-id': WORD,
  referer: `https://example.org/${WORD}`,
};

/** Free text in the place of every text of an example, e-mail addresses included. */
function worded(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) return value;
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, worded(one, key)]));
  }
  if (name === 'email') return `${WORD}@example.org`;
  const isText = typeof value === 'string' && !/^(?:id|kind|status|visibility|role)$/.test(name);
  return isText ? `${WORD} ${value}` : value;
}

function requestsOf(endpoint: Endpoint): Sent[] {
  const token = endpoint.gate === 'public' ? null : world.cast.owner.token;
  const example = exampleOf(endpoint, world.places.public, newId());
  const full: Input = {
    ...example,
    ...(example.body ? { body: worded(example.body) } : {}),
    ...(example.query ? { query: worded(example.query) as Record<string, unknown> } : {}),
    headers: HEADERS,
  };
  const right = requestOf(endpoint, full, token);
  const odd: Input = { ...full, query: { ...full.query, [WORD]: WORD }, body: { [WORD]: [WORD] } };
  const forged = requestOf(endpoint, full, `${WORD}.${WORD}.${WORD}`);
  const broken = { ...right, body: `{"${WORD}": "${WORD}` };
  const elsewhere = { ...right, path: `${right.path}/${WORD}?${WORD}` };
  const requests = [right, requestOf(endpoint, odd, token), forged, elsewhere];
  return endpoint.body ? [...requests, broken] : requests;
}

/** Those that leave what they are called on; the others are called where nothing can succeed. */
const lasting = endpoints.filter(({ method, path }) => method !== 'DELETE' && !/logout/.test(path));

it('no word of a request is logged by any route, however it ends', async () => {
  const { send, app, url, cast } = world;
  const statuses = new Set<number>();
  const call = async (sent: Sent) => statuses.add((await send(sent)).status);
  for (const endpoint of lasting) for (const sent of requestsOf(endpoint)) await call(sent);
  for (const bytes of [`GET /${WORD}\r\n\r\n`, `${WORD}\r\n\r\n`, `GET / HTTP/1.1\r\n${WORD}`]) {
    await sendBytes(url, bytes, 500);
  }
  const socket = await openSocket(url, { headers: HEADERS });
  socket.sendRaw(JSON.stringify({ frame: 'hello', token: WORD, protocol: 1, spaces: [] }));
  await socket.closed;
  const welcome = await openSocket(url, { headers: HEADERS });
  welcome.send(helloOf(cast.owner.token));
  await welcome.find('welcome');
  welcome.sendRaw(`{"frame":"${WORD}`);
  await app.followers.idle();

  // The same once more while every statement fails.
  await app.database.db.execute(sql`alter schema public rename to away`);
  for (const endpoint of endpoints) {
    for (const sent of requestsOf(endpoint).slice(0, 2)) await call(sent);
  }
  await app.database.db.execute(sql`alter schema away rename to public`);

  const logged = app.logged();
  const lines = logged.split('\n').filter((line) => line.includes('CNRY'));
  expect(lines).toEqual([]);
  expect([200, 201, 400, 401, 404, 500].filter((status) => !statuses.has(status))).toEqual([]);
  expect(logged).toContain('"level":50');
  // Every route was heard of: the silence is not that of a log that is off.
  const silent = endpoints.filter((one) => !logged.includes(`"route":"${urlOf(one)}"`));
  expect(silent.map(nameOf)).toEqual([]);
}, 120_000);
