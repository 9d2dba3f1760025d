import { deleteMessage, editMessage } from '@teambrain/contract/chat.ts';
import * as knowledge from '@teambrain/contract/knowledge.ts';
import { addressOf, linkText } from '@teambrain/contract/links.ts';
import * as spaces from '@teambrain/contract/spaces.ts';
import { listMyThreads } from '@teambrain/contract/threads.ts';
import { listReadMarks, listUnread, putReadMark } from '@teambrain/contract/unread.ts';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kept } from '../../kept.ts';
import { createLog } from '../../platform/core/log.ts';
import { relink } from '../../platform/links/relink.store.ts';
import { codeOf, register, type Person } from '../../testing/people.ts';
import { createSpace, post, reply, SPACE_KEY } from '../../testing/space.ts';
import { createTestApp, type TestApp } from '../../testing/test-app.ts';

let app: TestApp;
let ada: Person;
let ben: Person;
let eve: Person;

beforeAll(async () => {
  app = await createTestApp();
  ada = await register(app.url, 'Ada');
  ben = await register(app.url, 'Ben');
  eve = await register(app.url, 'Eve');
});
afterAll(() => app.close());

const to = ({ id, name }: Person) => linkText(`@${name}`, addressOf('person', id));
const toAll = (spaceId: string) => linkText('@space', addressOf('everyone', spaceId));
const mentionsOf = async (person: Person, spaceId: string) =>
  (await person.call(listReadMarks, { params: { spaceId } })).items[0]?.mentions;
const edit = (person: Person, spaceId: string, messageId: string, text: string) =>
  person.call(editMessage, { params: { spaceId, messageId }, body: { text } });

async function linksFrom(spaceId: string, fromId: string) {
  const { rows } = await app.database.db.execute<Record<string, string | number>>(sql`
    select rel, to_type, to_id, from_version from links
    where space_id = ${spaceId} and from_id = ${fromId} order by start`);
  return rows.map(({ rel, to_type, to_id, from_version }) => [rel, to_type, to_id, from_version]);
}

describe('unread mentions', () => {
  it('are messages of others after the mark that name the reader, or all members', async () => {
    const space = await createSpace(ada, [ben]);
    const first = await post(ada, space, `${to(ben)} look, ${to(ben)} and ${to(eve)}`);
    await post(ada, space, `@Ben, \`${to(ben)}\` is no mention`);
    await post(ada, space, `> ${to(ben)} asked\n\nYes`);
    await post(ada, space, `${toAll(space)} hello, ${to(ben)}`);
    await post(ada, space, `${toAll(await createSpace(ada))} are others`);
    await post(ben, space, `${to(ben)} and ${toAll(space)}`);
    expect(await mentionsOf(ben, space)).toBe(2);
    expect(await mentionsOf(ada, space)).toBe(1);
    const all = await ben.call(listUnread, {});
    expect(all.items.find(({ spaceId }) => spaceId === space)?.mentions).toBe(2);

    const read = { params: { spaceId: space }, body: { seq: first.seq } };
    expect(await ben.call(putReadMark, read)).toMatchObject({ mentions: 1, unread: 4 });
    const back = { ...read, body: { seq: first.seq - 1, isUnread: true } };
    expect(await ben.call(putReadMark, back)).toMatchObject({ mentions: 2 });
    const rest = { ...read, body: { seq: 99_999, version: 2 } };
    expect(await ben.call(putReadMark, rest)).toMatchObject({ mentions: 0, unread: 0 });
  });

  it('follow edits and deletions of the text', async () => {
    const space = await createSpace(ada, [ben]);
    const { id } = await post(ada, space, 'Somebody should look');
    expect(await mentionsOf(ben, space)).toBe(0);
    await edit(ada, space, id, `${to(ben)} should look`);
    expect(await mentionsOf(ben, space)).toBe(1);
    expect(await linksFrom(space, id)).toEqual([['mention', 'person', ben.id, 2]]);
    await edit(ada, space, id, `${to(eve)} should look`);
    expect(await mentionsOf(ben, space)).toBe(0);
    await edit(ada, space, id, `${to(ben)} should look`);
    await ada.call(deleteMessage, { params: { spaceId: space, messageId: id } });
    expect(await mentionsOf(ben, space)).toBe(0);
    expect(await linksFrom(space, id)).toEqual([]);
  });

  it('are counted once where a post is repeated, and among many at once', async () => {
    const space = await createSpace(ada, [ben]);
    const { id, text } = await post(ada, space, `${to(ben)} once`);
    await post(ada, space, text, id);
    await Promise.all(
      Array.from({ length: 12 }, (_, n) => post(ada, space, `${n % 2 ? to(ben) : 'Ben'} ${n}`)),
    );
    expect(await mentionsOf(ben, space)).toBe(7);
  });

  it('of a reply that the space does not show are the thread’s: who is named follows it', async () => {
    const space = await createSpace(ada, [ben]);
    const root = await post(ada, space, 'Where to?');
    const followed = async (person: Person) =>
      (await person.call(listMyThreads, {})).items.map(({ id }) => id);
    await reply(ada, space, root.id, `${to(ben)} and ${to(eve)} know`);
    expect(await mentionsOf(ben, space)).toBe(0);
    expect(await followed(ben)).toEqual([root.id]);
    expect(await followed(eve)).toEqual([]);
    await reply(ada, space, root.id, `${to(ben)}, here`, { inSpace: true });
    expect(await mentionsOf(ben, space)).toBe(1);
  });

  it('tell nothing to who is outside, was removed, or came later', async () => {
    const space = await createSpace(ada, [ben]);
    await post(ada, space, `${to(eve)} and ${to(ben)} and ${toAll(space)}`);
    const told = async (person: Person) => (await person.call(listUnread, {})).items;
    expect((await told(eve)).filter(({ spaceId }) => spaceId === space)).toEqual([]);
    expect(await codeOf(mentionsOf(eve, space))).toBe('locked');

    await ada.call(spaces.removeMember, { params: { spaceId: space, userId: ben.id } });
    await post(ada, space, `${to(ben)}, are you there?`);
    expect((await told(ben)).filter(({ spaceId }) => spaceId === space)).toEqual([]);
    for (const one of [ben, eve]) {
      const password = { password: SPACE_KEY };
      await one.call(spaces.joinSpace, { params: { spaceId: space }, body: password });
      expect(await mentionsOf(one, space)).toBe(0);
    }
  });
});

