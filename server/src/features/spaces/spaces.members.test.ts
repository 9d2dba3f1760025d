import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as chat from '@teambrain/contract/chat.ts';
import { listEvents } from '@teambrain/contract/log.ts';
import type { Role } from '@teambrain/contract/role.ts';
import * as contract from '@teambrain/contract/spaces.ts';
import { newId } from '../../platform/core/id.ts';
import { codeOf, createCast, register, type Person } from '../../testing/people.ts';
import { createSpace, post, SPACE_KEY, upTo } from '../../testing/space.ts';
import { send } from '../../testing/http.ts';
import { createTestApp, useTestApp, type TestApp } from '../../testing/test-app.ts';

type Cast = Awaited<ReturnType<typeof createCast>>;
let app: TestApp;
let cast: Cast;
let vault: string;

beforeAll(async () => {
  app = await createTestApp();
  cast = await createCast(app.url);
  vault = cast.protectedSpace.id;
});
afterAll(() => app.close());

const setRole = (by: Person, spaceId: string, userId: string, role: Role) =>
  by.call(contract.updateMember, { params: { spaceId, userId }, body: { role } });
const remove = (by: Person, spaceId: string, userId: string) =>
  by.call(contract.removeMember, { params: { spaceId, userId } });
const logOf = async (person: Person, spaceId: string) => {
  const items = [];
  for (let after = 0; ; after = items.at(-1)?.seq ?? 0) {
    const query = { after: String(after), limit: 200 };
    const page = await person.call(listEvents, { params: { spaceId }, query });
    items.push(...page.items);
    if (page.next === null) return items;
  }
};

describe('the members', () => {
  it('are listed in pages, to those who may read', async () => {
    const { owner, outsider } = cast;
    const list = (query: { after?: string; limit?: number }) =>
      owner.call(contract.listMembers, { params: { spaceId: vault }, query });
    const whole = (await list({})).items;
    expect(whole.map(({ user, role }) => [user.name, role]).sort()).toEqual([
      ['Member', 'member'],
      ['Moderator', 'moderator'],
      ['Owner', 'owner'],
    ]);
    const first = await list({ limit: 2 });
    const rest = await list({ limit: 2, after: first.next ?? '' });
    expect([...first.items, ...rest.items]).toEqual(whole);
    expect(rest.next).toBeNull();
    const locked = outsider.call(contract.listMembers, { params: { spaceId: vault } });
    expect(await codeOf(locked)).toBe('locked');
  });
});

describe('roles', () => {
  it('are changed by owners; moderators change those below them, members nobody', async () => {
    const { owner, moderator, member, outsider } = cast;
    const id = await createSpace(owner, [moderator, member, outsider], 'public');
    const other = outsider.id;
    await setRole(owner, id, moderator.id, 'moderator');
    expect(await codeOf(setRole(member, id, other, 'member'))).toBe('forbidden');
    for (const role of ['owner', 'moderator'] as const) {
      expect(await codeOf(setRole(moderator, id, other, role))).toBe('forbidden');
    }
    expect(await codeOf(setRole(moderator, id, owner.id, 'member'))).toBe('forbidden');
    expect(await codeOf(setRole(moderator, id, moderator.id, 'owner'))).toBe('forbidden');
    expect((await setRole(moderator, id, other, 'member')).role).toBe('member');
    expect((await setRole(owner, id, other, 'moderator')).role).toBe('moderator');
    expect(await codeOf(remove(moderator, id, other))).toBe('forbidden');
    expect(await codeOf(setRole(owner, id, newId(), 'member'))).toBe('not-found');
    expect(await codeOf(setRole(owner, id, cast.locked.id, 'member'))).toBe('not-found');
  });

  it('always leave an owner', async () => {
    const { owner, member } = cast;
    const id = await createSpace(owner, [member]);
    expect(await codeOf(setRole(owner, id, owner.id, 'member'))).toBe('last-owner');
    expect(await codeOf(remove(owner, id, owner.id))).toBe('last-owner');
    await setRole(owner, id, member.id, 'owner');
    const codes = await Promise.all([
      codeOf(setRole(owner, id, owner.id, 'member')),
      codeOf(setRole(member, id, member.id, 'member')),
    ]);
    expect(codes.sort()).toEqual(['last-owner', null]);
  });

  it('that two owners take from each other at the same moment go to one of them', async () => {
    const { owner, member } = cast;
    for (const _ of upTo(5)) {
      const id = await createSpace(owner, [member]);
      await setRole(owner, id, member.id, 'owner');
      const codes = await Promise.all([
        codeOf(setRole(owner, id, member.id, 'member')),
        codeOf(setRole(member, id, owner.id, 'member')),
      ]);
      expect(codes.filter((code) => code === null)).toHaveLength(1);
      expect(codes.filter((code) => code === 'forbidden')).toHaveLength(1);
    }
  });

  it('of administrators reach into public spaces alone', async () => {
    const { administrator, member, publicSpace } = cast;
    expect(await codeOf(remove(administrator, vault, member.id))).toBe('locked');
    expect(await codeOf(setRole(administrator, vault, administrator.id, 'owner'))).toBe('locked');
    const rename = administrator.call(contract.updateSpace, {
      params: { spaceId: publicSpace.id },
      body: { description: 'Kept tidy' },
    });
    expect((await rename).description).toBe('Kept tidy');
  });
});

