import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Problem } from '@teambrain/contract/problem.ts';
import * as spaces from '@teambrain/contract/spaces.ts';
import { checks } from '../src/cli/doctor.store.ts';
import { send, type Reply } from '../src/testing/http.ts';
import { codeOf, register, type Person } from '../src/testing/people.ts';
import { createSpace, SPACE_KEY } from '../src/testing/space.ts';
import { createTestApp, type TestApp } from '../src/testing/test-app.ts';
import { logIn } from '../src/testing/window.ts';

let app: TestApp;
let owner: Person;
let second: Person;
let ana: Person;

beforeAll(async () => {
  app = await createTestApp();
  owner = await register(app.url, 'Owner');
  second = await register(app.url, 'Second');
  ana = await register(app.url, 'Ana');
});
afterAll(() => app.close());

const codesOf = (replies: readonly Reply[]) => replies.map(({ code }) => code ?? 'done').sort();
const setRole = (by: Person, spaceId: string, userId: string, role: 'owner' | 'moderator') =>
  by.call(spaces.updateMember, { params: { spaceId, userId }, body: { role } });
const patch = (by: Person, spaceId: string, body: object) =>
  send(app.url, `PATCH /spaces/${spaceId}`, { token: by.token, body });
const roleOf = async (person: Person, spaceId: string) =>
  (await person.call(spaces.getSpace, { params: { spaceId } })).role;

async function spaceOfTwo(): Promise<string> {
  const id = await createSpace(owner, [second, ana]);
  await setRole(owner, id, second.id, 'owner');
  return id;
}

async function audited(subject: string, action: string): Promise<number> {
  const { rows } = await app.database.db.execute(
    sql`select 1 from audit_log where subject_id = ${subject} and action = ${action}`,
  );
  return rows.length;
}

describe('of changes at the same moment one takes effect, and the others are told:', () => {
  it('of one’s password', async () => {
    const person = await register(app.url, 'Changer');
    const passwords = ['the first of two', 'the second of two'];
    const replies = await Promise.all(
      passwords.map((password) =>
        send(app.url, 'PUT /me/password', {
          token: person.token,
          body: { current: person.password, password },
        }),
      ),
    );
    const codes = codesOf(replies);
    expect(codes.filter((code) => code === 'done')).toHaveLength(1);
    for (const code of codes) expect(['done', 'conflict', 'wrong-password']).toContain(code);
    const winner = passwords[replies.findIndex(({ code }) => code === null)];
    for (const password of passwords) {
      const attempt = await codeOf(logIn(app.url, person.email, password));
      expect(attempt === null).toBe(password === winner);
    }
    expect(await audited(person.id, 'account.password-changed')).toBe(1);
  });

  it('of a space’s password, by two owners', async () => {
    const id = await spaceOfTwo();
    const passwords = ['the word of one', 'the word of the other'];
    const replies = await Promise.all([
      patch(owner, id, { password: passwords[0] }),
      patch(second, id, { password: passwords[1] }),
    ]);
    expect(codesOf(replies)).toEqual(['conflict', 'done']);
    expect(replies.find(({ code }) => code)?.json<Problem>().detail).toMatch(/same moment/);
    const newcomer = await register(app.url, 'Newcomer');
    const join = (password?: string) =>
      codeOf(newcomer.call(spaces.joinSpace, { params: { spaceId: id }, body: { password } }));
    const winner = replies.findIndex(({ code }) => code === null);
    expect(await join(passwords[1 - winner])).toBe('wrong-password');
    expect(await join(passwords[winner])).toBeNull();
    expect(await audited(id, 'space.password-changed')).toBe(1);
  });

  it('of a membership: a removal, a promotion', async () => {
    for (let round = 0; round < 5; round += 1) {
      const id = await spaceOfTwo();
      const member = `/spaces/${id}/members/${ana.id}`;
      const replies = await Promise.all([
        send(app.url, `DELETE ${member}`, { token: owner.token }),
        send(app.url, `PATCH ${member}`, { token: second.token, body: { role: 'moderator' } }),
        send(app.url, `DELETE ${member}`, { token: second.token }),
      ]);
      const codes = codesOf(replies);
      for (const code of codes) expect(['done', 'conflict', 'not-found']).toContain(code);
      const lines = await app.database.db.execute(
        sql`select 1 from audit_log where space_id = ${id} and subject_id = ${ana.id}
            and action in ('member.removed', 'member.role-changed')`,
      );
      expect(codes).toContain('done');
      expect(lines.rows).toHaveLength(codes.filter((code) => code === 'done').length);
    }
  });
});

