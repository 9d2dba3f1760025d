import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import type { Session } from '@teambrain/contract/auth.ts';
import * as spaces from '@teambrain/contract/spaces.ts';
import { hashingEncoder } from '../src/testing/hashing-encoder.ts';
import { send } from '../src/testing/http.ts';
import { at, useInstances } from '../src/testing/instances.ts';
import { codeOf, register } from '../src/testing/people.ts';
import { sharedRedisUrl } from '../src/testing/redis.ts';
import { createSpace, upTo } from '../src/testing/space.ts';
import { logIn, openWindow, statusOf } from '../src/testing/window.ts';

const twoInstances = () => useInstances([sharedRedisUrl(), sharedRedisUrl()], hashingEncoder());

it('of changes of one’s password at two instances one takes effect, with one line of audit', async () => {
  const apps = await twoInstances();
  const [a] = apps;
  if (!a) throw new Error('there are instances');
  const person = await register(a.url, 'Changer');
  const passwords = upTo(4).map((n) => `the word of attempt ${n}`);
  const replies = await Promise.all(
    passwords.map((password, n) =>
      send(apps[n % 2]?.url ?? '', 'PUT /me/password', {
        token: person.token,
        body: { current: person.password, password },
      }),
    ),
  );
  expect(replies.filter(({ status }) => status === 200 || status === 204)).toHaveLength(1);
  const winner = passwords[replies.findIndex(({ code }) => code === null)];
  for (const password of [person.password, ...passwords]) {
    const attempt = await codeOf(logIn(a.url, person.email, password));
    expect(attempt === null).toBe(password === winner);
  }
  const { rows } = await a.database.db.execute(sql`
    select 1 from audit_log where subject_id = ${person.id} and action = 'account.password-changed'`);
  expect(rows).toHaveLength(1);
}, 120_000);

it('a person has 50 sessions over all instances, however many log in at the same moment', async () => {
  const apps = await twoInstances();
  const [a, b] = apps;
  if (!a || !b) throw new Error('there are instances');
  const oldest = await openWindow(a.url);
  for (const n of upTo(11)) {
    await Promise.all(upTo(4).map((k) => logIn((n + k) % 2 ? a.url : b.url, oldest.email)));
  }
  const more = await Promise.all(upTo(12).map((n) => logIn(n % 2 ? a.url : b.url, oldest.email)));
  const { items } = (
    await send(b.url, 'GET /auth/sessions', { token: more[0]?.token ?? '' })
  ).json<{ items: Session[] }>();
  expect(items).toHaveLength(50);
  expect(await Promise.all(apps.map(({ url }) => statusOf(url, oldest.token)))).toEqual([401, 401]);
  for (const { token } of more) expect(await statusOf(a.url, token)).toBe(200);
}, 120_000);

it('everyone joins again at one instance, and a promotion at another: who is a moderator by then stays', async () => {
  const [a, b] = await twoInstances();
  if (!a || !b) throw new Error('there are instances');
  const owner = await register(a.url, 'Owner');
  const moderator = await register(a.url, 'Moderator');
  const member = await register(a.url, 'Member');
  for (const _round of upTo(4)) {
    const spaceId = await createSpace(owner, [moderator, member]);
    const promote = (userId: string, by = owner) =>
      by.call(spaces.updateMember, { params: { spaceId, userId }, body: { role: 'moderator' } });
    await promote(moderator.id);
    const [, promoted] = await Promise.all([
      at(b, moderator).call(spaces.updateSpace, {
        params: { spaceId },
        body: { everyoneJoinsAnew: true },
      }),
      codeOf(promote(member.id)),
    ]);
    const { items } = await owner.call(spaces.listMembers, { params: { spaceId }, query: {} });
    const roles = Object.fromEntries(items.map(({ user, role }) => [user.name, role]));
    expect(roles).toEqual({
      Owner: 'owner',
      Moderator: 'moderator',
      ...(promoted === null ? { Member: 'moderator' } : {}),
    });
    expect([null, 'not-found', 'conflict']).toContain(promoted);
  }
}, 120_000);
