import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as auth from '@teambrain/contract/auth.ts';
import type { Session } from '@teambrain/contract/auth.ts';
import * as groups from '@teambrain/contract/groups.ts';
import * as spaces from '@teambrain/contract/spaces.ts';
import { movableClock, SECOND } from '../src/testing/clock.ts';
import { send } from '../src/testing/http.ts';
import { codeOf, register, type Person } from '../src/testing/people.ts';
import { createSpace, SPACE_KEY } from '../src/testing/space.ts';
import { createTestApp, type TestApp } from '../src/testing/test-app.ts';
import { logIn, openWindow, PASSWORD, refresh } from '../src/testing/window.ts';

let app: TestApp;
let owner: Person;
let member: Person;
let outsider: Person;
let spaceId: string;
let groupId: string;
const clock = movableClock();

beforeAll(async () => {
  app = await createTestApp({ clock });
  owner = await register(app.url, 'Owner');
  member = await register(app.url, 'Member');
  outsider = await register(app.url, 'Outsider');
  spaceId = await createSpace(owner, [member]);
});
afterAll(() => app.close());

interface Line extends Record<string, unknown> {
  id: string;
  action: string;
  actor: string | null;
  subject: string | null;
  space: string | null;
  detail: string | null;
  address: string | null;
  request: string | null;
}

const lines = async (): Promise<Line[]> =>
  (
    await app.database.db.execute<Line>(sql`
      select id, action, actor_id actor, subject_id subject, space_id space, detail, address,
        request_id request from audit_log order by at, id`)
  ).rows;

/** The lines that came of this, less what was there before. */
async function linesOf(act: () => Promise<unknown>): Promise<Line[]> {
  const before = new Set((await lines()).map(({ id }) => id));
  await act();
  return (await lines()).filter(({ id }) => !before.has(id));
}

const at = () => ({ params: { spaceId } });
const about = (userId: string) => ({ params: { spaceId, userId } });
const update = (person: Person, body: object) => person.call(spaces.updateSpace, { ...at(), body });
const newWindow = () => openWindow(app.url);
let window: Awaited<ReturnType<typeof newWindow>>;
const sessionsOf = async (token: string) =>
  (await send(app.url, 'GET /auth/sessions', { token })).json<{ items: Session[] }>().items;

type Acts = Record<string, [() => Promise<unknown>, string, Partial<Line>?]>;

const acts: Acts = {
  'an account made': [async () => (window = await newWindow()), 'account.registered'],
  'a log-in': [() => logIn(app.url, window.email), 'login.succeeded'],
  'a log-in with a wrong password': [
    () => logIn(app.url, window.email, 'a wrong one').catch(() => undefined),
    'login.failed',
    { actor: null },
  ],
  'a log-in to no account': [
    () => logIn(app.url, 'nobody@example.org', 'a wrong one').catch(() => undefined),
    'login.failed',
    { actor: null, subject: null },
  ],
  'a new name': [
    () => member.call(auth.updateMe, { body: { name: 'Newly Named' } }),
    'account.renamed',
  ],
  'a new password': [
    () =>
      send(app.url, 'PUT /me/password', {
        token: window.token,
        body: { current: PASSWORD, password: 'quite another one' },
      }),
    'account.password-changed',
  ],
  'a log-out': [() => send(app.url, 'POST /auth/logout', window), 'logout'],
  'the end of another session': [
    async () => {
      const mine = await logIn(app.url, window.email, 'quite another one');
      await app.database.db.execute(sql`delete from audit_log where action = 'login.succeeded'`);
      const other = (await sessionsOf(mine.token)).find(({ isCurrent }) => !isCurrent);
      const id = other?.id ?? (await sessionsOf(mine.token))[0]?.id ?? '';
      await send(app.url, `DELETE /auth/sessions/${id}`, mine);
    },
    'session.ended',
  ],
  'a log-out everywhere': [
    async () => {
      const mine = await newWindow();
      await app.database.db.execute(sql`delete from audit_log where actor_id = ${mine.userId}`);
      await send(app.url, 'POST /auth/logout-all', mine);
    },
    'logout.everywhere',
  ],
  'a refresh token used again': [
    async () => {
      const mine = await newWindow();
      await app.database.db.execute(sql`delete from audit_log where actor_id = ${mine.userId}`);
      const { cookie } = await refresh(app.url, mine.cookie);
      await refresh(app.url, cookie);
      clock.advance(11 * SECOND);
      await refresh(app.url, mine.cookie);
    },
    'session.reuse-detected',
  ],
  'a group made': [
    async () => {
      groupId = (await owner.call(groups.createGroup, { body: { name: 'Crew' } })).id;
    },
    'group.created',
  ],
  'a group renamed': [
    () => owner.call(groups.updateGroup, { params: { groupId }, body: { name: 'The crew' } }),
    'group.renamed',
  ],
  'a member of a group': [
    () => {
      const params = { groupId, userId: member.id };
      return owner.call(groups.putGroupMember, { params, body: { role: 'member' } });
    },
    'group.member-changed',
  ],
  'a group deleted': [
    () => owner.call(groups.deleteGroup, { params: { groupId } }),
    'group.deleted',
  ],
  'a space made': [() => createSpace(owner), 'space.created'],
  'a space renamed': [() => update(owner, { name: 'Renamed' }), 'space.updated'],
  'a space described': [() => update(owner, { description: 'About' }), 'space.updated'],
  'a joining': [
    () => outsider.call(spaces.joinSpace, { ...at(), body: { password: SPACE_KEY } }),
    'member.joined',
  ],
  'a new role': [
    () => owner.call(spaces.updateMember, { ...about(member.id), body: { role: 'moderator' } }),
    'member.role-changed',
    { detail: 'member → moderator' },
  ],
  'a leaving': [() => outsider.call(spaces.leaveSpace, at()), 'member.left'],
  'a removal': [() => owner.call(spaces.removeMember, about(member.id)), 'member.removed'],
  'a new password of a space': [
    () => update(owner, { password: 'another word' }),
    'space.password-changed',
  ],
  'everyone joins again': [
    () => update(owner, { everyoneJoinsAnew: true }),
    'space.everyone-joins-again',
  ],
  'both at once': [
    () => update(owner, { password: 'a third word', everyoneJoinsAnew: true }),
    'space.password-changed',
    { detail: '0 have to join again' },
  ],
  'a note of guessing taken': [
    async () => {
      await app.database.db.execute(
        sql`update spaces set guessed_at = now() where id = ${spaceId}`,
      );
      await owner.call(spaces.noteGuessing, at());
    },
    'space.guessing-noted',
  ],
  'a space deleted': [() => owner.call(spaces.deleteSpace, at()), 'space.deleted'],
};

