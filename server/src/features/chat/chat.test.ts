import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as chat from '@teambrain/contract/chat.ts';
import * as knowledge from '@teambrain/contract/knowledge.ts';
import { listEvents } from '@teambrain/contract/log.ts';
import type { Problem } from '@teambrain/contract/problem.ts';
import * as spaces from '@teambrain/contract/spaces.ts';
import { newId } from '../../platform/core/id.ts';
import { codeOf, register, type Person } from '../../testing/people.ts';
import { createSpace, post, upTo } from '../../testing/space.ts';
import { send } from '../../testing/http.ts';
import { createTestApp, type TestApp } from '../../testing/test-app.ts';

let app: TestApp;
let owner: Person;
let ana: Person;
let ben: Person;
let space: string;

beforeAll(async () => {
  app = await createTestApp();
  owner = await register(app.url, 'Owner');
  ana = await register(app.url, 'Ana');
  ben = await register(app.url, 'Ben');
  space = await createSpace(owner, [ana, ben]);
});
afterAll(() => app.close());

const at = (messageId: string, spaceId = space) => ({ params: { spaceId, messageId } });
const edit = (person: Person, id: string, text: string, version?: number) =>
  person.call(chat.editMessage, {
    ...at(id),
    body: { text },
    ...(version === undefined ? {} : { version }),
  });
const remove = (person: Person, id: string, spaceId = space) =>
  person.call(chat.deleteMessage, at(id, spaceId));
const logOf = async (spaceId: string, after = 0) =>
  (
    await owner.call(listEvents, {
      params: { spaceId },
      query: { after: String(after), limit: 200 },
    })
  ).items;
const headOf = async (spaceId: string) =>
  (await owner.call(chat.listMessages, { params: { spaceId } })).head;

describe('posting', () => {
  it('answers with the message as everybody reads it', async () => {
    const id = newId();
    const text = '  Hello **all** 👩‍🚀\n\nsecond line ';
    const sent = await post(ana, space, text, id);
    expect(sent).toMatchObject({ id, spaceId: space, text, version: 1, deletedAt: null });
    expect(sent.author).toEqual({ id: ana.id, name: 'Ana' });
    const { items, head } = await ben.call(chat.listMessages, { params: { spaceId: space } });
    expect(items.at(-1)).toEqual(sent);
    expect(head).toBe(sent.seq);
  });

  it.each([
    ['nothing', ''],
    ['white space', ' \n\t '],
    ['a NUL', 'a\u0000b'],
    ['half a character', 'a\ud800b'],
    ['too much', 'x'.repeat(10_001)],
  ])('refuses %s', async (_what, text) => {
    const before = await headOf(space);
    expect(await codeOf(post(ana, space, text))).toBe('invalid-request');
    expect(await headOf(space)).toBe(before);
  });

  it('takes 10,000 characters beyond the basic plane', async () => {
    const text = '🧠'.repeat(10_000);
    expect((await post(ana, space, text)).text).toBe(text);
  });

  it('gives a retry the first result, however often and however parallel', async () => {
    const id = newId();
    const replies = await Promise.all(upTo(20).map(() => post(ana, space, 'once', id)));
    const again = await post(ana, space, 'once', id);
    for (const reply of replies) expect(reply).toEqual(again);
    const log = await logOf(space);
    expect(log.map(({ seq }) => seq)).toEqual(upTo(log.length));
    expect(
      log.filter((event) => event.type === 'message.posted' && event.data.message.id === id),
    ).toHaveLength(1);
  });

  it('gives a retry after an edit the message as it stands now', async () => {
    const id = newId();
    await post(ana, space, 'first words', id);
    const edited = await edit(ana, id, 'other words');
    expect(await post(ana, space, 'first words', id)).toEqual(edited);
  });

  it('refuses an id with other content, of someone else, or of something else', async () => {
    const id = newId();
    await post(ana, space, 'mine', id);
    expect(await codeOf(post(ana, space, 'other', id))).toBe('id-taken');
    expect(await codeOf(post(ben, space, 'mine', id))).toBe('id-taken');
    const entry = ana.call(knowledge.createEntry, {
      params: { spaceId: space },
      body: { id, kind: 'document', title: 'Mine' },
    });
    expect(await codeOf(entry)).toBe('id-taken');
    const other = await createSpace(owner, [ana]);
    expect((await post(ana, other, 'mine', id)).spaceId).toBe(other);
  });

  it('numbers 20 parallel writers 1 to n without gaps', async () => {
    const fresh = await createSpace(owner, [ana, ben]);
    const sent = await Promise.all(
      upTo(60).map((n) => post([owner, ana, ben][n % 3] ?? owner, fresh, `message ${n}`)),
    );
    const seqs = sent.map(({ seq }) => seq).sort((a, b) => a - b);
    expect(seqs).toEqual(upTo(64).slice(4));
    const log = await logOf(fresh);
    expect(log.map(({ seq }) => seq)).toEqual(upTo(64));
  });
});

