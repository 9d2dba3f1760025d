import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as auth from '@teambrain/contract/auth.ts';
import { postMessage } from '@teambrain/contract/chat.ts';
import type { Endpoint } from '@teambrain/contract/endpoint.ts';
import { createEntry } from '@teambrain/contract/knowledge.ts';
import { search } from '@teambrain/contract/search.ts';
import { createSpace } from '@teambrain/contract/spaces.ts';
import { createFlock, fillProtected, fillPublic, type Flock } from './canaries.seed.ts';
import { wordsOf } from './canaries.view.ts';
import { tablesWith } from './support/database.ts';
import { outcomeOf, requestOf, type Input } from './support/http.ts';
import { logIn } from './support/world.ts';

let flock: Flock;

beforeAll(async () => {
  flock = await createFlock();
  await fillPublic(flock);
  await fillProtected(flock);
  await flock.app.followers.idle();
});
afterAll(() => flock.app.close());

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
    expect(deleted).toHaveLength(18);
  });

  it('holds what a message said before its edit in its history alone', async () => {
    const edited = flock.aviary.canaries.filter(({ name }) => /before its change/.test(name));
    const held = new Set<string>();
    for (const { trace } of edited) {
      for (const table of await tablesWith(flock.app, trace)) held.add(table);
    }
    expect([...held]).toEqual(['message_versions']);
    expect(edited).toHaveLength(3);
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
    const session = await logIn(send, flock.hermit);
    const tokens = [session.cookie.split('=')[1], session.token.split('.')[2]];
    const logged = app.logged();
    expect(aviary.leaksIn('anonymous', logged)).toEqual([]);
    expect(tokens.map((token) => logged.includes(token ?? ''))).toEqual([false, false]);
    expect(logged).not.toBe('');
  });
});