describe('who was removed', () => {
  it('may not touch even their own old messages', async () => {
    const { owner, member } = cast;
    const id = await createSpace(owner, [member]);
    const sent = await post(member, id, 'mine');
    await remove(owner, id, member.id);
    const params = { spaceId: id, messageId: sent.id };
    const attempts = [
      member.call(chat.editMessage, { params, body: { text: 'changed' } }),
      member.call(chat.deleteMessage, { params }),
      member.call(chat.listMessages, { params: { spaceId: id } }),
      post(member, id, 'mine', sent.id),
    ];
    expect(await Promise.all(attempts.map(codeOf))).toEqual(Array(4).fill('locked'));
    expect(await codeOf(remove(owner, id, member.id))).toBe('not-found');
  });

  it(
    'has no message after the removal, however it raced: 200 times',
    { timeout: 120_000 },
    async () => {
      const { owner } = cast;
      const writers = await Promise.all(upTo(8).map((n) => register(app.url, `Racer ${n}`)));
      const id = await createSpace(owner, writers, 'public');
      const join = (writer: Person) =>
        writer.call(contract.joinSpace, { params: { spaceId: id }, body: {} });
      const answers: (string | null)[] = [];
      await Promise.all(
        writers.map(async (writer, index) => {
          for (const n of upTo(25)) {
            const race = [
              codeOf(post(writer, id, `${index}/${n}a`)),
              codeOf(remove(owner, id, writer.id)),
            ];
            if (n % 2) void race.reverse();
            race.push(codeOf(post(writer, id, `${index}/${n}b`)));
            answers.push(...(await Promise.all(race)));
            await join(writer);
          }
        }),
      );
      const log = await logOf(owner, id);
      expect(log.map(({ seq }) => seq)).toEqual(upTo(log.length));
      const isIn = new Set<string>();
      const trespasses: number[] = [];
      for (const event of log) {
        if (event.type === 'member.joined') isIn.add(event.data.user.id);
        if (event.type === 'member.removed') isIn.delete(event.data.user.id);
        if (event.type === 'message.posted' && !isIn.has(event.data.message.author.id)) {
          trespasses.push(event.seq);
        }
      }
      expect(trespasses).toEqual([]);
      expect(log.filter(({ type }) => type === 'member.removed')).toHaveLength(200);
      // What was acknowledged is there, what was refused is not, and nothing failed otherwise.
      const posted = log.filter(({ type }) => type === 'message.posted').length;
      expect(answers.filter((code) => code === null)).toHaveLength(200 + posted);
      expect(answers.filter((code) => code === 'forbidden')).toHaveLength(400 - posted);
    },
  );
});

describe('guessing a space’s password', () => {
  it('is stopped after five tries, for that person and that space', async () => {
    const limited = await useTestApp({ limitFactor: 1 });
    const [host, ana, ben] = [
      await register(limited.url, 'Host'),
      await register(limited.url, 'Ana'),
      await register(limited.url, 'Ben'),
    ];
    const [first, second] = [await createSpace(host), await createSpace(host)];
    const join = (person: Person, id: string, password: string) =>
      send(limited.url, `POST /spaces/${id}/join`, { token: person.token, body: { password } });
    const statuses = [];
    for (const n of upTo(7)) statuses.push((await join(ana, first, `guess ${n}`)).status);
    expect(statuses).toEqual([403, 403, 403, 403, 403, 429, 429]);
    const refused = await join(ana, first.toUpperCase(), SPACE_KEY);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(500);
    expect((await join(ana, second, SPACE_KEY)).status).toBe(200);
    expect((await join(ben, first, SPACE_KEY)).status).toBe(200);
  });

  it('is stopped after twenty wrong ones over all spaces, and right ones count for nothing', async () => {
    const limited = await useTestApp({ limitFactor: 1 });
    const [host, ana, ben] = [
      await register(limited.url, 'Host'),
      await register(limited.url, 'Ana'),
      await register(limited.url, 'Ben'),
    ];
    const ids: string[] = [];
    for (const _ of upTo(7)) ids.push(await createSpace(host));
    const join = async (person: Person, id: string | undefined, password: string) =>
      (
        await send(limited.url, `POST /spaces/${id}/join`, {
          token: person.token,
          body: { password },
        })
      ).status;
    expect(await join(ana, ids[5], SPACE_KEY)).toBe(200);
    const statuses = [];
    for (const n of upTo(24)) statuses.push(await join(ana, ids[n % 5], `guess ${n}`));
    expect(statuses).toEqual([...Array<number>(20).fill(403), ...Array<number>(4).fill(429)]);
    expect(await join(ana, ids[6], SPACE_KEY)).toBe(429);
    expect(await join(ben, ids[6], SPACE_KEY)).toBe(200);
  });
});
