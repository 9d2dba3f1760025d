import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as auth from '@teambrain/contract/auth.ts';
import * as spaces from '@teambrain/contract/spaces.ts';
import { callAs, codeOf, register, type Person } from '../../testing/people.ts';
import { openSocket, type RawSocket } from '../../testing/socket.ts';
import { createSpace, post, SPACE_KEY, upTo } from '../../testing/space.ts';
import { createTestApp, type TestApp } from '../../testing/test-app.ts';

let app: TestApp;
let owner: Person;
let ana: Person;
let ben: Person;

const SECRET = 'one secret for both instances of this test 0123456789';

beforeAll(async () => {
  app = await createTestApp({ config: { secret: SECRET } });
  owner = await register(app.url, 'Owner');
  ana = await register(app.url, 'Ana');
  ben = await register(app.url, 'Ben');
});
afterAll(() => app.close());

const follow = (person: Person, id: string, after = 0) =>
  openSocket(app.url, { token: person.token, spaces: [{ id, after }] });
const closeAll = (...sockets: RawSocket[]) => sockets.forEach((socket) => socket.close());
const at = (spaceId: string, userId: string) => ({ params: { spaceId, userId } });

describe('who is removed from a protected space', () => {
  it('hears `removed`, nothing after it, and writes nothing; the others go on', async () => {
    const space = await createSpace(owner, [ana, ben]);
    const [gone, stays] = [await follow(ana, space), await follow(ben, space)];
    await stays.reaches(space, 4);
    await gone.reaches(space, 4);
    await owner.call(spaces.removeMember, at(space, ana.id));
    expect(await gone.next('removed')).toEqual({ frame: 'removed', space, reason: 'removed' });
    for (const n of upTo(5)) await post(owner, space, `after the removal ${n}`);
    await stays.reaches(space, 10);
    expect(stays.seqs(space)).toEqual(upTo(10));
    expect(Math.max(...gone.seqs(space))).toBeLessThanOrEqual(5);
    expect(await codeOf(post(ana, space, 'still here?'))).toBe('locked');
    expect(gone.isOpen).toBe(true);

    gone.send({ frame: 'subscribe', space, after: 0 });
    expect(await gone.next('removed', 2)).toMatchObject({ space, reason: 'locked' });
    closeAll(gone, stays);
  });

  it('receives no later event while others write at the same moment', async () => {
    const writers = await Promise.all(upTo(4).map((n) => register(app.url, `Writer ${n}`)));
    const space = await createSpace(owner, [ana, ...writers]);
    const [gone, stays] = [await follow(ana, space), await follow(owner, space)];
    const writing = writers.map(async (writer) => {
      for (const n of upTo(25)) await post(writer, space, `${n}`);
    });
    await gone.reaches(space, 20);
    await owner.call(spaces.removeMember, at(space, ana.id));
    await Promise.all(writing);
    await gone.next('removed');
    const head = 2 + 1 + 4 + 100 + 1;
    await stays.reaches(space, head);
    expect(stays.seqs(space)).toEqual(upTo(head));
    const removal = stays.events(space).find(({ type }) => type === 'member.removed')?.seq ?? 0;
    const received = gone.seqs(space);
    expect(received).toEqual(upTo(received.length));
    expect(received.length).toBeLessThanOrEqual(removal);
    closeAll(gone, stays);
  });

  it('leaves by itself with the reason `left`', async () => {
    const space = await createSpace(owner, [ana]);
    const socket = await follow(ana, space);
    await socket.reaches(space, 3);
    await ana.call(spaces.leaveSpace, { params: { spaceId: space } });
    expect(await socket.next('removed')).toMatchObject({ space, reason: 'left' });
    closeAll(socket);
  });
});

describe('who is removed from a public space', () => {
  it('goes on reading, as everybody may, and writes no more', async () => {
    const space = await createSpace(owner, [ana], 'public');
    const socket = await follow(ana, space);
    await socket.reaches(space, 3);
    await owner.call(spaces.removeMember, at(space, ana.id));
    await post(owner, space, 'for everybody');
    await socket.reaches(space, 5);
    expect(socket.seqs(space)).toEqual(upTo(5));
    expect(socket.of('removed')).toEqual([]);
    expect(await codeOf(post(ana, space, 'me too'))).toBe('forbidden');
    closeAll(socket);
  });
});

