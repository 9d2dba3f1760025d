import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as chat from '@teambrain/contract/chat.ts';
import { listEvents } from '@teambrain/contract/log.ts';
import { leaveSpace } from '@teambrain/contract/spaces.ts';
import { followThread, getThread, listMyThreads } from '@teambrain/contract/threads.ts';
import { newId } from '../../platform/core/id.ts';
import { codeOf, register, type Person } from '../../testing/people.ts';
import { createSpace, post, reply, upTo } from '../../testing/space.ts';
import { createTestApp, type TestApp } from '../../testing/test-app.ts';

let app: TestApp;
let ana: Person;
let ben: Person;
let cleo: Person;
let space: string;

beforeAll(async () => {
  app = await createTestApp();
  ana = await register(app.url, 'Ana');
  ben = await register(app.url, 'Ben');
  cleo = await register(app.url, 'Cleo');
  space = await createSpace(ana, [ben, cleo]);
});
afterAll(() => app.close());

const list = (query: Record<string, string | number> = {}, spaceId = space) =>
  ana.call(chat.listMessages, { params: { spaceId }, query });
const threadOf = (threadId: string, person = ana) =>
  person.call(getThread, { params: { spaceId: space, threadId } });
const remove = (person: Person, messageId: string) =>
  person.call(chat.deleteMessage, { params: { spaceId: space, messageId } });
const stateIn = (page: chat.MessagePage, id: string) =>
  page.states.find((state) => state.id === id)?.thread;
const eventsAfter = async (seq: number) =>
  (await ana.call(listEvents, { params: { spaceId: space }, query: { after: String(seq) } })).items;

describe('a reply', () => {
  it('is an ordinary message of its thread, and not in the stream of the space', async () => {
    const root = await post(ana, space, 'Which port is free?');
    const sent = await reply(ben, space, root.id, '8080 is');
    expect(sent).toMatchObject({ threadId: root.id, inSpace: false, version: 1 });
    expect(sent.seq).toBe(root.seq + 1);
    const stream = await list();
    expect(stream.items.map(({ id }) => id)).toContain(root.id);
    expect(stream.items.map(({ id }) => id)).not.toContain(sent.id);
    expect((await list({ thread: root.id })).items).toEqual([sent]);
    const [event] = await eventsAfter(root.seq);
    expect(event).toMatchObject({ type: 'message.posted', data: { message: sent } });
  });

  it('can be shown in the space as well, as the one message it is', async () => {
    const root = await post(ana, space, 'Is it out?');
    const sent = await reply(ben, space, root.id, 'It is out', { inSpace: true });
    expect((await list()).items.at(-1)).toEqual(sent);
    expect((await list({ thread: root.id })).items).toEqual([sent]);
    expect(stateIn(await list(), root.id)?.replies).toBe(1);
  });

  it('is counted under its root, with who replied last and when, for every reader alike', async () => {
    const root = await post(ana, space, 'Who is in?');
    for (const person of [ana, ben, cleo, ben]) await reply(person, space, root.id, 'Me');
    const last = (await list({ thread: root.id })).items.at(-1);
    const state = stateIn(await list(), root.id);
    expect(state).toMatchObject({ replies: 4, lastReplyAt: last?.createdAt });
    expect(state?.faces.map(({ name }) => name)).toEqual(['Ben', 'Cleo', 'Ana']);
    const { state: own } = await threadOf(root.id, cleo);
    expect(own).toEqual(state);
  });

  it('leaves the version of its root as it is', async () => {
    const root = await post(ana, space, 'Version one');
    await reply(ben, space, root.id, 'Still');
    expect((await threadOf(root.id)).root).toEqual(root);
    const about = { params: { spaceId: space, messageId: root.id } };
    await ana.call(chat.editMessage, { ...about, body: { text: 'Version two' }, version: 1 });
  });

  it('gives the first result when it is sent again, and is refused in another thread', async () => {
    const [root, other] = [await post(ana, space, 'One'), await post(ana, space, 'Two')];
    const id = newId();
    const sent = await reply(ben, space, root.id, 'Again', { id });
    expect(await reply(ben, space, root.id, 'Again', { id })).toEqual(sent);
    expect((await list({ thread: root.id })).items).toHaveLength(1);
    expect(await codeOf(reply(ben, space, other.id, 'Again', { id }))).toBe('id-taken');
    expect(await codeOf(post(ben, space, 'Again', id))).toBe('id-taken');
  });

  it('has its place in the log among messages that are posted at the same moment', async () => {
    const root = await post(ana, space, 'All at once');
    const sent = await Promise.all(
      upTo(24).map((n) =>
        n % 2
          ? reply([ana, ben, cleo][n % 3] ?? ana, space, root.id, `${n}`)
          : post(ben, space, `${n}`),
      ),
    );
    const seqs = sent.map(({ seq }) => seq).sort((a, b) => a - b);
    expect(seqs).toEqual(upTo(24).map((n) => root.seq + n));
    expect((await threadOf(root.id)).state.replies).toBe(12);
    expect((await list({ thread: root.id })).items).toHaveLength(12);
  });

  it('needs a message of this very space that can be replied to', async () => {
    const root = await post(ana, space, 'Root');
    const sent = await reply(ben, space, root.id, 'Reply');
    const elsewhere = await post(ana, await createSpace(ana), 'Elsewhere');
    const head = (await list()).head;
    for (const threadId of [sent.id, elsewhere.id, newId()]) {
      expect(await codeOf(reply(ben, space, threadId, 'No'))).toBe('invalid-request');
    }
    await remove(ana, root.id);
    expect(await codeOf(reply(ben, space, root.id, 'Too late'))).toBe('gone');
    expect((await list()).head).toBe(head + 1);
  });

  it('that was sent before its root was deleted is given again after it', async () => {
    const root = await post(ana, space, 'Soon gone');
    const id = newId();
    const sent = await reply(ben, space, root.id, 'In time', { id });
    await remove(ana, root.id);
    expect(await reply(ben, space, root.id, 'In time', { id })).toEqual(sent);
  });
});

