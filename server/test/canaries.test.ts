import { randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endpoints } from '@teambrain/contract/all.ts';
import * as auth from '@teambrain/contract/auth.ts';
import type { Endpoint } from '@teambrain/contract/endpoint.ts';
import { createEntry } from '@teambrain/contract/knowledge.ts';
import { postMessage } from '@teambrain/contract/chat.ts';
import { search } from '@teambrain/contract/search.ts';
import { createSpace } from '@teambrain/contract/spaces.ts';
import { reads, refusals, type Spot } from './canaries.crawl.ts';
import {
  CRAWLERS,
  createFlock,
  fillProtected,
  fillPublic,
  type Crawler,
  type Flock,
} from './canaries.seed.ts';
import { tablesWith } from './support/database.ts';
import {
  inParallel,
  nameOf,
  outcomeOf,
  requestOf,
  type Input,
  type Reply,
} from './support/http.ts';
import { cookieOf, logIn } from './support/world.ts';

let flock: Flock;
/** What an outsider saw before there was anything in the protected spaces, and after. */
let seenBefore: string[];
let seenAfter: string[];

beforeAll(async () => {
  flock = await createFlock();
  await fillPublic(flock);
  await flock.app.followers.idle();
  seenBefore = await observe('outsider');
  await fillProtected(flock);
  await flock.app.followers.idle();
  seenAfter = await observe('outsider');
}, 120_000);
afterAll(() => flock.app.close());

const named = endpoints.map((endpoint) => [nameOf(endpoint), endpoint] as const);

function spotOf(actor: Crawler): Spot {
  const { aviary, heap } = flock;
  const hidden = aviary.canaries.filter(({ readers }) => !readers.has(actor));
  const isContent = ({ text }: { text: string }) => text.startsWith('CNRY-');
  return { ...heap, actor, hidden: hidden.filter(isContent).map(({ text }) => text) };
}

const tokenOf = (actor: Crawler) => flock.people[actor]?.token ?? null;

/** All of an answer that could tell something; cursors in the open. */
function wordsOf({ headers, text }: Reply): string {
  const cursors = [...text.matchAll(/"(?:next|previous)":"([\w-]+)"/g)].map(([, cursor = '']) =>
    Buffer.from(cursor, 'base64url').toString(),
  );
  return [JSON.stringify(headers), text, ...cursors].join('\n');
}

/** Sends all that a recipe says as one actor; gives what came that the actor may not read. */
async function crawl(endpoint: Endpoint, inputs: Input[], actor: Crawler, statuses: Set<number>) {
  const leaks = new Set<string>();
  await inParallel(inputs, async (input) => {
    const sent = requestOf(endpoint, input, tokenOf(actor));
    const isRead = endpoint.method === 'GET' && endpoint !== search;
    for (const method of isRead ? ['GET', 'HEAD'] : [endpoint.method]) {
      const reply = await flock.send({ ...sent, method });
      statuses.add(reply.status);
      for (const name of flock.aviary.leaksIn(actor, wordsOf(reply))) {
        leaks.add(`${actor}, ${method} ${sent.path}: ${name}`);
      }
    }
  });
  return [...leaks];
}

/** Search results, answers and lists as one actor gets them, word for word. */
async function observe(actor: Crawler): Promise<string[]> {
  const words = ['coffee machine', 'the', 'CNRY', 'cnry-a', 'password', 'these days', 'decision'];
  const requests = [
    ...words.map((q) => requestOf(search, { query: { q, limit: 50 } }, tokenOf(actor))),
    ...['/spaces?limit=200', `/spaces/${flock.heap.spaces[1]}`, `/spaces/${flock.heap.spaces[2]}`]
      .map((path) => ({ method: 'GET', path: `/api${path}` }))
      .map((sent) => ({ ...sent, headers: { authorization: `Bearer ${tokenOf(actor)}` } })),
    ...(reads.get(endpointNamed('POST /ask'))?.(spotOf(actor)) ?? [])
      .slice(-5)
      .map((input) => requestOf(endpointNamed('POST /ask'), input, tokenOf(actor))),
  ];
  const seen: string[] = [];
  for (const sent of requests) seen.push((await flock.send(sent)).text);
  return seen;
}

