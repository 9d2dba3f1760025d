import fc from 'fast-check';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as auth from '@teambrain/contract/auth.ts';
import type { SignedIn, User } from '@teambrain/contract/auth.ts';
import type { Problem } from '@teambrain/contract/problem.ts';
import { movableClock } from '../../testing/clock.ts';
import { codeOf, register, type Person } from '../../testing/people.ts';
import { send } from '../../testing/http.ts';
import { upTo } from '../../testing/space.ts';
import { createTestApp, useTestApp, type TestApp } from '../../testing/test-app.ts';

let app: TestApp;
let person: Person;

beforeAll(async () => {
  app = await createTestApp();
  person = await register(app.url, 'Ada');
});
afterAll(() => app.close());

const enter = (route: 'register' | 'login', body: object) =>
  send(app.url, `POST /auth/${route}`, { body });
const logIn = (email: string, password: string) => enter('login', { email, password });

describe('the first account', () => {
  it('is the administrator, and nobody after it', async () => {
    const second = await register(app.url, 'Second');
    expect((await person.call(auth.getMe, {})).isAdministrator).toBe(true);
    expect((await second.call(auth.getMe, {})).isAdministrator).toBe(false);
  });

  it('is one of 20 that register at the same moment', async () => {
    const empty = await useTestApp();
    const before = (await send(empty.url, 'GET /instance')).json<{ isEmpty: boolean }>();
    const people = await Promise.all(
      Array.from({ length: 20 }, (_, index) => register(empty.url, `Racer ${index}`)),
    );
    const users = await Promise.all(people.map(({ call }) => call(auth.getMe, {})));
    const after = (await send(empty.url, 'GET /instance')).json<{ isEmpty: boolean }>();
    expect(users.filter(({ isAdministrator }) => isAdministrator)).toHaveLength(1);
    expect([before.isEmpty, after.isEmpty]).toEqual([true, false]);
  });

  it('can be made on an instance whose sign-up is closed, and is then the last', async () => {
    const closed = await useTestApp({ config: { signUp: 'closed' } });
    await register(closed.url, 'Founder');
    expect(await codeOf(register(closed.url, 'Late'))).toBe('sign-up-closed');
  });
});

describe('registering', () => {
  it('refuses an e-mail that is taken in any case of letters, beside its field', async () => {
    const reply = await enter('register', {
      email: person.email.toUpperCase(),
      name: 'Double',
      password: 'a password of its own',
    });
    expect(reply.status).toBe(409);
    expect(reply.json<Problem>()).toMatchObject({
      code: 'email-taken',
      errors: [{ pointer: '/email' }],
    });
  });

  it('gives one of 10 that take the same e-mail at the same moment the account', async () => {
    const replies = await Promise.all(
      upTo(10).map((n) => {
        const password = `the password of ${n}`;
        return enter('register', { email: 'same@example.org', name: `Same ${n}`, password });
      }),
    );
    const statuses = replies.map(({ status }) => status).sort();
    expect(statuses).toEqual([201, ...Array<number>(9).fill(409)]);
  });

  it('again in the same words, as no answer came, signs in to the one account', async () => {
    const body = { email: 'Again@example.org', name: 'Again', password: 'once more with it' };
    const replies = await Promise.all(upTo(5).map(() => enter('register', body)));
    replies.push(await enter('register', { ...body, email: 'again@EXAMPLE.org' }));
    expect(replies.map(({ status }) => status)).toEqual(Array<number>(6).fill(201));
    const users = replies.map((reply) => reply.json<SignedIn>().user);
    expect(new Set(users.map(({ id }) => id)).size).toBe(1);
    const { accessToken } = replies[5]?.json<SignedIn>() ?? { accessToken: '' };
    const me = await send(app.url, 'GET /me', { token: accessToken });
    expect(me.json<User>()).toEqual(users[0]);
  });

  it('again with another password or name, or long after, is no way in', async () => {
    const clock = movableClock();
    const tight = await useTestApp({ clock, limitFactor: 1 });
    const body = { email: 'once@example.org', name: 'Once', password: 'the one and only' };
    const again = async (change: object) => {
      const reply = await send(tight.url, 'POST /auth/register', { body: { ...body, ...change } });
      return reply.code ?? reply.status;
    };
    expect(await again({})).toBe(201);
    expect(await again({ name: 'Twice' })).toBe('email-taken');
    expect(await again({ password: 'a guess at it' })).toBe('email-taken');
    const counted = await tight.database.db.execute<{ count: number }>(
      sql`select count(*)::int count from audit_log where action = 'login.failed'`,
    );
    expect(counted.rows[0]?.count).toBe(1);
    clock.advance(3_600_001);
    expect(await again({})).toBe('email-taken');
  });

  it('again on an instance that is closed by now finds its first account', async () => {
    const closed = await useTestApp({ config: { signUp: 'closed' } });
    const body = { email: 'first@example.org', name: 'First', password: 'first of them all' };
    for (const _n of upTo(2)) {
      expect((await send(closed.url, 'POST /auth/register', { body })).status).toBe(201);
    }
    const other = { ...body, password: 'not of them at all' };
    expect((await send(closed.url, 'POST /auth/register', { body: other })).code).toBe(
      'sign-up-closed',
    );
  });

  it.each([
    ['a short password', { password: '1234567' }, '/password'],
    ['a password of another type', { password: { $ne: '' } }, '/password'],
    ['a list for a password', { password: ['long enough'] }, '/password'],
    ['no e-mail', { email: 'nobody' }, '/email'],
    ['a blank name', { name: '   ' }, '/name'],
    ['an unknown property', { isAdministrator: true }, '/isAdministrator'],
  ])('refuses %s and names the field', async (_what, wrong, pointer) => {
    const right = { email: 'fields@example.org', name: 'Fields', password: 'long enough' };
    const reply = await enter('register', { ...right, ...wrong });
    expect(reply.status).toBe(400);
    expect(reply.json<Problem>().errors?.map((error) => error.pointer)).toContain(pointer);
  });

  it('never answers with the password or its hash', async () => {
    const reply = await logIn(person.email, person.password);
    expect(reply.text).not.toContain(person.password);
    expect(reply.text).not.toContain('argon2');
    expect(app.logged()).not.toContain(person.password);
  });
});

