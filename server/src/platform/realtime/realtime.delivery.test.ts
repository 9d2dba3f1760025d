import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as chat from '@teambrain/contract/chat.ts';
import { listEvents } from '@teambrain/contract/log.ts';
import { newId } from '../core/id.ts';
import { callAs, register, type Person } from '../../testing/people.ts';
import { openSocket, type RawSocket } from '../../testing/socket.ts';
import { appendEvents, createSpace, post, upTo } from '../../testing/space.ts';
import { createTestApp, type TestApp } from '../../testing/test-app.ts';

let app: TestApp;
let owner: Person;
let members: Person[];

const SECRET = 'one secret for both instances of this test 0123456789';

beforeAll(async () => {
  app = await createTestApp({ config: { secret: SECRET } });
  owner = await register(app.url, 'Owner');
  members = await Promise.all(upTo(10).map((n) => register(app.url, `Member ${n}`)));
});
afterAll(() => app.close());

const follow = (person: Person, id: string, after = 0) =>
  openSocket(app.url, { token: person.token, spaces: [{ id, after }] });
const closeAll = (...sockets: RawSocket[]) => sockets.forEach((socket) => socket.close());

async function headOf(space: string): Promise<number> {
  return (await owner.call(listEvents, { params: { spaceId: space } })).head;
}

describe('subscribing', () => {
  it('replays exactly what is missing after the cursor, in order, as HTTP gives it', async () => {
    const space = await createSpace(owner);
    for (const n of upTo(8)) await post(owner, space, `message ${n}`);
    const socket = await follow(owner, space, 4);
    await socket.reaches(space, 10);
    expect(socket.seqs(space)).toEqual([5, 6, 7, 8, 9, 10]);
    const log = await owner.call(listEvents, { params: { spaceId: space }, query: { after: '4' } });
    expect(socket.events(space)).toEqual(log.items);
    closeAll(socket);
  });

  it('goes on live after the replay, and again after coming back with its cursor', async () => {
    const space = await createSpace(owner);
    const first = await follow(owner, space);
    await post(owner, space, 'one');
    await first.reaches(space, 3);
    closeAll(first);
    for (const text of ['two', 'three']) await post(owner, space, text);
    const second = await follow(owner, space, 3);
    await post(owner, space, 'four');
    await second.reaches(space, 6);
    expect(second.seqs(space)).toEqual([4, 5, 6]);
    closeAll(second);
  });

  it('a second time starts anew from the new cursor', async () => {
    const space = await createSpace(owner);
    const socket = await follow(owner, space);
    await socket.reaches(space, 2);
    socket.send({ frame: 'subscribe', space: space.toUpperCase(), after: 1 });
    await vi.waitFor(() => expect(socket.seqs(space)).toEqual([1, 2, 2]), 10_000);
    await post(owner, space, 'once');
    await socket.reaches(space, 3);
    expect(socket.seqs(space)).toEqual([1, 2, 2, 3]);
    closeAll(socket);
  });

  it('resets a cursor from the future, and one of another log', async () => {
    const space = await createSpace(owner);
    const future = await follow(owner, space, 99);
    const foreign = await openSocket(app.url, {
      token: owner.token,
      epoch: newId(),
      spaces: [{ id: space, after: 1 }],
    });
    for (const socket of [future, foreign]) {
      expect(await socket.next('reset')).toMatchObject({ space, reason: 'epoch', seq: 2 });
    }
    await post(owner, space, 'after the reset');
    for (const socket of [future, foreign]) {
      await socket.reaches(space, 3);
      expect(socket.seqs(space)).toEqual([3]);
    }
    closeAll(future, foreign);
  });

  it('resets a cursor more than 1,000 events back, and replays one of exactly 1,000', async () => {
    const space = await createSpace(owner);
    await appendEvents(app.database, space, 1_000);
    const head = await headOf(space);
    expect(head).toBe(1_002);
    const [near, far] = [await follow(owner, space, 2), await follow(owner, space, 1)];
    expect(await far.next('reset')).toMatchObject({ space, reason: 'too-old', seq: head });
    await near.reaches(space, head);
    expect(near.seqs(space)).toEqual(upTo(head).slice(2));
    expect(near.of('reset')).toEqual([]);
    expect(far.seqs(space)).toEqual([]);
    closeAll(near, far);
  });

  it('says that a space is not there, or locked, without telling more', async () => {
    const space = await createSpace(owner);
    const [stranger] = members;
    const nowhere = newId();
    const socket = await follow(stranger ?? owner, space);
    expect(await socket.next('removed')).toEqual({ frame: 'removed', space, reason: 'locked' });
    socket.send({ frame: 'subscribe', space: nowhere, after: 0 });
    expect(await socket.next('removed', 2)).toMatchObject({ space: nowhere, reason: 'not-found' });
    socket.send({ frame: 'fetch', space, after: 0 });
    expect(await socket.next('problem')).toMatchObject({ space, problem: { code: 'locked' } });
    expect(socket.events(space)).toEqual([]);
    closeAll(socket);
  });
});