const endpointNamed = (name: string): Endpoint =>
  endpoints.find((endpoint) => nameOf(endpoint) === name) as Endpoint;

it.each(named)('the crawler knows how to call %s', (_, endpoint) => {
  expect([reads, refusals].filter((recipes) => recipes.has(endpoint))).toHaveLength(1);
});

describe('the canaries', () => {
  it('are found by those who may read them', async () => {
    const { aviary } = flock;
    const seen = new Map<string, string>();
    for (const actor of ['owner', 'hermit'] as const) {
      const words: string[] = [];
      for (const [endpoint, recipe] of reads) {
        if (endpoint === search || nameOf(endpoint) === 'POST /ask') continue;
        await inParallel(recipe(spotOf(actor)), async (input) => {
          words.push(wordsOf(await flock.send(requestOf(endpoint, input, tokenOf(actor)))));
        });
      }
      seen.set(actor, words.join('\n').toLowerCase());
    }
    const readable = aviary.canaries.filter(
      ({ readers }) => readers.has('owner') || readers.has('hermit'),
    );
    const missed = readable.filter(({ trace, readers }) =>
      [...seen].every(([actor, words]) => !readers.has(actor) || !words.includes(trace)),
    );
    expect(missed.map(({ name }) => name)).toEqual([]);
    expect(aviary.canaries.length).toBeGreaterThan(80);
  });

  it.each(CRAWLERS)('that are not for them reach no %s by reading', async (actor) => {
    const leaks: string[] = [];
    const statuses = new Set<number>();
    for (const [endpoint, recipe] of reads) {
      leaks.push(...(await crawl(endpoint, recipe(spotOf(actor)), actor, statuses)));
    }
    expect(leaks).toEqual([]);
    expect([...statuses].filter((status) => status >= 500)).toEqual([]);
  });

  it.each(CRAWLERS)('that are not for them reach no %s by being refused', async (actor) => {
    const leaks: string[] = [];
    const statuses = new Set<number>();
    for (const [endpoint, recipe] of refusals) {
      leaks.push(...(await crawl(endpoint, recipe(spotOf(actor)), actor, statuses)));
    }
    // A log-out without a session is the one thing here that is no refusal.
    const successes = [...statuses].filter((status) => status < 400 && status !== 204);
    expect([leaks, successes]).toEqual([[], []]);
  });

  it('stand in no page, document or probe', async () => {
    const leaks: string[] = [];
    for (const path of ['/', '/livez', '/readyz', '/metrics', '/api/openapi.json', '/api/docs/']) {
      const reply = await flock.send({ method: 'GET', path });
      leaks.push(...flock.aviary.leaksIn('anonymous', wordsOf(reply)).map((n) => `${path}: ${n}`));
    }
    expect(leaks).toEqual([]);
  });
});

describe('what is not for an outsider', () => {
  it('changes nothing of what an outsider sees by being there', () => {
    expect(seenAfter).toEqual(seenBefore);
    expect(seenBefore.length).toBeGreaterThan(10);
  });

  it.each(['outsider', 'administrator', 'exMember', 'member'] as const)(
    'gives %s as many results as words that nobody ever wrote',
    async (actor) => {
      const count = async (q: string) => {
        const reply = await flock.send(requestOf(search, { query: { q } }, tokenOf(actor)));
        const { items, next } = JSON.parse(reply.text) as { items: unknown[]; next: unknown };
        return `${items.length} ${String(next)}`;
      };
      const nonsense = new Set<string>();
      for (let n = 0; n < 3; n += 1) {
        nonsense.add(await count(`CNRY-a${randomBytes(6).toString('hex')}7`));
      }
      const hidden = new Set<string>();
      for (const text of spotOf(actor).hidden.slice(0, 20)) hidden.add(await count(text));
      expect(hidden).toEqual(nonsense);
    },
  );
});

