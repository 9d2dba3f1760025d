import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { deleteMessage } from '@teambrain/contract/chat.ts';
import { removeMember } from '@teambrain/contract/spaces.ts';
import * as threads from '@teambrain/contract/threads.ts';
import { codeOf, register, type Person } from '../../testing/people.ts';
import { openSocket } from '../../testing/socket.ts';
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
  space = await createSpace(ana, [ben]);
});
afterAll(() => app.close());

const at = (threadId: string) => ({ params: { spaceId: space, threadId } });
const read = (person: Person, threadId: string, seq: number) =>
  person.call(threads.readThread, { ...at(threadId), body: { seq } });
const count = async (person: Person) => (await person.call(threads.countUnreadReplies, {})).unread;
const unreadOnes = async (person: Person) =>
  (await person.call(threads.listMyThreads, { query: { unread: 'true' } })).items.map(
    ({ id, unread }) => ({ id, unread }),
  );

describe('unread replies', () => {
  it('are those of others in threads one follows, until they are read or deleted', async () => {
    const root = await post(ana, space, 'Which berth?');
    const [first, second] = [
      await reply(ben, space, root.id, 'Seven'),
      await reply(ben, space, root.id, 'Or eight'),
    ];
    expect(await unreadOnes(ana)).toEqual([{ id: root.id, unread: 2 }]);
    expect([await count(ana), await count(ben)]).toEqual([2, 0]);
    await read(ana, root.id, first.seq);
    expect(await count(ana)).toBe(1);
    await read(ana, root.id, first.seq - 1);
    expect(await count(ana)).toBe(1);
    const thread = await ana.call(threads.getThread, at(root.id));
    expect(thread).toMatchObject({ following: true, readSeq: first.seq });
    await ben.call(deleteMessage, { params: { spaceId: space, messageId: second.id } });
    expect([await count(ana), await unreadOnes(ana)]).toEqual([0, []]);
    const own = await reply(ana, space, root.id, 'Seven it is');
    expect([await count(ana), await count(ben)]).toEqual([0, 1]);
    await read(ben, root.id, own.seq + 99_999);
    expect(await count(ben)).toBe(0);
    await reply(ana, space, root.id, 'After all, eight');
    expect(await count(ben)).toBe(1);
    await ben.call(threads.readAllThreads, {});
    expect(await count(ben)).toBe(0);
  });

  it('begin where one begins to follow, and end where one stops', async () => {
    const root = await post(ben, space, 'Rope?');
    await reply(ben, space, root.id, 'Long one');
    expect((await ana.call(threads.getThread, at(root.id))).readSeq).toBe(null);
    await read(ana, root.id, 1);
    const follow = (following: boolean) =>
      ana.call(threads.followThread, { ...at(root.id), body: { following } });
    await follow(true);
    expect(await count(ana)).toBe(0);
    await reply(ben, space, root.id, 'Found one');
    expect(await count(ana)).toBe(1);
    await follow(true);
    expect(await count(ana)).toBe(1);
    await follow(false);
    expect(await count(ana)).toBe(0);
    await follow(true);
    expect(await count(ana)).toBe(0);
  });

  it('are counted up to 100, and not in spaces one may not read any more', async () => {
    const own = await createSpace(ben, [ana]);
    const root = await post(ana, own, 'Long talk');
    for (const n of upTo(101)) await reply(ben, own, root.id, `reply ${n}`);
    expect(await unreadOnes(ana)).toEqual([{ id: root.id, unread: 100 }]);
    expect(await count(ana)).toBe(100);
    await ben.call(removeMember, { params: { spaceId: own, userId: ana.id } });
    expect([await count(ana), await unreadOnes(ana)]).toEqual([0, []]);
    await ana.call(threads.readAllThreads, {});
    const params = { spaceId: own, threadId: root.id };
    expect(await codeOf(ana.call(threads.readThread, { params, body: { seq: 9 } }))).toBe('locked');
  });

  it('read in one window are told to one’s other windows alone; following is told as well', async () => {
    const root = await post(ana, space, 'Fog?');
    const last = await reply(ben, space, root.id, 'Until noon');
    const [own, other] = [await openSocket(app.url, ana), await openSocket(app.url, cleo)];
    await read(ana, root.id, last.seq);
    await read(ana, root.id, last.seq);
    await ana.call(threads.followThread, { ...at(root.id), body: { following: false } });
    await vi.waitFor(
      () => expect(own.of('own').map(({ what }) => what)).toEqual(['threads', 'follows']),
      10_000,
    );
    expect(other.of('own')).toEqual([]);
  });
});