it('links of texts from before there were any are made again, and those of deleted ones not', async () => {
  const space = await createSpace(ada, [ben]);
  const { db } = app.database;
  const { id } = await post(ada, space, `${to(ben)} of before`);
  const gone = await post(ada, space, `${to(ben)} is gone`);
  await ada.call(deleteMessage, { params: { spaceId: space, messageId: gone.id } });
  await db.execute(sql`delete from links where space_id = ${space}`);
  expect(await mentionsOf(ben, space)).toBe(0);
  const log = createLog('silent');
  expect(await relink(db, Object.values(kept), log)).toBe(0);
  await db.execute(sql`update instance set links_format = null`);
  expect(await relink(db, Object.values(kept), log)).toBeGreaterThan(0);
  expect(await mentionsOf(ben, space)).toBe(1);
  expect(await linksFrom(space, id)).toEqual([['mention', 'person', ben.id, 1]]);
  expect(await linksFrom(space, gone.id)).toEqual([]);
});

it('links of an entry follow its text, into the trash and back', async () => {
  const space = await createSpace(ada);
  const params = { spaceId: space };
  const about = linkText('#there', addressOf('space', space));
  const { id } = await ada.call(knowledge.createEntry, {
    params,
    body: { kind: 'document', title: 'Plan', markdown: `See ${about}` },
  });
  const of = { params: { spaceId: space, entryId: id } };
  expect(await linksFrom(space, id)).toEqual([['link', 'space', space, 1]]);
  await ada.call(knowledge.updateEntry, {
    ...of,
    body: { markdown: `${to(ben)} writes ${about}` },
    version: 1,
  });
  const both = [
    ['mention', 'person', ben.id, 2],
    ['link', 'space', space, 2],
  ];
  expect(await linksFrom(space, id)).toEqual(both);
  await ada.call(knowledge.deleteEntry, of);
  expect(await linksFrom(space, id)).toEqual([]);
  await ada.call(knowledge.restoreEntry, of);
  expect(await linksFrom(space, id)).toEqual(both);
});
