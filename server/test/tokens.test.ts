import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getMe, logout, refresh } from '@teambrain/contract/auth.ts';
import { deleteMessage, listMessages, postMessage } from '@teambrain/contract/chat.ts';
import type { Endpoint } from '@teambrain/contract/endpoint.ts';
import { search } from '@teambrain/contract/search.ts';
import { closeCodes } from '@teambrain/contract/socket.ts';
import { listSpaces } from '@teambrain/contract/spaces.ts';
import { movableClock } from '../src/testing/clock.ts';
import { useTestApp } from '../src/testing/test-app.ts';
import { register } from '../src/testing/people.ts';
import { createSender, inParallel, outcomeOf, requestOf, type Input } from './support/http.ts';
import { helloOf, openSocket } from './support/socket.ts';
import { createWorld, logIn, sessionOf, type World } from './support/world.ts';
import { failuresIn } from './support/sound.ts';
import { forgeries, genuine, mint, type Genuine } from './tokens.forged.ts';

let world: World;
let real: Genuine;

beforeAll(async () => {
  world = await createWorld();
  const { owner } = world.cast;
  real = genuine(world.secret, owner.id, sessionOf(owner.token));
});
afterAll(() => world.app.close());

/** Five doors, two of which would change something. */
function doors(): [Endpoint, Input][] {
  const { spaceId, message } = world.places.protected;
  return [
    [getMe, {}],
    [listSpaces, {}],
    [listMessages, { params: { spaceId } }],
    [deleteMessage, { params: { spaceId, messageId: message } }],
    [search, { query: { q: 'coffee' } }],
  ];
}

async function sayHello(token: string): Promise<number | 'welcome'> {
  const socket = await openSocket(world.url);
  socket.send(helloOf(token));
  const outcome = await Promise.race([
    socket.closed,
    socket.find('welcome').then(() => 'welcome' as const),
  ]);
  await socket.end();
  return outcome;
}

describe('an access token', () => {
  it('as the server makes it is taken, so that each forgery fails for its one fault', async () => {
    const token = mint(real);
    for (const [endpoint, input] of doors().filter(([{ method }]) => method === 'GET')) {
      expect(outcomeOf(await world.send(requestOf(endpoint, input, token)))).toBe('200');
    }
    expect(await sayHello(token)).toBe('welcome');
  });

  it('that is forged opens no endpoint', async () => {
    const all = Object.entries(forgeries(real));
    const found = new Map<string, string>();
    await inParallel(all, async ([fault, token]) => {
      for (const [endpoint, input] of doors()) {
        const reply = await world.send(requestOf(endpoint, input, token));
        const outcome = `${outcomeOf(reply)} ${String(reply.headers['content-type'])}`;
        if (outcome !== 'session-ended application/problem+json; charset=utf-8') {
          found.set(`${fault}, ${endpoint.path}`, outcome);
        }
      }
    });
    expect([...found]).toEqual([]);
    expect(all.length).toBeGreaterThanOrEqual(40);
  });

  it('that is forged opens no socket', async () => {
    const found: Record<string, number | 'welcome'> = {};
    await inParallel(Object.entries(forgeries(real)), async ([fault, token]) => {
      const outcome = await sayHello(token);
      if (outcome !== closeCodes.unauthenticated) found[fault] = outcome;
    });
    expect(found).toEqual({});
  });

  it('left no trace of a failure inside', () => {
    expect(failuresIn(world.app.logged())).toEqual([]);
  });
});

describe('an Authorization header', () => {
  it.each([
    ['', 'not-signed-in'],
    ['Bearer', 'not-signed-in'],
    ['Bearer ', 'not-signed-in'],
    ['Bearer  TOKEN', 'not-signed-in'],
    ['Bearer TOKEN TOKEN', 'not-signed-in'],
    ['Bearer,TOKEN', 'not-signed-in'],
    ['Basic TOKEN', 'not-signed-in'],
    ['Token TOKEN', 'not-signed-in'],
    ['TOKEN', 'not-signed-in'],
    ['Bearer TOKEN,', 'session-ended'],
    ['Bearer "TOKEN"', 'session-ended'],
    ['Bearer\tTOKEN', 'not-signed-in'],
    ['bearer TOKEN', '200'],
    ['Bearer TOKEN', '200'],
  ])('«%s» gives %s', async (header, outcome) => {
    const authorization = header.replaceAll('TOKEN', mint(real));
    const sent = { method: 'GET', path: '/api/me', headers: { authorization } };
    expect(outcomeOf(await world.send(sent))).toBe(outcome);
  });

  it.each(['access_token', 'token', 'authorization'])(
    'is not replaced by ?%s= or a cookie',
    async (name) => {
      const token = mint(real);
      const headers = { cookie: `${name}=${token}; teambrain-refresh=${token}` };
      const cookie = await world.send({ method: 'GET', path: '/api/me', headers });
      const query = await world.send({ method: 'GET', path: `/api/me?${name}=${token}` });
      expect([outcomeOf(cookie), outcomeOf(query)]).toEqual(['not-signed-in', 'not-signed-in']);
    },
  );
});

describe('one kind of token in place of another', () => {
  it('is refused, whichever way round', async () => {
    const { token, cookie } = await logIn(world.send, world.guest);
    const [name, refreshToken = ''] = cookie.split('=');
    const asCookie = (value: string) => ({ headers: { cookie: `${name}=${value}` } });
    const asBearer = await world.send(requestOf(getMe, {}, refreshToken));
    const swapped = await world.send(requestOf(refresh, asCookie(token), null));
    expect([outcomeOf(asBearer), outcomeOf(swapped)]).toEqual(['session-ended', 'session-ended']);
    expect(await sayHello(refreshToken)).toBe(closeCodes.unauthenticated);
    // Neither attempt cost the session anything.
    const right = await world.send(requestOf(refresh, asCookie(refreshToken), null));
    expect(outcomeOf(right)).toBe('200');
  });
});

describe('a token of a session that ended', () => {
  it('is refused at once, over HTTP and on sockets that were open', async () => {
    const { token, cookie } = await logIn(world.send, world.guest);
    const socket = await openSocket(world.url);
    socket.send(helloOf(token));
    await socket.find('welcome');
    await world.send(requestOf(logout, { headers: { cookie } }, token));
    expect(await socket.closed).toBe(closeCodes.unauthenticated);
    const { spaceId } = world.places.public;
    const post = requestOf(postMessage, { params: { spaceId }, body: { text: 'Late' } }, token);
    expect(outcomeOf(await world.send(post))).toBe('session-ended');
    expect(await sayHello(token)).toBe(closeCodes.unauthenticated);
  });
});

describe('time', () => {
  it('ends an access token after ten minutes and at most 30 seconds of leeway', async () => {
    const clock = movableClock();
    const app = await useTestApp({ clock, config: { secret: randomBytes(48).toString('hex') } });
    const person = await register(app.url, 'Patient');
    const send = createSender(app.url);
    const at = async (seconds: number) => {
      clock.advance(seconds * 1000);
      return outcomeOf(await send(requestOf(getMe, {}, person.token)));
    };
    expect([await at(599), await at(28), await at(5)]).toEqual(['200', '200', 'session-ended']);
  });
});