describe('everyone joins again', () => {
  it('throws out whom the caller may remove, and nobody of their rank or above', async () => {
    const id = await spaceOfTwo();
    const [moderator, other] = [await register(app.url, 'Mod'), await register(app.url, 'Other')];
    for (const person of [moderator, other]) {
      await person.call(spaces.joinSpace, {
        params: { spaceId: id },
        body: { password: SPACE_KEY },
      });
      await setRole(owner, id, person.id, 'moderator');
    }
    expect((await patch(moderator, id, { everyoneJoinsAnew: true })).status).toBe(200);
    expect(await roleOf(ana, id)).toBeNull();
    expect(await Promise.all([moderator, other].map((p) => roleOf(p, id)))).toEqual([
      'moderator',
      'moderator',
    ]);
    const body = { password: 'the newest word', everyoneJoinsAnew: true };
    expect((await patch(owner, id, body)).status).toBe(200);
    expect(await Promise.all([moderator, other].map((p) => roleOf(p, id)))).toEqual([null, null]);
    expect(await Promise.all([owner, second].map((p) => roleOf(p, id)))).toEqual([
      'owner',
      'owner',
    ]);
    // The doctor reckons with who stayed, of both times.
    const law = checks.find(({ name }) => name === 'membership')?.sql ?? '';
    expect((await app.database.db.execute(sql.raw(law))).rows).toEqual([]);
  });
});

describe('a change under a session that ends at the same moment does not take effect:', () => {
  const changes: Record<string, (id: string) => [route: string, body?: object]> = {
    'one’s name': () => ['PATCH /me', { name: 'Late' }],
    'one’s password': () => [
      'PUT /me/password',
      { current: owner.password, password: 'too late now' },
    ],
    'the end of all sessions': () => ['POST /auth/logout-all'],
    'a new space': () => ['POST /spaces', { name: 'Late', visibility: 'public' }],
    'a space’s name': (id) => [`PATCH /spaces/${id}`, { name: 'Late' }],
    'a space’s password': (id) => [`PATCH /spaces/${id}`, { password: 'too late now' }],
    'a role': (id) => [`PATCH /spaces/${id}/members/${ana.id}`, { role: 'moderator' }],
    'a removal': (id) => [`DELETE /spaces/${id}/members/${ana.id}`],
    'a leaving': (id) => [`POST /spaces/${id}/leave`],
    'a deletion': (id) => [`DELETE /spaces/${id}`],
  };

  it.each(Object.keys(changes))('%s', async (name) => {
    const id = await spaceOfTwo();
    const [route = '', body] = changes[name]?.(id) ?? [];
    const { token } = await logIn(app.url, owner.email, owner.password);
    const { sid } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as {
      sid: string;
    };
    // So that the door knows the session and the space as they are before.
    expect((await send(app.url, `GET /spaces/${id}`, { token })).status).toBe(200);
    const lines = async () =>
      (await app.database.db.execute(sql`select 1 from audit_log`)).rows.length;
    const before = await lines();
    let changing: Promise<Reply> | undefined;
    await app.database.db.transaction(async (tx) => {
      await tx.execute(sql`update sessions set ended_at = now() where id = ${sid}`);
      changing = send(app.url, route, body ? { token, body } : { token });
      await new Promise((resolve) => setTimeout(resolve, 300));
    });
    expect((await changing)?.code).toBe('session-ended');
    expect(await lines()).toBe(before);
    const space = await owner.call(spaces.getSpace, { params: { spaceId: id } });
    expect(space).toMatchObject({ name: 'Space of Owner', role: 'owner', memberCount: 3 });
    expect(await roleOf(ana, id)).toBe('member');
  });
});
