import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listEvents } from '@teambrain/contract/log.ts';
import type { Problem } from '@teambrain/contract/problem.ts';
import * as contract from '@teambrain/contract/spaces.ts';
import { newId } from '../../platform/core/id.ts';
import { codeOf, register, type Person } from '../../testing/people.ts';
import { createSpace, SPACE_KEY, upTo } from '../../testing/space.ts';
import { send } from '../../testing/http.ts';
import { createTestApp, type TestApp } from '../../testing/test-app.ts';

let app: TestApp;
let owner: Person;
let ana: Person;
let outsider: Person;

beforeAll(async () => {
  app = await createTestApp();
  await register(app.url, 'Administrator');
  owner = await register(app.url, 'Owner');
  ana = await register(app.url, 'Ana');
  outsider = await register(app.url, 'Outsider');
});
afterAll(() => app.close());

type NewSpace = Parameters<typeof create>[1];
const create = (person: Person, body: Partial<contract.Space> & { password?: string }) =>
  person.call(contract.createSpace, { body: body as never });
const get = (person: Person, spaceId: string) =>
  person.call(contract.getSpace, { params: { spaceId } });
const join = (person: Person, spaceId: string, password?: string) =>
  person.call(contract.joinSpace, {
    params: { spaceId },
    body: password === undefined ? {} : { password },
  });
const update = (person: Person, spaceId: string, body: object) =>
  person.call(contract.updateSpace, { params: { spaceId }, body: body });
const logOf = async (spaceId: string) =>
  (await owner.call(listEvents, { params: { spaceId }, query: { limit: 200 } })).items;

describe('creating a space', () => {
  it('makes its creator the owner, and is in the log', async () => {
    const body = { name: ' Lab ', visibility: 'public', description: 'Tests' } as const;
    const space = await create(owner, body);
    expect(space).toMatchObject({ name: 'Lab', role: 'owner', memberCount: 1, lastSeq: 2 });
    expect((await logOf(space.id)).map(({ type, seq }) => [seq, type])).toEqual([
      [1, 'space.created'],
      [2, 'member.joined'],
    ]);
  });

  it('again with the same id and content, also at the same moment, is the same space', async () => {
    const body = {
      id: newId(),
      name: 'Once',
      visibility: 'protected',
      password: SPACE_KEY,
    } as const;
    const all = await Promise.all(upTo(10).map(() => create(owner, body)));
    const again = await create(owner, body);
    for (const space of all) expect(space).toEqual(again);
    expect((await logOf(body.id)).map(({ type }) => type)).toEqual([
      'space.created',
      'member.joined',
    ]);
    expect(await codeOf(create(owner, { ...body, name: 'Other' }))).toBe('id-taken');
    expect(await codeOf(create(ana, body))).toBe('id-taken');
  });

  it('again tells nothing of the password, whatever it is by now', async () => {
    const body = {
      id: newId(),
      name: 'Quiet',
      visibility: 'protected',
      password: SPACE_KEY,
    } as const;
    const first = await create(owner, body);
    await join(ana, body.id, SPACE_KEY);
    const member = { spaceId: body.id, userId: ana.id };
    await owner.call(contract.updateMember, { params: member, body: { role: 'owner' } });
    const creator = { params: { spaceId: body.id, userId: owner.id } };
    await ana.call(contract.updateMember, { ...creator, body: { role: 'member' } });
    await update(ana, body.id, { password: 'the new word' });
    const passwords = [SPACE_KEY, 'the new word', 'a wrong guess'];
    const repeat = () =>
      Promise.all(passwords.map((password) => create(owner, { ...body, password })));
    for (const space of await repeat()) {
      expect(space).toEqual({ ...first, role: 'member', memberCount: 2, lastSeq: space.lastSeq });
    }

    await ana.call(contract.removeMember, creator);
    for (const password of passwords) {
      expect(await codeOf(create(owner, { ...body, password }))).toBe('id-taken');
    }
    expect(await get(owner, body.id)).toMatchObject({ role: null, memberCount: null });
    const read = owner.call(listEvents, { params: { spaceId: body.id } });
    expect(await codeOf(read)).toBe('locked');
  });

  it.each<[string, NewSpace, string]>([
    ['protected without a password', { name: 'A', visibility: 'protected' }, '/password'],
    ['public with one', { name: 'A', visibility: 'public', password: SPACE_KEY }, '/password'],
    ['without a name', { name: '  ', visibility: 'public' }, '/name'],
    ['of another kind', { name: 'A', visibility: 'secret' as never }, '/visibility'],
  ])('refuses one %s, beside the field', async (_what, body, pointer) => {
    const reply = await send(app.url, 'POST /spaces', { token: owner.token, body });
    expect(reply.json<Problem>()).toMatchObject({ status: 400, errors: [{ pointer }] });
  });
});

