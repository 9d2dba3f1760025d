import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClientFrame } from '@teambrain/contract/socket.ts';
import { movableClock, SECOND } from '../../testing/clock.ts';
import { register, type Person } from '../../testing/people.ts';
import { opened, openSocket, rawSocket, type RawSocket } from '../../testing/socket.ts';
import { createSpace, upTo } from '../../testing/space.ts';
import { createTestApp, useTestApp, type TestApp } from '../../testing/test-app.ts';
import { openWindow, refresh } from '../../testing/window.ts';

let app: TestApp;
let person: Person;

beforeAll(async () => {
  app = await createTestApp();
  person = await register(app.url, 'Door');
});
afterAll(() => app.close());

const hello = (token: string, protocol = 1): ClientFrame => ({
  frame: 'hello',
  token,
  protocol,
  spaces: [],
});

describe('hello', () => {
  it('is answered with what the client needs to know', async () => {
    const socket = await openSocket(app.url, person);
    const { epoch, heartbeat, limits } = await socket.next('welcome');
    expect(epoch).toMatch(/^[0-9a-f-]{36}$/);
    expect([heartbeat, limits]).toEqual([15_000, { maxFrame: 65_536, subscriptions: 200 }]);
    socket.close();
  });

  it('must come within five seconds, whatever else is said meanwhile', async () => {
    const started = Date.now();
    const [silent, chatty] = [rawSocket(app.url), rawSocket(app.url)];
    await Promise.all([opened(silent), opened(chatty)]);
    const talk = setInterval(() => chatty.isOpen && chatty.raw.send('not a frame'), 400);
    expect(await silent.closed()).toBe(4401);
    expect(await chatty.closed()).toBe(4401);
    clearInterval(talk);
    expect(Date.now() - started).toBeGreaterThan(4_400);
    expect(chatty.of('problem').length).toBeGreaterThan(1);
  });

  it.each(['', 'made-up', 'a.b.c'])('with the token "%s" closes the socket', async (token) => {
    const socket = rawSocket(app.url);
    await opened(socket);
    socket.send(hello(token));
    expect(await socket.closed()).toBe(4401);
    expect(socket.frames).toEqual([]);
  });

  it('must come first: every other frame closes the socket', async () => {
    const socket = rawSocket(app.url);
    await opened(socket);
    socket.send({ frame: 'typing', space: person.id });
    expect(await socket.closed()).toBe(4401);
  });

  it('of another protocol, or said twice, is refused', async () => {
    const other = rawSocket(app.url);
    await opened(other);
    other.send(hello(person.token, 2));
    expect((await other.next('problem')).problem.code).toBe('invalid-request');
    other.send(hello(person.token));
    await other.next('welcome');
    other.send(hello(person.token));
    await other.next('problem', 2);
    expect(other.of('welcome')).toHaveLength(1);
    other.close();
  });
});

describe('where a socket may come from', () => {
  const refused = async (headers: Record<string, string>) => {
    const socket = rawSocket(app.url, headers);
    const code = await socket.closed();
    return { code, wasOpen: socket.frames.length > 0 };
  };

  it.each(['https://evil.example', 'null', 'http://127.0.0.1.evil.example', ''])(
    'is not the Origin "%s"',
    async (origin) => {
      expect(await refused({ origin })).toEqual({ code: 1006, wasOpen: false });
    },
  );

  it('is our own Origin, or a program that sends none', async () => {
    for (const headers of [{ origin: app.url }, {}]) {
      const socket = rawSocket(app.url, headers as Record<string, string>);
      await opened(socket);
      socket.send(hello(person.token));
      await socket.next('welcome');
      socket.close();
    }
    expect((await refused({ origin: 'https://evil.example' })).code).toBe(1006);
  });
});