describe('the database', () => {
  const secrets = () =>
    flock.aviary.canaries.filter(({ name }) => /password|access token/.test(name));

  it('holds no word of a deleted message, once the followers are idle', async () => {
    const deleted = flock.aviary.canaries.filter(({ name }) => /deleted message/.test(name));
    const held: string[] = [];
    for (const { name, trace } of deleted) {
      for (const table of await tablesWith(flock.app, trace)) held.push(`${name}: ${table}`);
    }
    expect(held).toEqual([]);
    expect(deleted).toHaveLength(9);
  });

  it('holds no word of what is in the trash but for the entry and its revisions', async () => {
    const trashed = flock.aviary.canaries.filter(({ name }) => /trashed/.test(name));
    const held = new Set<string>();
    for (const { trace } of trashed) {
      for (const table of await tablesWith(flock.app, trace)) held.add(table);
    }
    expect([...held].sort()).toEqual(['entries', 'revisions']);
  });

  it('holds no password and no token', async () => {
    const { cookie } = await logIn(flock.send, flock.hermit);
    const held: string[] = [];
    for (const { name, trace } of secrets()) {
      for (const table of await tablesWith(flock.app, trace)) held.push(`${name}: ${table}`);
    }
    expect(held).toEqual([]);
    expect(await tablesWith(flock.app, cookie.split('=')[1] ?? '')).toEqual([]);
  });
});

describe('the log', () => {
  it('holds nothing of what was said, even when everything fails', async () => {
    const { app, aviary, cast, heap, send } = flock;
    const params = { spaceId: heap.spaces[0] ?? '' };
    const text = (what: string) => aviary.plant(`${what} at a failure`, []);
    const password = text('password');
    const account = { email: `${text('e-mail')}@example.org`, name: text('name'), password };
    const attempts: [string, Endpoint, Input][] = [
      [
        'messages',
        postMessage,
        { params, body: { text: `${text('a')}\nat ${text('b')}\n    at ${text('c')}` } },
      ],
      [
        'entries',
        createEntry,
        { params, body: { kind: 'faq', title: text('d'), markdown: text('e') } },
      ],
      ['spaces', createSpace, { body: { name: text('f'), visibility: 'protected', password } }],
      ['users', auth.register, { body: account }],
      ['users', auth.login, { body: { email: account.email, password } }],
      ['refresh_tokens', auth.refresh, { headers: { cookie: `teambrain-refresh=${text('g')}` } }],
      ['passages', search, { query: { q: text('h') } }],
    ];
    const outcomes: string[] = [];
    const leaks: string[] = [];
    for (const [table, endpoint, input] of attempts) {
      const from = sql.identifier(table);
      const to = sql.identifier(`${table}_away`);
      await app.database.db.execute(sql`alter table ${from} rename to ${to}`);
      const reply = await send(requestOf(endpoint, input, cast.owner.token));
      await app.database.db.execute(sql`alter table ${to} rename to ${from}`);
      outcomes.push(outcomeOf(reply));
      leaks.push(...aviary.leaksIn('anonymous', wordsOf(reply)));
    }
    expect([new Set(outcomes), leaks]).toEqual([new Set(['internal']), []]);
    expect(
      app
        .logged()
        .split('\n')
        .filter((line) => line.includes('"level":50')),
    ).not.toEqual([]);
  });

  it('holds no password, token, cookie, e-mail or text', async () => {
    const { app, aviary, send } = flock;
    const login = await send(requestOf(auth.login, { body: flock.hermit }, null));
    const cookie = cookieOf(login).split('=')[1] ?? 'no cookie';
    const session = await logIn(send, flock.hermit);
    const tokens = [cookie, session.cookie.split('=')[1], session.token.split('.')[2]];
    const logged = app.logged();
    expect(aviary.leaksIn('anonymous', logged)).toEqual([]);
    expect(tokens.filter((token) => token && logged.includes(token))).toEqual([]);
    expect(logged).not.toBe('');
  });
});
