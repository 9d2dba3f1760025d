import { v7 as newId } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postMessage } from '@teambrain/contract/chat.ts';
import { closeCodes } from '@teambrain/contract/socket.ts';
import { createSpace, joinSpace, removeMember, updateSpace } from '@teambrain/contract/spaces.ts';
import { register, SPACE_PASSWORD } from '../src/testing/people.ts';
import { connectAs, helloOf, openSocket, type TestSocket } from './support/socket.ts';
import {
  ACTORS,
  createBadTokens,
  createWorld,
  logIn,
  type SignedInName,
  type World,
} from './support/world.ts';

let world: World;
/** Two who hear everything, so that each hears what the other types. */
let ears: TestSocket[];

beforeAll(async () => {
  world = await createWorld();
  const { cast, places, url } = world;
  ears = [await connectAs(url, cast.owner.token), await connectAs(url, cast.moderator.token)];
  for (const ear of ears) {
    for (const { spaceId } of Object.values(places)) {
      ear.send({ frame: 'subscribe', space: spaceId, after: 0 });
      await ear.find('events', ({ space }) => space === spaceId);
    }
  }
});
afterAll(async () => {
  for (const ear of ears) await ear.end();
  await world.app.close();
});

/** The first answer to each frame: what came, by kind. */
async function attempt(socket: TestSocket, space: string, userId: string) {
  socket.send({ frame: 'subscribe', space, after: 0 });
  // Frames are handled in order: once this one is answered, the subscription was too.
  socket.send({ frame: 'fetch', space, after: 0, limit: 1 });
  const isAbout = (frame: { space?: string }) => frame.space === space;
  const fetched = await Promise.race([
    socket.find('problem', isAbout).then(({ problem }) => problem.code),
    socket.find('events', ({ events, ...frame }) => isAbout(frame) && events.length === 1),
  ]);
  const first = socket.frames.find((f) => 'space' in f && f.space === space);
  const problems = socket.frames.filter(({ frame }) => frame === 'problem').length;
  // As for a message, so for a reply.
  socket.send({ frame: 'typing', space, thread: newId() });
  const typed = await Promise.race([
    socket
      .find('problem', ({ problem, space: about }) => about === undefined && problem.status > 0)
      .then(({ problem }) => problem.code),
    ...ears.map((ear) =>
      ear.find('typing', (f) => f.space === space && f.user.id === userId).then(() => 'heard'),
    ),
  ]);
  expect(socket.frames.filter(({ frame }) => frame === 'problem').length - problems).toBe(
    typed === 'heard' ? 0 : 1,
  );
  return [
    first?.frame === 'removed' ? first.reason : String(first?.frame),
    typeof fetched === 'string' ? fetched : 'events',
    typed,
  ].join(' ');
}

describe('subscribe, fetch and typing', () => {
  const none = 'not-found not-found not-found';
  const all = 'events events heard';
  const reads = 'events events forbidden';
  const locked = 'locked locked locked';
  it.each<[SignedInName, string, string]>([
    ['outsider', reads, locked],
    ['locked', reads, locked],
    ['member', all, all],
    ['moderator', all, all],
    ['owner', all, all],
    ['administrator', all, locked],
    ['exMember', reads, locked],
  ])('as %s', async (actor, inPublic, inProtected) => {
    const { cast, places, url } = world;
    const { id, token } = cast[actor];
    const found: string[] = [];
    for (const space of [places.public.spaceId, places.protected.spaceId, newId()]) {
      const socket = await connectAs(url, token);
      found.push(await attempt(socket, space, id));
      await socket.end();
    }
    expect(found).toEqual([inPublic, inProtected, none]);
  });
});

describe('heads', () => {
  it('are told to members alone', async () => {
    const { cast, guest, places, url } = world;
    const sockets = new Map<string, TestSocket>();
    const names = ACTORS.filter((name): name is SignedInName => name !== 'anonymous');
    for (const name of names) sockets.set(name, await connectAs(url, cast[name].token));
    // A space of all of them, told of with or after the others.
    const fence = await cast.owner.call(createSpace, {
      body: { name: 'Fence', visibility: 'public' },
    });
    const params = { spaceId: fence.id };
    for (const name of names) await cast[name].call(joinSpace, { params, body: {} });
    for (const { spaceId } of Object.values(places)) {
      await guest.call(postMessage, { params: { spaceId }, body: { text: 'For members' } });
    }
    const { seq } = await cast.owner.call(postMessage, { params, body: { text: 'For all' } });
    const told: Record<string, boolean[]> = {};
    for (const [name, socket] of sockets) {
      await socket.find('heads', ({ heads }) => heads[fence.id] === seq);
      const named = socket.frames.flatMap((f) => (f.frame === 'heads' ? Object.keys(f.heads) : []));
      told[name] = [places.public, places.protected].map(({ spaceId }) => named.includes(spaceId));
      await socket.end();
    }
    const [members, others] = [
      [true, true],
      [false, false],
    ];
    expect(told).toEqual({
      administrator: others,
      owner: members,
      moderator: members,
      member: members,
      locked: others,
      outsider: others,
      exMember: others,
    });
  });
});