describe('editing', () => {
  it('is for the author, makes a version and leaves the place', async () => {
    const sent = await post(ana, space, 'before');
    const edited = await edit(ana, sent.id, 'after');
    expect(edited).toMatchObject({ ...sent, text: 'after', version: 2, editedAt: edited.editedAt });
    expect(edited.editedAt).not.toBeNull();
    for (const person of [ben, owner]) {
      expect(await codeOf(edit(person, sent.id, 'not mine'))).toBe('forbidden');
    }
    expect(await codeOf(edit(ana, newId(), 'nowhere'))).toBe('not-found');
  });

  it('on an older version is refused with the message as it stands', async () => {
    const sent = await post(ana, space, 'one');
    const second = await edit(ana, sent.id, 'two', 1);
    const reply = await send(app.url, `PATCH /spaces/${space}/messages/${sent.id}`, {
      token: ana.token,
      headers: { 'if-match': '"1"' },
      body: { text: 'three' },
    });
    expect(reply.status).toBe(412);
    expect(reply.json<Problem>()).toMatchObject({ code: 'stale-version', current: second });
    expect((await edit(ana, sent.id, 'three', 2)).version).toBe(3);
  });

  it('by two at the same moment on one version lets one through', async () => {
    const sent = await post(ana, space, 'one');
    const codes = await Promise.all(upTo(8).map((n) => codeOf(edit(ana, sent.id, `${n}`, 1))));
    expect(codes.filter((code) => code === null)).toHaveLength(1);
    expect(codes.filter((code) => code === 'stale-version')).toHaveLength(7);
  });
});

describe('deleting', () => {
  it('is final and takes the words out of the message and of every older event', async () => {
    const words = 'CNRY-unspeakable';
    const id = newId();
    const sent = await post(ana, space, words, id);
    await edit(ana, id, `${words} edited`);
    await remove(ana, id);
    const { items } = await ben.call(chat.listMessages, { ...{ params: { spaceId: space } } });
    expect(items.at(-1)).toMatchObject({ id, text: '', version: 3 });
    expect(items.at(-1)?.deletedAt).not.toBeNull();
    const log = await logOf(space, sent.seq - 1);
    expect(log.map(({ type }) => type)).toEqual([
      'message.posted',
      'message.edited',
      'message.deleted',
    ]);
    expect(JSON.stringify(log)).not.toContain(words);
    await app.followers.idle();
    const left = await app.database.db.execute(sql`
      select 1 from events where payload::text like ${`%${words}%`}
      union all select 1 from messages where text like ${`%${words}%`}
      union all select 1 from sentences where quote like ${`%${words}%`}
      union all select 1 from postings where term like 'cnry-unspeak%'`);
    expect(left.rows).toEqual([]);
    expect(app.logged()).not.toContain(words);

    expect(await codeOf(post(ana, space, words, id))).toBe('gone');
    // Nothing is left of the words by which they could be told from others.
    expect(await codeOf(post(ana, space, 'other words', id))).toBe('gone');
    expect(await codeOf(post(ben, space, words, id))).toBe('id-taken');
    const hashes = await app.database.db.execute(
      sql`select 1 from events where subject_id = ${id} and request_hash is not null`,
    );
    expect(hashes.rows).toEqual([]);
    expect(await codeOf(edit(ana, id, 'back'))).toBe('gone');
    expect(await codeOf(remove(ana, id))).toBe(null);
    expect((await logOf(space, sent.seq - 1)).length).toBe(3);
  });

  it('is for the author and for who manages the space', async () => {
    const [mine, yours] = [await post(ana, space, 'mine'), await post(ana, space, 'yours')];
    expect(await codeOf(remove(ben, mine.id))).toBe('forbidden');
    expect(await codeOf(remove(ana, mine.id))).toBe(null);
    expect(await codeOf(remove(owner, yours.id))).toBe(null);
    expect(await codeOf(remove(owner, newId()))).toBe('not-found');
  });

  it('by many at the same moment is one event, and the log has no gap', async () => {
    const sent = await post(ana, space, 'soon gone');
    await Promise.all(upTo(10).map((n) => remove(n % 2 ? ana : owner, sent.id)));
    const log = await logOf(space, sent.seq);
    expect(log.map(({ type, seq }) => [type, seq])).toEqual([['message.deleted', sent.seq + 1]]);
    expect(await headOf(space)).toBe(sent.seq + 1);
  });

  it('of others’ messages ends with the role, whatever was under way', async () => {
    const moderated = await createSpace(owner, [ana, ben]);
    const role = (next: 'moderator' | 'member') =>
      owner.call(spaces.updateMember, {
        params: { spaceId: moderated, userId: ben.id },
        body: { role: next },
      });
    const sent = await Promise.all(upTo(40).map((n) => post(ana, moderated, `${n}`)));
    const codes: (string | null)[] = [];
    for (let n = 0; n < 40; n += 4) {
      await role('moderator');
      // The role goes first, so that deletions wait for it which were let in before.
      const race = [
        role('member'),
        ...sent.slice(n, n + 4).map(({ id }) => remove(ben, id, moderated)),
      ];
      codes.push(...(await Promise.all(race.map(codeOf))));
    }
    expect(codes.filter((code) => code !== null && code !== 'forbidden')).toEqual([]);
    const log = await logOf(moderated);
    let isModerator = false;
    const trespasses = log.filter((event) => {
      if (event.type === 'member.role-changed') isModerator = event.data.role === 'moderator';
      return event.type === 'message.deleted' && !isModerator;
    });
    expect(trespasses).toEqual([]);
    expect(log.map(({ seq }) => seq)).toEqual(upTo(log.length));
  });
});