describe('limits', () => {
  it('close a socket that sends more than 20 frames a second', async () => {
    const [calm, flooding] = [await openSocket(app.url, person), await openSocket(app.url, person)];
    for (let n = 0; n < 30; n += 1) flooding.raw.send('{"frame":"unsubscribe"}');
    expect(await flooding.closed()).toBe(4429);
    expect(flooding.of('problem').length).toBeLessThan(21);
    expect(calm.isOpen).toBe(true);
    calm.close();
  });

  it('close a socket that sends more than 64 KiB in a frame, before it is complete', async () => {
    const socket = await openSocket(app.url, person);
    socket.raw.send(`{"frame":"${'x'.repeat(70_000)}"}`);
    expect(await socket.closed()).toBe(1009);
  });

  it('refuse what is no frame and leave the socket open', async () => {
    const socket = await openSocket(app.url, person);
    for (const text of [
      '',
      '[]',
      'null',
      '{"frame":"drop"}',
      '{"frame":"unsubscribe","space":1}',
    ]) {
      socket.raw.send(text);
    }
    socket.raw.send(Buffer.from([1, 2, 3]));
    expect((await socket.next('problem', 6)).problem.code).toBe('invalid-request');
    expect(socket.isOpen).toBe(true);
    socket.close();
  });

  it('let a user have ten sockets: one more closes the oldest', async () => {
    const many = await register(app.url, 'Many');
    const sockets: RawSocket[] = [];
    for (const _n of upTo(11)) sockets.push(await openSocket(app.url, many));
    const [oldest, ...others] = sockets;
    expect(await oldest?.closed()).toBe(4409);
    expect(others.every(({ isOpen }) => isOpen)).toBe(true);
    // Whoever leaves gives their seat back.
    others[0]?.close();
    await others[0]?.closed();
    const another = await openSocket(app.url, many);
    await another.next('welcome');
    expect(others.slice(1).every(({ isOpen }) => isOpen)).toBe(true);
    for (const socket of [...others, another]) socket.close();
  });

  it('let a person say hello only so often', async () => {
    const socket = { quota: 2, window: 60 };
    const strict = await useTestApp({ limitFactor: 1, config: { limits: { socket } } });
    const person = await register(strict.url, 'Restless');
    const sockets = [await openSocket(strict.url, person), await openSocket(strict.url, person)];
    const third = rawSocket(strict.url);
    await opened(third);
    third.send(hello(person.token));
    expect((await third.next('problem')).problem).toMatchObject({ code: 'too-many-requests' });
    expect(await third.closed()).toBe(4429);
    for (const one of sockets) one.close();
  });

  it('let a socket have 200 subscriptions', { timeout: 120_000 }, async () => {
    const ids: string[] = [];
    // Not all at once: a busy server would refuse some.
    while (ids.length < 201) ids.push(await createSpace(person, [], 'public'));
    const [last = '', ...most] = ids;
    const spaces = most.map((id) => ({ id, after: 0 }));
    const socket = await openSocket(app.url, { token: person.token, spaces });
    await socket.next('events', 200);
    socket.send({ frame: 'subscribe', space: last, after: 0 });
    expect(await socket.next('problem')).toMatchObject({
      space: last,
      problem: { code: 'too-many-requests' },
    });
    socket.send({ frame: 'unsubscribe', space: most[0] ?? '' });
    socket.send({ frame: 'subscribe', space: last, after: 0 });
    await socket.reaches(last, 2);
    socket.close();
  });
});

describe('the end of the access token', () => {
  it('closes the socket, unless it was renewed with a token of the same session', async () => {
    // Tokens of this clock have three seconds of real time left.
    const clock = movableClock(-597 * SECOND);
    const brief = await useTestApp({ clock });
    const [mine, stranger] = [await openWindow(brief.url), await openWindow(brief.url)];
    const [over, renewed, foreign] = [
      await openSocket(brief.url, mine),
      await openSocket(brief.url, mine),
      await openSocket(brief.url, mine),
    ];
    clock.advance(60 * SECOND);
    const next = await refresh(brief.url, mine.cookie);
    const other = await refresh(brief.url, stranger.cookie);
    renewed.send({ frame: 'renew', token: next.token });
    foreign.send({ frame: 'renew', token: other.token });
    expect((await renewed.next('renewed')).expiresIn).toBeGreaterThan(50);
    expect(await foreign.closed()).toBe(4401);
    expect(await over.closed()).toBe(4401);
    expect(renewed.isOpen).toBe(true);
    renewed.close();
  });
});
