import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGroup, deleteGroup, getGroup, listGroups } from '@teambrain/contract/groups.ts';
import { GROUPS_EACH, putGroupMember, removeGroupMember } from '@teambrain/contract/groups.ts';
import { updateGroup, type GroupRole } from '@teambrain/contract/groups.ts';
import { addressOf, linkText } from '@teambrain/contract/links.ts';
import { removeMember } from '@teambrain/contract/spaces.ts';
import { listMyThreads } from '@teambrain/contract/threads.ts';
import { listReadMarks } from '@teambrain/contract/unread.ts';
import { newId } from '../../platform/core/id.ts';
import { codeOf, register, type Person } from '../../testing/people.ts';
import { createSpace, post, reply } from '../../testing/space.ts';
import { createTestApp, type TestApp } from '../../testing/test-app.ts';

let app: TestApp;
let admin: Person;
let ada: Person;
let ben: Person;
let cleo: Person;
/** Ada, Ben and Cleo share it. */
let shared: string;

beforeAll(async () => {
  app = await createTestApp();
  // The first account of an instance administrates it.
  admin = await register(app.url, 'Admin');
  [ada, ben] = [await register(app.url, 'Ada'), await register(app.url, 'Ben')];
  cleo = await register(app.url, 'Cleo');
  shared = await createSpace(ada, [ben, cleo]);
});
afterAll(() => app.close());

const make = (person: Person, name: string, id?: string) =>
  person.call(createGroup, { body: { name, ...(id && { id }) } });
const put = (person: Person, groupId: string, who: Person, role: GroupRole = 'member') =>
  person.call(putGroupMember, { params: { groupId, userId: who.id }, body: { role } });
const drop = (person: Person, groupId: string, who: Person) =>
  person.call(removeGroupMember, { params: { groupId, userId: who.id } });
const view = (person: Person, groupId: string) => person.call(getGroup, { params: { groupId } });
const namesIn = async (person: Person, groupId: string) =>
  (await view(person, groupId)).members.map(({ user }) => user.name);
const mentionsOf = async (person: Person, spaceId: string) =>
  (await person.call(listReadMarks, { params: { spaceId } })).items[0]?.mentions;
const to = (groupId: string, name: string) => linkText(`@${name}`, addressOf('group', groupId));

describe('a group', () => {
  it('is kept by its owners, and by administrators', async () => {
    const { id } = await make(ada, ' Design ');
    expect(await view(ben, id)).toMatchObject({ name: 'Design', memberCount: 1, role: null });
    await put(ada, id, ben);
    expect(await codeOf(put(ben, id, cleo))).toBe('forbidden');
    const rename = (person: Person, name: string) =>
      person.call(updateGroup, { params: { groupId: id }, body: { name } });
    expect(await codeOf(rename(ben, 'Ours'))).toBe('forbidden');
    expect(await codeOf(ben.call(deleteGroup, { params: { groupId: id } }))).toBe('forbidden');
    expect(await codeOf(drop(ben, id, ada))).toBe('forbidden');
    await put(ada, id, ben, 'owner');
    expect(await rename(ben, 'Designers')).toMatchObject({ name: 'Designers', role: 'owner' });
    await put(ben, id, cleo);
    await drop(cleo, id, cleo);
    await drop(ben, id, ada);
    expect(await namesIn(ben, id)).toEqual(['Ben']);
    expect(await codeOf(drop(ben, id, ben))).toBe('last-owner');
    expect(await codeOf(put(ben, id, ben, 'member'))).toBe('last-owner');
    expect(await rename(admin, 'Design')).toMatchObject({ name: 'Design', role: null });
    await admin.call(deleteGroup, { params: { groupId: id } });
    expect(await codeOf(view(ben, id))).toBe('not-found');
  });

  it('has a name that no other group has, and is made once where that is asked twice', async () => {
    const id = newId();
    await make(ada, 'Night shift', id);
    expect(await make(ada, 'Night shift', id)).toMatchObject({ id, memberCount: 1 });
    expect(await codeOf(make(ben, 'Other', id))).toBe('id-taken');
    expect(await codeOf(make(ben, 'NIGHT shift'))).toBe('conflict');
    const one = newId();
    const people = [ada, ben, cleo];
    const made = people.map((person, n) => codeOf(make(person, `At once ${n}`, one)));
    expect((await Promise.all(made)).toSorted()).toEqual(['id-taken', 'id-taken', null]);
    const other = await make(ben, 'Day shift');
    const body = { name: 'night shift' };
    expect(await codeOf(ben.call(updateGroup, { params: { groupId: other.id }, body }))).toBe(
      'conflict',
    );
    const both = await Promise.all(['Twins', 'twins'].map((name) => codeOf(make(cleo, name))));
    expect(both.sort()).toEqual(['conflict', null].sort());
  });

  it('is found by the beginning of a word of its name, in pages', async () => {
    for (const name of ['Zeta one', 'Zeta two', 'Alpha zeta']) await make(ada, name);
    const query = { query: 'zeta', limit: 2 };
    const first = await ben.call(listGroups, { query });
    expect(first.items.map(({ name }) => name)).toEqual(['Alpha zeta', 'Zeta one']);
    const rest = await ben.call(listGroups, { query: { ...query, after: first.next ?? '' } });
    expect(rest.items.map(({ name }) => name)).toEqual(['Zeta two']);
    expect(rest.next).toBe(null);
  });

  it('is one of so many that a person makes', async () => {
    const eva = await register(app.url, 'Eva');
    await app.database.db.execute(sql`
      insert into groups (id, name, created_by, created_at)
      select gen_random_uuid(), 'eva ' || n, ${eva.id}, now() from generate_series(1, ${GROUPS_EACH}) n`);
    expect(await codeOf(make(eva, 'One more'))).toBe('invalid-request');
    await app.database.db.execute(sql`delete from groups where created_by = ${eva.id}`);
  });

  it('tells nobody of people whom they may not know, and takes none in by one who may not', async () => {
    const dora = await register(app.url, 'Dora');
    await createSpace(dora, [cleo]);
    const { id } = await make(cleo, 'Mixed');
    await put(cleo, id, dora);
    await put(cleo, id, ada);
    expect(await namesIn(cleo, id)).toEqual(['Cleo', 'Ada', 'Dora']);
    expect(await namesIn(dora, id)).toEqual(['Cleo', 'Dora']);
    expect(await view(ada, id)).toMatchObject({ memberCount: 3 });
    expect(await namesIn(ada, id)).toEqual(['Cleo', 'Ada']);
    const own = await make(ada, 'Ada’s');
    expect(await codeOf(put(ada, own.id, dora))).toBe('not-found');
  });
});