describe('delivery', () => {
  it('reaches every socket of every member, the sender’s own too, once', async () => {
    const [ana = owner, ben = owner] = members;
    const space = await createSpace(owner, [ana, ben]);
    const people = [owner, ana, ana, ben];
    const sockets = await Promise.all(people.map((person) => follow(person, space, 4)));
    const sent = await post(ana, space, 'for all of us');
    const edited = await ana.call(chat.editMessage, {
      params: { spaceId: space, messageId: sent.id },
      body: { text: 'for all' },
    });
    for (const socket of sockets) {
      await socket.reaches(space, 6);
      const [first, second] = socket.events(space).map(({ type, data }) => [type, data]);
      // Read from the log after the edit, the first no longer has the words it had.
      const late = { message: { ...sent, text: '' } };
      expect([
        ['message.posted', { message: sent }],
        ['message.posted', late],
      ]).toContainEqual(first);
      expect(second).toEqual(['message.edited', { message: edited }]);
      expect(socket.events(space)).toHaveLength(2);
    }
    closeAll(...sockets);
  });

  it('stops at unsubscribing and leaves other spaces alone', async () => {
    const [left, kept] = [await createSpace(owner), await createSpace(owner)];
    const socket = await follow(owner, left, 2);
    socket.send({ frame: 'subscribe', space: kept, after: 2 });
    await post(owner, left, 'before');
    await socket.reaches(left, 3);
    socket.send({ frame: 'unsubscribe', space: left });
    // Frames are handled in their order: the answer to this one shows that the one before was done.
    const answers = socket.of('events').length;
    socket.send({ frame: 'fetch', space: kept, after: 2 });
    await socket.next('events', answers + 1);
    await post(owner, left, 'after');
    await post(owner, kept, 'after');
    await socket.reaches(kept, 3);
    expect(socket.seqs(left)).toEqual([3]);
    closeAll(socket);
  });

  it('gives what a client fetches, 200 at most, with the head', async () => {
    const space = await createSpace(owner);
    for (const n of upTo(5)) await post(owner, space, `${n}`);
    const socket = await openSocket(app.url, owner);
    socket.send({ frame: 'fetch', space, after: 2, limit: 3 });
    const page = await socket.next('events');
    expect([page.head, page.events.map(({ seq }) => seq)]).toEqual([7, [3, 4, 5]]);
    socket.send({ frame: 'fetch', space, after: 2, limit: 201 } as never);
    expect((await socket.next('problem')).problem.code).toBe('invalid-request');
    closeAll(socket);
  });

  it('is one gap-free sequence for all while ten write, also for who comes in the middle', async () => {
    const space = await createSpace(owner, members);
    const start = await headOf(space);
    const [one, two] = [await follow(owner, space), await follow(owner, space, start)];
    const late: Promise<RawSocket>[] = [];
    await Promise.all(
      members.map(async (member, index) => {
        for (const n of upTo(30)) {
          await post(member, space, `${index}/${n}`);
          // Some come while the others write: from the beginning, and from the head of that moment.
          if (n === 10 && index < 2) late.push(follow(owner, space));
          if (n === 15 && index < 3)
            late.push(headOf(space).then((at) => follow(owner, space, at)));
        }
      }),
    );
    const head = start + 300;
    const sockets = [one, two, ...(await Promise.all(late))];
    for (const socket of sockets) {
      await socket.reaches(space, head);
      const seqs = socket.seqs(space);
      expect(seqs).toEqual(upTo(head).slice((seqs[0] ?? 0) - 1));
    }
    expect(await headOf(space)).toBe(head);
    expect(one.seqs(space)).toHaveLength(head);
    expect(two.events(space)).toEqual(one.events(space).slice(start));
    closeAll(...sockets);
  });
});

describe('another instance on the same data', () => {
  it('whose hints never arrive costs seconds, not events', async () => {
    const database = { ...app.database, close: () => Promise.resolve() };
    const other = await createTestApp({ database, config: { secret: SECRET } });
    try {
      const [ana = owner] = members;
      const space = await createSpace(owner, [ana]);
      const window = await follow(ana, space);
      await window.reaches(space, 3);
      const away = { ...owner, call: callAs(other.url, owner.token) };
      const started = Date.now();
      for (const n of upTo(20)) await post(away, space, `from elsewhere ${n}`);
      await window.reaches(space, 23);
      expect(window.seqs(space)).toEqual(upTo(23));
      expect(app.hub.counters.gapsRepaired).toBeGreaterThan(0);
      expect(Date.now() - started).toBeLessThan(6_000);
      await post(owner, space, 'from here again');
      await window.reaches(space, 24);
      expect(window.seqs(space)).toEqual(upTo(24));
      closeAll(window);
    } finally {
      await other.close();
    }
  });
});
