import { hash } from '@node-rs/argon2';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { updateMe } from '@teambrain/contract/auth.ts';
import type { Problem } from '@teambrain/contract/problem.ts';
import { newId } from '../../platform/core/id.ts';
import { send } from '../../testing/http.ts';
import { register, type Person } from '../../testing/people.ts';
import { createTestApp, type TestApp } from '../../testing/test-app.ts';

let app: TestApp;
let person: Person;
let count = 0;

beforeAll(async () => {
  app = await createTestApp();
  person = await register(app.url, 'Grace Hopper');
});
afterAll(() => app.close());

const common = [
  'password1',
  'Password1',
  'iloveyou',
  'qwertyuiop',
  '12345678',
  'SUNSHINE1',
  ' trustno1 ',
  'ＰＡＳＳＷＯＲＤ',
  'p a s s w o r d',
  'pass\u200bword\u00ad1',
  '\u200b'.repeat(8),
  '\u3000 \u00a0\t    ',
];
const personal = [
  'Grace Hopper',
  'gracehopper1',
  'Hopper-Grace!',
  'HOPPER123',
  'g.r.a.c.e.2024',
  'teambrain',
];
const good = [
  'grace likes compilers',
  'hopped over 12 fences',
  '密码是只有我知道的',
  'ä'.repeat(8),
];

/** Where a password can be chosen, as `[route, body]` that chooses it; space names are Grace’s, too. */
const places: Record<string, (password: string) => [route: string, body: object]> = {
  'of a new account': (password) => [
    'POST /auth/register',
    { email: `g${(count += 1)}@example.org`, name: 'Grace Hopper', password },
  ],
  'of one’s account': (password) => ['PUT /me/password', { current: person.password, password }],
  'of a new space': (password) => [
    'POST /spaces',
    { name: 'Grace Hopper', visibility: 'protected', password },
  ],
};

describe.each(Object.entries(places))('a password %s', (_where, requestFor) => {
  const choose = (password: string) => {
    const [route, body] = requestFor(password);
    return send(app.url, route, { token: person.token, body });
  };

  it.each([...common, ...personal])('is not %s', async (password) => {
    const reply = await choose(password);
    expect(reply.json<Problem>()).toMatchObject({
      status: 400,
      code: 'weak-password',
      errors: [{ pointer: '/password' }],
    });
  });
});

describe('a password', () => {
  it.each(good)('may be %s', async (password) => {
    const [route, body] = places['of a new account']?.(password) ?? ['', {}];
    expect((await send(app.url, route, { body })).status).toBe(201);
  });

  it('is not the part of the e-mail address before the @', async () => {
    for (const password of ['ada.lovelace', 'Lovelace99', 'ada_lovelace!']) {
      const body = { email: 'ada.lovelace@example.org', name: 'Someone', password };
      expect((await send(app.url, 'POST /auth/register', { body })).code).toBe('weak-password');
    }
  });

  it('of a space follows its name when that changes with it', async () => {
    const id = newId();
    const body = { id, name: 'Harbour', visibility: 'protected', password: 'a fine word' };
    await send(app.url, 'POST /spaces', { token: person.token, body });
    const change = (to: object) =>
      send(app.url, `PATCH /spaces/${id}`, { token: person.token, body: to });
    expect((await change({ password: 'harbour7' })).code).toBe('weak-password');
    expect((await change({ name: 'Lighthouse', password: 'lighthouse' })).code).toBe(
      'weak-password',
    );
    expect((await change({ name: 'Lighthouse', password: 'harbour7' })).status).toBe(200);
  });

  it('follows the name one has now', async () => {
    const other = await register(app.url, 'Before');
    await other.call(updateMe, { body: { name: 'Afterwards' } });
    const reply = await send(app.url, 'PUT /me/password', {
      token: other.token,
      body: { current: other.password, password: 'Afterwards1' },
    });
    expect(reply.code).toBe('weak-password');
  });
});

describe('the Unicode form in which a password is typed', () => {
  const word = 'Öffne die Tür, Zoë';
  const [nfc, nfd] = [word.normalize('NFC'), word.normalize('NFD')];
  const logIn = (email: string, password: string) =>
    send(app.url, 'POST /auth/login', { body: { email, password } });

  it('does not matter, whichever it was chosen in', async () => {
    expect(nfc).not.toBe(nfd);
    for (const [n, password] of [nfc, nfd].entries()) {
      const email = `form.${n}@example.org`;
      await send(app.url, 'POST /auth/register', { body: { email, name: 'Form', password } });
      for (const typed of [nfc, nfd]) expect((await logIn(email, typed)).status).toBe(200);
      expect((await logIn(email, 'Offne die Tur, Zoe')).status).toBe(401);
    }
  });

  it('of an older hash is found, and the hash made again at the log-in', async () => {
    const mixed = `${nfd}${nfc}`;
    for (const stored of [nfd, mixed]) {
      const other = await register(app.url, 'Old Form');
      const old = await hash(stored, { memoryCost: 19_456, timeCost: 2, parallelism: 1 });
      await app.database.db.execute(
        sql`update users set password_hash = ${old} where id = ${other.id}`,
      );
      // Of two forms in one, only what was typed then is found; of one, any.
      const first = stored === nfd ? nfc : mixed;
      expect((await logIn(other.email, first)).status).toBe(200);
      const found = await app.database.db.execute<{ hash: string }>(
        sql`select password_hash hash from users where id = ${other.id}`,
      );
      expect(found.rows[0]?.hash).not.toBe(old);
      expect((await logIn(other.email, stored.normalize('NFC'))).status).toBe(200);
    }
  });

  it('does not matter at the door of a space either', async () => {
    const body = { name: 'Door', visibility: 'protected', password: nfd };
    const made = await send(app.url, 'POST /spaces', { token: person.token, body });
    const { id } = made.json<{ id: string }>();
    const guest = await register(app.url, 'Guest');
    const join = (password: string) =>
      send(app.url, `POST /spaces/${id}/join`, { token: guest.token, body: { password } });
    expect((await join('Offne die Tur, Zoe')).code).toBe('wrong-password');
    expect((await join(nfc)).status).toBe(200);
  });
});