describe('a mention of a group', () => {
  it('is one for those of its members who are members of the space, and for nobody else', async () => {
    const space = await createSpace(ada, [ben]);
    const { id } = await make(ada, 'Crew');
    for (const who of [ben, cleo]) await put(ada, id, who);
    await post(ada, space, `${to(id, 'Crew')} please look`);
    await post(ada, space, `> ${to(id, 'Crew')} said another`);
    expect(await mentionsOf(ben, space)).toBe(1);
    // Who wrote it is not called; who is outside learns nothing.
    expect(await mentionsOf(ada, space)).toBe(0);
    expect(await codeOf(cleo.call(listReadMarks, { params: { spaceId: space } }))).toBe('locked');
    // Named twice in one message, as a person too, it is one.
    await post(ada, space, `${to(id, 'Crew')} and [@Ben](/people/${ben.id})`);
    expect(await mentionsOf(ben, space)).toBe(2);
    await drop(ben, id, ben);
    expect(await mentionsOf(ben, space)).toBe(1);
    await put(ada, id, ben);
    await ada.call(removeMember, { params: { spaceId: space, userId: ben.id } });
    expect(await codeOf(ben.call(listReadMarks, { params: { spaceId: space } }))).toBe('locked');
  });

  it('in a reply has them follow the thread', async () => {
    const { id } = await make(ada, 'Readers');
    await put(ada, id, ben);
    const root = await post(ada, shared, 'a question');
    await reply(ada, shared, root.id, `${to(id, 'Readers')} any idea?`);
    const threads = async (person: Person) =>
      (await person.call(listMyThreads, {})).items.map((thread) => thread.id);
    expect(await threads(ben)).toContain(root.id);
    expect(await threads(cleo)).not.toContain(root.id);
  });

  it('calls nobody once the group is gone, and never a person or a space with its id', async () => {
    const { id } = await make(ada, 'Passing');
    await put(ada, id, ben);
    const space = await createSpace(ada, [ben]);
    await post(ada, space, `${to(id, 'Passing')} and [@x](/groups/${ben.id}) [@y](/people/${id})`);
    expect(await mentionsOf(ben, space)).toBe(1);
    await ada.call(deleteGroup, { params: { groupId: id } });
    expect(await mentionsOf(ben, space)).toBe(0);
  });
});