describe('the audit log has one line for', () => {
  it.each(Object.keys(acts))('%s', async (name) => {
    const [act, action, more = {}] = acts[name] ?? [() => Promise.resolve(), ''];
    const found = await linesOf(act);
    expect(found.map((line) => line.action)).toEqual([action]);
    expect(found[0]).toMatchObject({ address: '127.0.0.1', ...more });
    expect(found[0]?.request).toMatch(/^[\w-]{8,}$/);
    if (!('actor' in more)) expect(found[0]?.actor).toMatch(/^[\w-]{36}$/);
    if (/^(space|member)\./.test(action)) expect(found[0]?.space).toMatch(/^[\w-]{36}$/);
  });
});

describe('the audit log has none for', () => {
  const refused: Record<string, () => Promise<unknown>> = {
    'what one may not': async () => {
      const id = await createSpace(owner, [outsider]);
      const removal = { params: { spaceId: id, userId: owner.id } };
      expect(await codeOf(outsider.call(spaces.removeMember, removal))).toBe('forbidden');
      const params = { spaceId: id };
      expect(await codeOf(outsider.call(spaces.deleteSpace, { params }))).toBe('forbidden');
      expect(await codeOf(owner.call(spaces.leaveSpace, { params }))).toBe('last-owner');
    },
    'what changes nothing': async () => {
      const id = await createSpace(owner, [outsider]);
      const params = { spaceId: id };
      await outsider.call(spaces.joinSpace, { params, body: { password: SPACE_KEY } });
      await owner.call(spaces.updateSpace, { params, body: { everyoneJoinsAnew: false } });
      await owner.call(spaces.noteGuessing, { params });
      await owner.call(auth.updateMe, { body: { name: owner.name } });
      await send(app.url, 'POST /auth/logout');
    },
    'a wrong password': async () => {
      const body = { current: 'a wrong one', password: 'quite another one' };
      expect(await codeOf(owner.call(auth.changePassword, { body }))).toBe('wrong-password');
      const id = await createSpace(owner);
      const join = { params: { spaceId: id }, body: { password: 'a wrong one' } };
      expect(await codeOf(outsider.call(spaces.joinSpace, join))).toBe('wrong-password');
    },
  };

  it.each(Object.keys(refused))('%s', async (name) => {
    const found = await linesOf(refused[name] ?? (() => Promise.resolve()));
    const setUp = ['space.created', 'member.joined'];
    expect(found.filter(({ action }) => !setUp.includes(action))).toEqual([]);
    expect(found.filter(({ action }) => action === 'member.joined').length).toBeLessThan(2);
  });

  it('words of people', async () => {
    const text = JSON.stringify(await lines());
    for (const word of ['Newly Named', 'Renamed', 'About', '@example.org', PASSWORD, SPACE_KEY]) {
      expect(text).not.toContain(word);
    }
  });
});