describe('deleting', () => {
  it('a reply lowers the count, and the event says what is left', async () => {
    const root = await post(ana, space, 'Count');
    await reply(ben, space, root.id, 'One');
    const second = await reply(cleo, space, root.id, 'Two');
    await remove(cleo, second.id);
    const state = stateIn(await list(), root.id);
    expect(state).toMatchObject({ replies: 1 });
    expect(state?.faces).toEqual([{ id: ben.id, name: 'Ben' }]);
    const [event] = await eventsAfter(second.seq);
    expect(event).toMatchObject({
      type: 'message.deleted',
      data: { id: second.id, thread: { id: root.id, ...state } },
    });
    expect((await list({ thread: root.id })).items.map(({ text }) => text)).toEqual(['One', '']);
  });

  it('the last reply leaves nothing under the root', async () => {
    const root = await post(ana, space, 'Alone');
    await remove(ben, (await reply(ben, space, root.id, 'Gone')).id);
    expect(stateIn(await list(), root.id)).toBeUndefined();
    expect((await threadOf(root.id)).state).toEqual({ replies: 0, lastReplyAt: null, faces: [] });
  });

  it('a root leaves a stub with its thread', async () => {
    const root = await post(ana, space, 'Stub');
    const sent = await reply(ben, space, root.id, 'Stays');
    await remove(ana, root.id);
    const page = await list();
    expect(page.items.find(({ id }) => id === root.id)).toMatchObject({ text: '' });
    expect(stateIn(page, root.id)?.replies).toBe(1);
    expect((await threadOf(root.id)).root.deletedAt).not.toBeNull();
    expect((await list({ thread: root.id })).items).toEqual([sent]);
  });
});

