import { deleteMessage } from '@teambrain/contract/chat.ts';
import * as spaces from '@teambrain/contract/spaces.ts';
import {
  listReadMarks,
  listUnread,
  putReadMark,
  putReadMarks,
} from '@teambrain/contract/unread.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { register, type Person } from '../../testing/people.ts';
import { createSpace, post, SPACE_KEY, upTo } from '../../testing/space.ts';
import { createTestApp, type TestApp } from '../../testing/test-app.ts';

let app: TestApp;
let ada: Person;
let ben: Person;

beforeAll(async () => {
  app = await createTestApp();
  [ada, ben] = [await register(app.url, 'Ada'), await register(app.url, 'Ben')];
});
afterAll(() => app.close());

const at = (spaceId: string) => ({ params: { spaceId } });
const markOf = async (person: Person, spaceId: string) =>
  (await person.call(listReadMarks, at(spaceId))).items[0];
const read = (
  person: Person,
  spaceId: string,
  body: { seq: number; version?: number; isUnread?: boolean },
) => person.call(putReadMark, { ...at(spaceId), body });

describe('what is unread', () => {
  it('are messages of others after the mark that stand, counted up to 100', async () => {
    const space = await createSpace(ada, [ben]);
    expect(await markOf(ben, space)).toMatchObject({ unread: 0, version: 1, threadId: null });
    const [first, second] = [await post(ada, space, 'one'), await post(ada, space, 'two')];
    await post(ben, space, 'my own');
    expect((await markOf(ben, space))?.unread).toBe(2);
    expect((await markOf(ada, space))?.unread).toBe(1);

    await ada.call(deleteMessage, { params: { spaceId: space, messageId: second.id } });
    expect((await markOf(ben, space))?.unread).toBe(1);
    expect(await read(ben, space, { seq: first.seq })).toMatchObject({ unread: 0 });

    for (const n of upTo(101)) await post(ada, space, `many ${n}`);
    expect((await markOf(ben, space))?.unread).toBe(100);
  });

  it('is nothing of what was said before one joined, also when one comes back', async () => {
    const space = await createSpace(ada);
    for (const n of upTo(3)) await post(ada, space, `before ${n}`);
    const join = () => ben.call(spaces.joinSpace, { ...at(space), body: { password: SPACE_KEY } });
    await join();
    const start = await markOf(ben, space);
    expect(start?.unread).toBe(0);
    await post(ada, space, 'after');
    await read(ben, space, { seq: 1, isUnread: true });
    expect((await markOf(ben, space))?.unread).toBe(4);

    await ben.call(spaces.leaveSpace, at(space));
    await post(ada, space, 'while away');
    await join();
    expect(await markOf(ben, space)).toMatchObject({ unread: 0, version: 1 });
  });

  it('is told of joined spaces alone, all or some, page by page', async () => {
    const cleo = await register(app.url, 'Cleo');
    const joined = [await createSpace(ada, [cleo]), await createSpace(ada, [cleo], 'public')];
    const others = [await createSpace(ada), await createSpace(ada, [], 'public')];
    for (const space of [...joined, ...others]) await post(ada, space, 'hello');
    const all = await cleo.call(listUnread, {});
    expect(all).toMatchObject({ next: null });
    expect(all.items.map(({ spaceId, unread }) => [spaceId, unread])).toEqual(
      joined.toSorted().map((id) => [id, 1]),
    );
    const named = await cleo.call(listUnread, {
      query: { spaces: [...others, joined[1]].join(',') },
    });
    expect(named.items.map(({ spaceId }) => spaceId)).toEqual([joined[1]]);

    const first = await cleo.call(listUnread, { query: { limit: 1 } });
    const second = await cleo.call(listUnread, { query: { limit: 1, after: first.next ?? '' } });
    expect([...first.items, ...second.items]).toEqual(all.items);
    expect(second.next).toBe(null);
  });
});

describe('a mark', () => {
  it('goes on to the larger seq and no further than the log', async () => {
    const space = await createSpace(ada, [ben]);
    const [first, last] = [await post(ada, space, 'one'), await post(ada, space, 'two')];
    expect(await read(ben, space, { seq: 99_999 })).toMatchObject({ seq: last.seq, unread: 0 });
    expect(await read(ben, space, { seq: first.seq })).toMatchObject({ seq: last.seq, unread: 0 });
    await post(ada, space, 'three');
    expect((await markOf(ben, space))?.unread).toBe(1);
  });

  it('never read stays where its person joined', async () => {
    const space = await createSpace(ada);
    await post(ada, space, 'before');
    await ben.call(spaces.joinSpace, { ...at(space), body: { password: SPACE_KEY } });
    expect(await read(ben, space, { seq: 1 })).toMatchObject({ unread: 0 });
  });

  it('goes back when messages are marked unread, and no window that did not hear of it undoes that', async () => {
    const space = await createSpace(ada, [ben]);
    const [first, , last] = [
      await post(ada, space, 'one'),
      await post(ada, space, 'two'),
      await post(ada, space, 'three'),
    ];
    await read(ben, space, { seq: last.seq, version: 1 });
    const back = await read(ben, space, { seq: first.seq, version: 1, isUnread: true });
    expect(back).toMatchObject({ seq: first.seq, version: 2, unread: 2 });
    expect(await read(ben, space, { seq: last.seq, version: 1 })).toEqual(back);
    expect(await read(ben, space, { seq: last.seq, version: 2 })).toMatchObject({ unread: 0 });
  });

  it('is kept for members alone', async () => {
    const [open, shut] = [await createSpace(ada, [], 'public'), await createSpace(ada)];
    await expect(read(ben, open, { seq: 1 })).rejects.toMatchObject({ status: 403 });
    expect(await ben.call(listReadMarks, at(open))).toEqual({ items: [] });
    await expect(read(ben, shut, { seq: 1 })).rejects.toMatchObject({
      problem: { code: 'locked' },
    });
    const marks = [open, shut].map((spaceId) => ({ spaceId, seq: 1 }));
    expect(await ben.call(putReadMarks, { body: { marks } })).toEqual({ items: [] });
  });
});

describe('marks of several spaces', () => {
  it('go on together: all is read up to where one looked', async () => {
    const both = [await createSpace(ada, [ben]), await createSpace(ada, [ben])];
    const marks = [];
    for (const space of both)
      marks.push({ spaceId: space, seq: (await post(ada, space, 'a')).seq });
    await post(ada, both[0] ?? '', 'meanwhile');
    const { items } = await ben.call(putReadMarks, { body: { marks } });
    const counts = new Map(items.map(({ spaceId, unread }) => [spaceId, unread]));
    expect(both.map((id) => counts.get(id))).toEqual([1, 0]);
  });

  it('of a browser are taken over where none is kept, even behind the day one joined', async () => {
    const [fresh, kept] = [await createSpace(ada), await createSpace(ada)];
    for (const space of [fresh, kept]) {
      await post(ada, space, 'before');
      await ben.call(spaces.joinSpace, { ...at(space), body: { password: SPACE_KEY } });
      await post(ada, space, 'after');
    }
    await read(ben, kept, { seq: 99 });
    const marks = [fresh, kept].map((spaceId) => ({ spaceId, seq: 1 }));
    await ben.call(putReadMarks, { body: { marks, isFirst: true } });
    expect([(await markOf(ben, fresh))?.unread, (await markOf(ben, kept))?.unread]).toEqual([2, 0]);
    await ben.call(putReadMarks, { body: { marks, isFirst: true } });
    expect((await markOf(ben, fresh))?.seq).toBe(1);
  });
});