describe('a protected space', () => {
  it('shows name and lock to who has not joined, administrators too, and nothing else', async () => {
    const { id } = await create(owner, {
      name: 'Vault',
      visibility: 'protected',
      description: 'CNRY-description',
      password: SPACE_KEY,
    });
    const seen = await get(outsider, id);
    expect(seen).toEqual({
      id,
      name: 'Vault',
      visibility: 'protected',
      role: null,
      description: null,
      memberCount: null,
      lastSeq: null,
      createdAt: null,
      emoji: null,
      colour: null,
      guessedAt: null,
    });
    expect((await get(owner, id)).description).toBe('CNRY-description');
    const members = outsider.call(contract.listMembers, { params: { spaceId: id } });
    expect(await codeOf(members)).toBe('locked');
  });

  it('lets in with its password alone, once is enough', async () => {
    const id = await createSpace(owner);
    for (const wrong of [undefined, '', 'wrong', ` ${SPACE_KEY}`, SPACE_KEY.toUpperCase()]) {
      expect(await codeOf(join(ana, id, wrong))).toBe('wrong-password');
    }
    const joined = await join(ana, id, SPACE_KEY);
    expect(joined).toMatchObject({ user: { id: ana.id, name: 'Ana' }, role: 'member' });
    expect(await join(ana, id, 'no matter')).toEqual(joined);
    expect((await get(ana, id)).role).toBe('member');
    expect(await codeOf(join(ana, newId()))).toBe('not-found');
  });

  it('counts who joins ten times at the same moment once, and the log has no gap', async () => {
    const id = await createSpace(owner);
    await Promise.all(upTo(10).map(() => join(ana, id, SPACE_KEY)));
    expect((await get(owner, id)).memberCount).toBe(2);
    expect((await get(owner, id)).lastSeq).toBe(3);
    expect((await logOf(id)).map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });
});

describe('leaving', () => {
  it('ends the membership; back in goes by the password', async () => {
    const id = await createSpace(owner, [ana]);
    await ana.call(contract.leaveSpace, { params: { spaceId: id } });
    expect((await get(ana, id)).role).toBeNull();
    expect(await codeOf(join(ana, id))).toBe('wrong-password');
    await join(ana, id, SPACE_KEY);
    expect((await get(ana, id)).role).toBe('member');
  });

  it('is nothing for the last owner, and for who never joined', async () => {
    const id = await createSpace(owner, [ana], 'public');
    const leave = (person: Person) =>
      codeOf(person.call(contract.leaveSpace, { params: { spaceId: id } }));
    expect(await leave(owner)).toBe('last-owner');
    expect(await leave(outsider)).toBe('not-found');
    const params = { spaceId: id, userId: ana.id };
    await owner.call(contract.updateMember, { params, body: { role: 'owner' } });
    expect(await leave(owner)).toBeNull();
    expect(await leave(ana)).toBe('last-owner');
  });

  it('by two last owners at the same moment leaves one', async () => {
    const id = await createSpace(owner, [ana], 'public');
    const params = { spaceId: id, userId: ana.id };
    await owner.call(contract.updateMember, { params, body: { role: 'owner' } });
    const codes = await Promise.all(
      [owner, ana].map((p) => codeOf(p.call(contract.leaveSpace, { params: { spaceId: id } }))),
    );
    expect(codes.sort()).toEqual(['last-owner', null]);
  });
});

describe('changing a space', () => {
  it('is for who manages it, and in the log', async () => {
    const id = await createSpace(owner, [ana]);
    const changed = await update(owner, id, { name: ' New ', description: 'Words' });
    expect(changed).toMatchObject({ name: 'New', description: 'Words' });
    expect((await update(owner, id, { description: '' })).name).toBe('New');
    expect(await codeOf(update(ana, id, { name: 'Mine' }))).toBe('forbidden');
    expect(await codeOf(update(outsider, id, { name: 'Mine' }))).toBe('locked');
    const [last] = (await logOf(id)).slice(-1);
    expect(last).toMatchObject({ type: 'space.updated', data: { name: 'New', description: '' } });
  });

  it('to a new password lets nobody in with the old one, and members stay', async () => {
    const id = await createSpace(owner, [ana]);
    await update(owner, id, { password: 'the new word' });
    expect((await get(ana, id)).role).toBe('member');
    expect(await codeOf(join(outsider, id, SPACE_KEY))).toBe('wrong-password');
    expect(await codeOf(join(outsider, id, 'the new word'))).toBeNull();
  });

  it('so that everyone joins anew keeps owners alone, with or without a new password', async () => {
    const id = await createSpace(owner, [ana]);
    await update(owner, id, { everyoneJoinsAnew: true });
    expect((await get(ana, id)).role).toBeNull();
    expect(await codeOf(join(ana, id, SPACE_KEY))).toBeNull();
    await update(owner, id, { password: 'the new word', everyoneJoinsAnew: true });
    expect((await get(ana, id)).role).toBeNull();
    expect((await get(owner, id)).role).toBe('owner');
    expect(await codeOf(join(ana, id, SPACE_KEY))).toBe('wrong-password');
  });

  it('in nothing is neither an error nor a gap in the log', async () => {
    const id = await createSpace(owner);
    await update(owner, id, { everyoneJoinsAnew: false });
    await update(owner, id, { name: 'Named' });
    expect((await logOf(id)).map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect((await get(owner, id)).lastSeq).toBe(3);
  });

  it('marks it with one emoji and a colour, and takes the marks back', async () => {
    const id = await createSpace(owner, [ana]);
    const marked = await update(owner, id, { emoji: '👩🏽‍🚀', colour: 'amber' });
    expect(marked).toMatchObject({ emoji: '👩🏽‍🚀', colour: 'amber' });
    expect(await get(ana, id)).toMatchObject({ emoji: '👩🏽‍🚀', colour: 'amber' });
    // To who has not joined a protected space it is part of what is inside.
    expect(await get(outsider, id)).toMatchObject({ emoji: null, colour: null });
    for (const emoji of ['a', '1', '', '⚓⚓', '⚓ ', '\u200b', '#']) {
      expect(await codeOf(update(owner, id, { emoji })), emoji).toBe('invalid-request');
    }
    await update(owner, id, { emoji: null });
    expect(await get(ana, id)).toMatchObject({ emoji: null, colour: 'amber' });
    expect((await logOf(id)).at(-1)).toMatchObject({
      type: 'space.updated',
      data: { emoji: null, colour: 'amber' },
    });
  });

  it('gives a public space no password', async () => {
    const id = await createSpace(owner, [], 'public');
    for (const body of [{ password: 'a new word' }, { everyoneJoinsAnew: true }]) {
      expect(await codeOf(update(owner, id, body))).toBe('invalid-request');
    }
    expect(await codeOf(update(owner, id, {}))).toBe('invalid-request');
  });
});

describe('deleting a space', () => {
  it('is for owners, and for good: all it held is gone', async () => {
    const id = await createSpace(owner, [ana]);
    const params = { params: { spaceId: id } };
    const moderator = {
      params: { spaceId: id, userId: ana.id },
      body: { role: 'moderator' },
    } as const;
    await owner.call(contract.updateMember, moderator);
    expect(await codeOf(ana.call(contract.deleteSpace, params))).toBe('forbidden');
    expect(await codeOf(outsider.call(contract.deleteSpace, params))).toBe('locked');
    expect((await get(ana, id)).role).toBe('moderator');
    await owner.call(contract.deleteSpace, params);
    for (const person of [owner, ana, outsider]) {
      expect(await codeOf(get(person, id))).toBe('not-found');
    }
    const again = await create(owner, { id, name: 'Anew', visibility: 'public' });
    expect(again.lastSeq).toBe(2);
  });
});