describe('reading', () => {
  it('goes through a thread page by page, in order, both ways', async () => {
    const root = await post(ana, space, 'Long');
    for (const n of upTo(7)) {
      await reply(ben, space, root.id, `r${n}`);
      await post(ben, space, `between ${n}`);
    }
    const latest = await list({ thread: root.id, limit: 3 });
    expect(latest.items.map(({ text }) => text)).toEqual(['r5', 'r6', 'r7']);
    const before = latest.previous ?? '';
    const older = await list({ thread: root.id, limit: 3, before });
    expect(older.items.map(({ text }) => text)).toEqual(['r2', 'r3', 'r4']);
    const newer = await list({ thread: root.id, limit: 3, after: older.next ?? '' });
    expect(newer.items.map(({ text }) => text)).toEqual(['r5', 'r6', 'r7']);
    expect(newer.next).toBeNull();
    const around = older.items[1]?.id ?? '';
    const near = await list({ thread: root.id, limit: 2, around });
    expect(near.items.map(({ text }) => text)).toEqual(['r2', 'r3']);
  });

  it('around a reply gives its root in the stream and says in which thread it is', async () => {
    const root = await post(ana, space, 'Permalink');
    const hidden = await reply(ben, space, root.id, 'Hidden');
    const shown = await reply(ben, space, root.id, 'Shown', { inSpace: true });
    const page = await list({ around: hidden.id, limit: 4 });
    expect(page.thread).toBe(root.id);
    expect(page.items.map(({ id }) => id)).toContain(root.id);
    expect(page.items.map(({ id }) => id)).not.toContain(hidden.id);
    const other = await list({ around: shown.id, limit: 4 });
    expect(other.thread).toBe(root.id);
    expect(other.items.map(({ id }) => id)).toContain(shown.id);
    expect((await list({ around: root.id })).thread).toBeNull();
  });

  it('finds no thread where there is none', async () => {
    const root = await post(ana, space, 'Root');
    const sent = await reply(ben, space, root.id, 'Reply');
    const elsewhere = await post(ana, await createSpace(ana), 'Elsewhere');
    for (const id of [sent.id, elsewhere.id, newId()]) {
      expect(await codeOf(threadOf(id))).toBe('not-found');
      expect(await codeOf(list({ thread: id }))).toBe('not-found');
    }
    expect(await codeOf(list({ thread: root.id, around: elsewhere.id }))).toBe('not-found');
    expect(await codeOf(list({ thread: sent.id, around: sent.id }))).toBe('not-found');
  });
});

describe('following', () => {
  const mine = async (person: Person) =>
    (await person.call(listMyThreads, {})).items.filter(({ spaceId }) => spaceId === space);
  const follow = (person: Person, threadId: string, following: boolean) =>
    person.call(followThread, { params: { spaceId: space, threadId }, body: { following } });

  it('begins with a reply, for who replied and whose message it is', async () => {
    const root = await post(ana, space, 'Follow me');
    const sent = await reply(ben, space, root.id, 'I do');
    for (const person of [ana, ben]) {
      const [first] = await mine(person);
      expect(first).toMatchObject({ id: root.id, root, last: sent, state: { replies: 1 } });
    }
    expect((await mine(cleo)).map(({ id }) => id)).not.toContain(root.id);
    expect(await threadOf(root.id, cleo)).toMatchObject({ following: false });
    expect(await threadOf(root.id, ben)).toMatchObject({ following: true });
  });

  it('is a choice that further replies do not undo', async () => {
    const root = await post(ana, space, 'Enough');
    await reply(ben, space, root.id, 'One');
    await follow(ana, root.id, false);
    await reply(ben, space, root.id, 'Two');
    await reply(ana, space, root.id, 'Three');
    expect((await mine(ana)).map(({ id }) => id)).not.toContain(root.id);
    await follow(ana, root.id, true);
    await follow(cleo, root.id, true);
    for (const person of [ana, cleo]) expect((await mine(person))[0]?.id).toBe(root.id);
  });

  it('works before there is a reply', async () => {
    const root = await post(ana, space, 'Tell me');
    await follow(cleo, root.id, true);
    expect((await mine(cleo)).map(({ id }) => id)).not.toContain(root.id);
    await reply(ben, space, root.id, 'News');
    expect((await mine(cleo))[0]?.id).toBe(root.id);
  });

  it('lists the thread with the last reply first, page by page', async () => {
    const roots: chat.Message[] = [];
    for (const n of upTo(5)) roots.push(await post(ana, space, `Thread ${n}`));
    for (const { id } of roots) await reply(cleo, space, id, 'Hello');
    await reply(ben, space, roots[1]?.id ?? '', 'Up');
    const ids: string[] = [];
    let after: string | undefined;
    for (let turn = 0; turn < 5; turn += 1) {
      const page = await cleo.call(listMyThreads, { query: { limit: 2, ...(after && { after }) } });
      ids.push(...page.items.map(({ id }) => id));
      if (page.next === null) break;
      after = page.next;
    }
    const expected = [1, 4, 3, 2, 0].map((n) => roots[n]?.id);
    expect(ids.filter((id) => expected.includes(id))).toEqual(expected);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('shows nothing of a protected space to who has left it', async () => {
    const root = await post(ana, space, 'Inside');
    await reply(cleo, space, root.id, 'Leaving');
    await cleo.call(leaveSpace, { params: { spaceId: space } });
    expect(await mine(cleo)).toEqual([]);
    expect(await codeOf(follow(cleo, root.id, true))).toBe('locked');
    expect(await codeOf(threadOf(root.id, cleo))).toBe('locked');
  });
});
