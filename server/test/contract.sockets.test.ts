import fc from 'fast-check';
import { Compile } from 'typebox/compile';
import { v7 as newId } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postMessage } from '@teambrain/contract/chat.ts';
import { closeCodes, ServerFrame, socketLimits } from '@teambrain/contract/socket.ts';
import { hostileText, hostileValue } from './contract.hostile.ts';
import { inParallel } from './support/http.ts';
import { failuresIn } from './support/sound.ts';
import { connectAs, helloOf, openSocket, type TestSocket } from './support/socket.ts';
import { createWorld, type World } from './support/world.ts';

/** Random conversations; more with FUZZ=<factor>. */
const RUNS = 80 * Number(process.env['FUZZ'] ?? 1);

let world: World;
const serverFrame = Compile(ServerFrame);

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.app.close());

/** Frames that look like the protocol's, with anything in their fields, and some that do not. */
function frames(ids: readonly string[]): fc.Arbitrary<string | Buffer> {
  const kind = fc.constantFrom(
    ...['hello', 'subscribe', 'unsubscribe', 'fetch', 'typing', 'renew', 'event', 'welcome'],
  );
  const field = fc.oneof(fc.constantFrom(...ids), hostileValue(ids));
  const cursor = fc.oneof(fc.constantFrom(0, 1, 9_007_199_254_740_991), hostileValue(ids));
  const likely = fc.record(
    {
      frame: kind,
      space: field,
      thread: field,
      after: cursor,
      limit: cursor,
      token: field,
      protocol: fc.constantFrom(1, 2),
      spaces: fc.oneof(
        fc.array(fc.record({ id: field, after: cursor }), { maxLength: 3 }),
        hostileValue(ids),
      ),
      epoch: field,
    },
    { requiredKeys: ['frame'] },
  );
  return fc.oneof(
    { weight: 6, arbitrary: likely.map((frame) => JSON.stringify(frame)) },
    { weight: 1, arbitrary: hostileValue(ids).map((value) => JSON.stringify(value) ?? '') },
    { weight: 1, arbitrary: hostileText },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes)) },
  );
}

/** Ids and fences: once the socket is closed or has answered a fetch, all before it was handled. */
async function settle(socket: TestSocket): Promise<void> {
  const nowhere = newId();
  if (socket.isOpen()) socket.send({ frame: 'fetch', space: nowhere, after: 0 });
  await Promise.race([
    socket.closed,
    socket.find('problem', ({ space }) => space === nowhere).catch(() => undefined),
  ]);
}

describe('a socket', () => {
  it('answers anything with frames of the protocol, or closes', async () => {
    const { cast, places, url } = world;
    const ids = [places.public.spaceId, places.protected.spaceId, cast.owner.id, newId()];
    const talk = fc.array(frames(ids), { minLength: 1, maxLength: 8 });
    const people = fc.constantFrom(null, cast.owner, cast.member, cast.outsider);
    const conversation = fc.tuple(talk, people);
    const batch = fc.array(conversation, { minLength: 8, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(batch, async (conversations) => {
        await inParallel(
          conversations,
          async ([said, person]) => {
            const socket = person ? await connectAs(url, person.token) : await openSocket(url);
            for (const data of said) socket.sendRaw(data);
            await settle(socket);
            await socket.end();
            const foreign = socket.frames.filter((frame) => !serverFrame.Check(frame));
            expect(foreign).toEqual([]);
            if (!person)
              expect(socket.frames.filter(({ frame }) => frame === 'events')).toEqual([]);
          },
          4,
        );
      }),
      { numRuns: Math.ceil(RUNS / 8), endOnFailure: true },
    );
  });

  it.each<[string, (socket: TestSocket) => void, number]>([
    ['a frame too large', (s) => s.sendRaw('x'.repeat(socketLimits.maxFrame + 1)), 1009],
    ['bytes that are no UTF-8', (s) => s.sendRaw(Buffer.from([0xff, 0xfe, 0xfd])), 1007],
    [
      'too many frames at once',
      (s) => {
        const count = socketLimits.framesPerSecond * 2;
        for (let n = 0; n < count; n += 1) s.send({ frame: 'typing', space: newId() });
      },
      closeCodes.limits,
    ],
  ])('is closed for %s', async (_, act, code) => {
    const socket = await connectAs(world.url, world.cast.member.token);
    act(socket);
    expect(await socket.closed).toBe(code);
  });

  it.each([
    ['binary', (s: TestSocket) => s.sendRaw(Buffer.from('{"frame":"typing"}'), true)],
    ['10,000 lists deep', (s: TestSocket) => s.sendRaw('['.repeat(10_000) + ']'.repeat(10_000))],
    ['cut off', (s: TestSocket) => s.sendRaw('{"frame":')],
    ['with an unknown field', (s: TestSocket) => s.send({ frame: 'renew', token: 'x', admin: 1 })],
    ['__proto__', (s: TestSocket) => s.sendRaw('{"__proto__":{"frame":"typing"}}')],
    ['a second hello', (s: TestSocket) => s.send(helloOf(world.cast.owner.token))],
    ['of the server’s', (s: TestSocket) => s.send({ frame: 'removed', space: newId() })],
  ])('says what was wrong with a frame that is %s, and goes on', async (_, act) => {
    const socket = await connectAs(world.url, world.cast.member.token);
    act(socket);
    const { problem } = await socket.find('problem');
    expect(problem.code).toBe('invalid-request');
    const space = world.places.public.spaceId;
    socket.send({ frame: 'fetch', space, after: 0 });
    await socket.find('events');
    await socket.end();
  });

  it('makes room as the oldest of eleven of one person', async () => {
    const { url, cast } = world;
    const sockets: TestSocket[] = [];
    for (let n = 0; n <= socketLimits.socketsPerUser; n += 1) {
      sockets.push(await connectAs(url, cast.moderator.token));
    }
    expect(await sockets.shift()?.closed).toBe(closeCodes.displaced);
    expect(sockets.every((socket) => socket.isOpen())).toBe(true);
    for (const socket of sockets) await socket.end();
  });

  it('of somebody else was not disturbed by any of this', async () => {
    const { cast, places, url } = world;
    const params = { spaceId: places.public.spaceId };
    const socket = await connectAs(url, cast.owner.token);
    socket.send({ frame: 'subscribe', space: params.spaceId, after: 0 });
    await socket.find('events');
    const { id } = await cast.member.call(postMessage, { params, body: { text: 'Still here' } });
    await socket.until((received) => received.includes(id));
    await socket.end();
    expect(failuresIn(world.app.logged())).toEqual([]);
  });
});