describe('logging in', () => {
  it('takes the e-mail in any case of letters', async () => {
    expect((await logIn(person.email.toUpperCase(), person.password)).status).toBe(200);
  });

  it('takes any Unicode password of 8 to 128 characters, and none that ends differently', async () => {
    const character = fc
      .integer({ min: 0, max: 0x10ffff })
      .filter((code) => code < 0xd800 || code > 0xdfff)
      .map((code) => String.fromCodePoint(code));
    const password = fc.array(character, { minLength: 8, maxLength: 128 });
    let count = 0;
    await fc.assert(
      fc.asyncProperty(password, async (characters) => {
        const email = `unicode.${++count}@example.org`;
        const right = characters.join('');
        const wrong = [...characters.slice(0, -1), characters.at(-1) === 'x' ? 'y' : 'x'].join('');
        const statuses = [
          await enter('register', { email, name: 'Unicode', password: right }),
          await logIn(email, right),
          await logIn(email, wrong),
          await logIn(email, `${right} `),
          await logIn(email, right.slice(0, -1) || 'x'),
        ].map(({ status }) => status);
        expect(statuses).toEqual([201, 200, 401, 401, 401]);
      }),
      { numRuns: 12 },
    );
  });

  it.each([73, 128, 256])('compares all of %i characters', async (length) => {
    const email = `long.${length}@example.org`;
    const password = 'ä'.repeat(length);
    await enter('register', { email, name: 'Long', password });
    expect((await logIn(email, password)).status).toBe(200);
    expect((await logIn(email, `${'ä'.repeat(length - 1)}a`)).status).toBe(401);
  });

  it('refuses what is no password before it is hashed', async () => {
    const started = performance.now();
    const replies = [
      await logIn(person.email, 'x'.repeat(1_000_000)),
      await logIn(person.email, 'x'.repeat(257)),
      await enter('login', { email: person.email, password: { length: 8 } }),
      await enter('login', { email: [person.email], password: person.password }),
      await enter('login', { email: person.email, password: null }),
    ];
    expect(replies.map(({ status }) => status)).toEqual([413, 400, 400, 400, 400]);
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it('answers the same for an unknown account, a wrong password and a suspended user', async () => {
    const suspended = await register(app.url, 'Suspended');
    await app.database.db.execute(
      sql`update users set suspended_at = now() where id = ${suspended.id}`,
    );
    const replies = [
      await logIn('nobody@example.org', 'not a password'),
      await logIn(person.email, 'not a password'),
      await logIn(suspended.email, suspended.password),
    ];
    const bodies = replies.map((reply) => ({ ...reply.json<Problem>(), instance: '' }));
    expect(replies.map(({ status }) => status)).toEqual([401, 401, 401]);
    expect(new Set(bodies.map((body) => JSON.stringify(body))).size).toBe(1);
    expect(replies.every(({ cookie }) => cookie === null)).toBe(true);
  });

  it('changes the profile of who asks alone', async () => {
    const other = await register(app.url, 'Other');
    const changed = await other.call(auth.updateMe, { body: { name: '  New Name ' } });
    expect(changed.name).toBe('New Name');
    expect((await other.call(auth.getMe, {})).name).toBe('New Name');
    expect((await person.call(auth.getMe, {})).name).toBe('Ada');
  });
});