describe('a password change', () => {
  it('that has everyone join anew locks out all but owners', async () => {
    const space = await createSpace(owner, [ana, ben]);
    const sockets = [await follow(ana, space), await follow(ben, space)];
    const mine = await follow(owner, space);
    for (const socket of [...sockets, mine]) await socket.reaches(space, 4);
    await owner.call(spaces.updateSpace, {
      params: { spaceId: space },
      body: { password: 'a new word', everyoneJoinsAnew: true },
    });
    for (const socket of sockets) {
      expect(await socket.next('removed')).toMatchObject({ space, reason: 'locked' });
    }
    await post(owner, space, 'alone');
    await mine.reaches(space, 6);
    expect(mine.seqs(space)).toEqual(upTo(6));
    for (const socket of sockets) expect(Math.max(...socket.seqs(space))).toBeLessThanOrEqual(5);
    const join = (password: string) =>
      codeOf(ana.call(spaces.joinSpace, { params: { spaceId: space }, body: { password } }));
    expect([await join(SPACE_KEY), await join('a new word')]).toEqual(['wrong-password', null]);
    closeAll(...sockets, mine);
  });

  it('alone leaves members where they are', async () => {
    const space = await createSpace(owner, [ana]);
    const socket = await follow(ana, space);
    await owner.call(spaces.updateSpace, {
      params: { spaceId: space },
      body: { password: 'a new word' },
    });
    await post(ana, space, 'still in');
    await socket.reaches(space, 5);
    expect(socket.seqs(space)).toEqual(upTo(5));
    expect(socket.of('removed')).toEqual([]);
    closeAll(socket);
  });
});

describe('a space that is deleted', () => {
  it('is taken from every window, of that space alone', async () => {
    const [gone, kept] = [await createSpace(owner, [ana]), await createSpace(owner, [ana])];
    const sockets = [await follow(owner, gone), await follow(ana, gone)];
    for (const socket of sockets) {
      await socket.reaches(gone, 3);
      socket.send({ frame: 'subscribe', space: kept, after: 3 });
    }
    await owner.call(spaces.deleteSpace, { params: { spaceId: gone } });
    await post(owner, kept, 'here');
    for (const socket of sockets) {
      expect(await socket.next('removed')).toMatchObject({ space: gone, reason: 'deleted' });
      await socket.reaches(kept, 4);
      expect(socket.of('removed')).toHaveLength(1);
    }
    closeAll(...sockets);
  });
});

describe('typing', () => {
  it('is seen by the others who follow the space, not by oneself', async () => {
    const space = await createSpace(owner, [ana, ben]);
    const [mine, second, other] = [
      await follow(ana, space),
      await follow(ana, space),
      await follow(ben, space),
    ];
    for (const socket of [mine, second, other]) await socket.reaches(space, 4);
    mine.send({ frame: 'typing', space });
    expect(await other.next('typing')).toEqual({
      frame: 'typing',
      space,
      user: { id: ana.id, name: 'Ana' },
    });
    await post(ben, space, 'go on');
    for (const socket of [mine, second]) {
      await socket.reaches(space, 5);
      expect(socket.of('typing')).toEqual([]);
    }
    closeAll(mine, second, other);
  });

  it('in a thread says which, to the same people', async () => {
    const space = await createSpace(owner, [ana, ben]);
    const thread = (await post(ana, space, 'a root')).id;
    const [mine, other] = [await follow(ana, space), await follow(ben, space)];
    for (const socket of [mine, other]) await socket.reaches(space, 5);
    mine.send({ frame: 'typing', space, thread: thread.toUpperCase() });
    const user = { id: ana.id, name: 'Ana' };
    expect(await other.next('typing')).toEqual({ frame: 'typing', space, thread, user });
    expect(mine.of('typing')).toEqual([]);
    mine.send({ frame: 'typing', space, thread: 'no id' });
    expect((await mine.next('problem')).problem.code).toBe('invalid-request');
    closeAll(mine, other);
  });

  it('needs the right to write', async () => {
    const [open, locked] = [
      await createSpace(owner, [], 'public'),
      await createSpace(owner, [], 'protected'),
    ];
    const listeners = [await follow(owner, open), await follow(owner, locked)];
    const readers = [await follow(ana, open), await follow(ben, locked)];
    readers[0]?.send({ frame: 'typing', space: open });
    readers[1]?.send({ frame: 'typing', space: locked });
    expect((await readers[0]?.next('problem'))?.problem.code).toBe('forbidden');
    expect((await readers[1]?.next('problem'))?.problem.code).toBe('locked');
    for (const [index, space] of [open, locked].entries()) {
      await post(owner, space, 'nobody types');
      await listeners[index]?.reaches(space, 3);
      expect(listeners[index]?.of('typing')).toEqual([]);
    }
    closeAll(...listeners, ...readers);
  });
});

describe('a session that ends on another instance', () => {
  it('loses its sockets here within seconds, without any message between them', async () => {
    const database = { ...app.database, close: () => Promise.resolve() };
    const other = await createTestApp({ database, config: { secret: SECRET } });
    try {
      const [leaver, stayer] = [
        await register(app.url, 'Leaver'),
        await register(app.url, 'Stayer'),
      ];
      const [gone, stays] = [await openSocket(app.url, leaver), await openSocket(app.url, stayer)];
      const started = Date.now();
      await callAs(other.url, leaver.token)(auth.logoutAll, {});
      expect(await gone.closed()).toBe(4401);
      expect(Date.now() - started).toBeLessThan(5_000);
      expect(stays.isOpen).toBe(true);
      closeAll(stays);
    } finally {
      await other.close();
    }
  });
});