describe('a socket', () => {
  it.each([
    { frame: 'subscribe', space: newId(), after: 0 },
    { frame: 'fetch', space: newId(), after: 0 },
    { frame: 'typing', space: newId() },
    { frame: 'typing', space: newId(), thread: newId() },
    { frame: 'unsubscribe', space: newId() },
    { frame: 'renew', token: 'x' },
  ])('without hello gets nothing for $frame', async (frame) => {
    const socket = await openSocket(world.url);
    socket.send(frame);
    expect(await socket.closed).toBe(closeCodes.unauthenticated);
    expect(socket.frames).toEqual([]);
  });

  it('is closed on a hello with a token that is not good', async () => {
    const tokens = await createBadTokens(world, world.guest);
    const codes: Record<string, number> = {};
    for (const [kind, token] of Object.entries(tokens)) {
      const socket = await openSocket(world.url);
      socket.send(helloOf(token, [{ id: world.places.public.spaceId, after: 0 }]));
      codes[kind] = await socket.closed;
      expect(socket.frames).toEqual([]);
    }
    expect(new Set(Object.values(codes))).toEqual(new Set([closeCodes.unauthenticated]));
  });

  it('is closed when renewed with a token of another session', async () => {
    const { url, cast, send } = world;
    for (const token of [cast.owner.token, (await logIn(send, cast.member)).token, 'x']) {
      const socket = await connectAs(url, cast.member.token);
      socket.send({ frame: 'renew', token });
      expect(await socket.closed).toBe(closeCodes.unauthenticated);
    }
  });

  it.each(['https://evil.example', 'null', 'http://127.0.0.1:1', 'http://127.0.0.1.evil.example'])(
    'is refused to a page of %s',
    async (origin) => {
      await expect(openSocket(world.url, { headers: { origin } })).rejects.toThrow('403');
    },
  );

  it('is open to the instance’s own pages', async () => {
    const socket = await openSocket(world.url, { headers: { origin: world.url } });
    expect(socket.isOpen()).toBe(true);
    await socket.end();
  });
});

describe('who loses a protected space', () => {
  const post = (text: string) =>
    world.cast.owner.call(postMessage, {
      params: { spaceId: world.places.protected.spaceId },
      body: { text },
    });

  /** Someone who joins and listens, until `end` takes the right away. */
  async function losesIt(end: (userId: string) => Promise<unknown>) {
    const { spaceId } = world.places.protected;
    const person = await register(world.url, 'Passing');
    const params = { spaceId };
    await person.call(joinSpace, { params, body: { password: SPACE_PASSWORD } });
    const socket = await connectAs(world.url, person.token);
    socket.send({ frame: 'subscribe', space: spaceId, after: 0 });
    await socket.find('events');
    await post(`Before ${person.id}`);
    await socket.until((text) => text.includes(`Before ${person.id}`));
    await end(person.id);
    const after = `After ${person.id}`;
    await post(after);
    const { reason } = await socket.find('removed');
    socket.send({ frame: 'fetch', space: spaceId, after: 0 });
    const { problem } = await socket.find('problem');
    const hasHeard = socket.received().includes(after);
    await socket.end();
    return { reason, code: problem.code, hasHeard };
  }

  it('hears nothing more once removed', async () => {
    const { spaceId } = world.places.protected;
    const found = await losesIt((userId) =>
      world.cast.moderator.call(removeMember, { params: { spaceId, userId } }),
    );
    expect(found).toEqual({ reason: 'removed', code: 'locked', hasHeard: false });
  });

  it('hears nothing more once everyone has to join anew', async () => {
    const { spaceId } = world.places.protected;
    const found = await losesIt(() =>
      world.cast.owner.call(updateSpace, {
        params: { spaceId },
        body: { password: 'another word', everyoneJoinsAnew: true },
      }),
    );
    expect(found).toEqual({ reason: 'locked', code: 'locked', hasHeard: false });
  });
});
