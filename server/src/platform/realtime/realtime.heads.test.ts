import { putReadMark } from '@teambrain/contract/unread.ts';
import { joinSpace, removeMember } from '@teambrain/contract/spaces.ts';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { register, type Person } from '../../testing/people.ts';
import { openSocket, type RawSocket } from '../../testing/socket.ts';
import { createSpace, post, SPACE_KEY } from '../../testing/space.ts';
import { createTestApp, type TestApp } from '../../testing/test-app.ts';

let app: TestApp;
let ada: Person;
let ben: Person;

beforeAll(async () => {
  app = await createTestApp();
  [ada, ben] = [await register(app.url, 'Ada'), await register(app.url, 'Ben')];
});
afterAll(() => app.close());

/** The last head that a socket was told of a space. */
const headOf = (socket: RawSocket, space: string) =>
  socket
    .of('heads')
    .map(({ heads }) => heads[space])
    .findLast((head) => head !== undefined);
const told = (socket: RawSocket, space: string, head: number) =>
  vi.waitFor(() => expect(headOf(socket, space)).toBe(head), { timeout: 5_000, interval: 10 });

describe('heads', () => {
  it('tell members of spaces they are not subscribed to, within a second, and nobody else', async () => {
    const [space, other] = [await createSpace(ada, [ben]), await createSpace(ada)];
    const [bens, adas] = [await openSocket(app.url, ben), await openSocket(app.url, ada)];
    const { seq: foreign } = await post(ada, other, 'for Ada alone');
    const began = performance.now();
    const { seq } = await post(ada, space, 'hello');
    await told(bens, space, seq);
    expect(performance.now() - began).toBeLessThan(1_000);
    await told(adas, other, foreign);
    expect(headOf(bens, other)).toBeUndefined();
    expect(bens.events(space)).toEqual([]);
    for (const socket of [bens, adas]) socket.close();
  });

  it('leave out what a socket is subscribed to', async () => {
    const [space, other] = [await createSpace(ada, [ben]), await createSpace(ada, [ben])];
    const socket = await openSocket(app.url, {
      token: ben.token,
      spaces: [{ id: space, after: 0 }],
    });
    await socket.next('events');
    const { seq } = await post(ada, space, 'by event');
    await socket.reaches(space, seq);
    const { seq: last } = await post(ada, other, 'by head');
    await told(socket, other, last);
    expect(headOf(socket, space)).toBeUndefined();
    socket.close();
  });

  it('tell a subscribed socket, too, that marks of a space moved, also beside an event of it', async () => {
    const space = await createSpace(ada, [ben]);
    const socket = await openSocket(app.url, {
      token: ben.token,
      spaces: [{ id: space, after: 0 }],
    });
    await socket.next('events');
    const { seq } = await post(ada, space, 'imported');
    await app.unread.startHere(space);
    await told(socket, space, seq);
    socket.close();
  });

  it('begin with joining and end with it', async () => {
    const [space, fence] = [await createSpace(ada), await createSpace(ada, [ben])];
    const socket = await openSocket(app.url, ben);
    const params = { spaceId: space };
    await ben.call(joinSpace, { params, body: { password: SPACE_KEY } });
    const { seq } = await post(ada, space, 'welcome');
    await told(socket, space, seq);
    await ada.call(removeMember, { params: { ...params, userId: ben.id } });
    await post(ada, space, 'without Ben');
    const { seq: last } = await post(ada, fence, 'here');
    await told(socket, fence, last);
    expect(headOf(socket, space)).toBe(seq);
    socket.close();
  });
});

it('a mark that moves is told to all windows of its person, and to nobody else', async () => {
  const space = await createSpace(ada, [ben]);
  const { seq } = await post(ada, space, 'hello');
  const [first, second, adas] = [
    await openSocket(app.url, ben),
    await openSocket(app.url, ben),
    await openSocket(app.url, ada),
  ];
  const put = () => ben.call(putReadMark, { params: { spaceId: space }, body: { seq } });
  const mark = await put();
  expect((await first.next('read-mark')).mark).toEqual(mark);
  expect((await second.next('read-mark')).mark).toEqual(mark);
  // What moves nothing is not told.
  await put();
  const { seq: later } = await post(ada, space, 'fence');
  for (const socket of [first, second, adas]) await told(socket, space, later);
  expect([first, second, adas].map((socket) => socket.of('read-mark').length)).toEqual([1, 1, 0]);
  for (const socket of [first, second, adas]) socket.close();
});
