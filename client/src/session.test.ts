import { getMe } from '@teambrain/contract/auth.ts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createCookieFetch } from './cookie-fetch.ts';
import { createSession, type Session, type SessionState } from './session.ts';
import { startAuthServer } from './testing/auth-server.ts';
import { sendProblem } from './testing/http-server.ts';

let auth: Awaited<ReturnType<typeof startAuthServer>>;
let cookies: typeof fetch;
const open: Session[] = [];

/** A session of one browser: all share `cookies`. */
function tab(): Session {
  const session = createSession({ baseUrl: auth.server.url, fetch: cookies });
  open.push(session);
  return session;
}

const ann = { email: 'ann@x.org', password: 'right' };
const bob = { email: 'bob@x.org', password: 'right' };

beforeEach(async () => {
  auth = await startAuthServer();
  cookies = createCookieFetch(auth.server.url);
});
afterEach(async () => {
  for (const session of open.splice(0)) session.close();
  vi.unstubAllGlobals();
  await auth.server.close();
});

describe('signing in and out', () => {
  it('registers, logs in, and tells listeners', async () => {
    const session = tab();
    const seen: SessionState[] = [];
    const stop = session.onChange((state) => seen.push(state));
    await session.register({ ...ann, name: 'Ann' });
    expect(session.user?.email).toBe('ann@x.org');
    expect(session.accessToken()).toBe('t1');
    await session.logout();
    stop();
    await session.login(bob);
    expect(seen.map(({ status }) => status)).toEqual(['signed-in', 'signed-out']);
    expect(session.user?.email).toBe('bob@x.org');
  });

  it('stays as it was after a wrong password', async () => {
    const session = tab();
    await expect(session.login({ ...ann, password: 'wrong' })).rejects.toMatchObject({
      problem: { code: 'wrong-credentials' },
    });
    expect(session.state).toEqual({ status: 'starting', user: null, isOffline: false });
  });

  it('does not claim to have logged out when the server could not be told', async () => {
    const session = tab();
    await session.login(ann);
    auth.interfere = (_, response) => Boolean(response.destroy());
    await expect(session.logout()).rejects.toMatchObject({ name: 'ConnectionError' });
    expect(session.state.status).toBe('signed-in');
    auth.interfere = () => false;
    await session.logout();
    expect([session.state.status, session.accessToken()]).toEqual(['signed-out', null]);
    expect(await tab().restore()).toBe(false);
  });

  it('ends every session, with a fresh token if need be', async () => {
    const session = tab();
    await session.login(ann);
    auth.endTokens();
    await session.logoutAll();
    expect(session.user).toBeNull();
    expect(await tab().restore()).toBe(false);
  });

  it('takes no harm from a listener that throws', async () => {
    const session = tab();
    const thrown: unknown[] = [];
    vi.stubGlobal('queueMicrotask', (run: () => void) => {
      try {
        run();
      } catch (error) {
        thrown.push(error);
      }
    });
    session.onChange(() => {
      throw new Error('mine');
    });
    await session.login(ann);
    expect(session.state.status).toBe('signed-in');
    expect(thrown).toEqual([new Error('mine')]);
  });
});

describe('restore', () => {
  it('signs in with the cookie', async () => {
    await tab().login(ann);
    const session = tab();
    expect(await Promise.all([session.restore(), session.restore()])).toEqual([true, true]);
    expect(session.user?.email).toBe('ann@x.org');
    // The exchange says who it is.
    expect([auth.count('/auth/refresh'), auth.count('/me')]).toEqual([1, 0]);
  });

  it('is false without a cookie, and with one that does not hold', async () => {
    const session = tab();
    expect(await session.restore()).toBe(false);
    expect(session.state.status).toBe('signed-out');
    expect(auth.count('/auth/refresh')).toBe(1);
    await tab().login(ann);
    auth.endSessions();
    const next = tab();
    expect(await next.restore()).toBe(false);
    expect(next.state.status).toBe('signed-out');
  });

  it('waits for the server and says so', async () => {
    await tab().login(ann);
    let cuts = 0;
    auth.interfere = (_, response) => cuts++ < 2 && Boolean(response.destroy());
    const session = tab();
    const states: boolean[] = [];
    session.onChange(({ isOffline }) => states.push(isOffline));
    expect(await session.restore()).toBe(true);
    expect(states).toContain(true);
    expect(session.state.isOffline).toBe(false);
  });

  it('rejects when something else answers', async () => {
    auth.interfere = (_, response) => Boolean(response.writeHead(404).end('no API here'));
    await expect(tab().restore()).rejects.toMatchObject({ name: 'ResponseError', status: 404 });
  });
});

describe('refreshing', () => {
  it('goes before the token ends, unasked', async () => {
    auth.expiresIn = 0.4;
    const session = tab();
    await session.login(ann);
    await vi.waitFor(() => expect(auth.count('/auth/refresh')).toBeGreaterThan(1));
    expect(session.state.status).toBe('signed-in');
  });

  it('is one for many calls that met a 401', async () => {
    const session = tab();
    await session.login(ann);
    auth.endTokens();
    const answers = await Promise.all(Array.from({ length: 10 }, () => session.call(getMe, {})));
    expect(answers.every(({ email }) => email === 'ann@x.org')).toBe(true);
    expect(auth.count('/auth/refresh')).toBe(1);
  });

  it('without an answer is tried again and logs nobody out', async () => {
    const session = tab();
    await session.login(ann);
    auth.endTokens();
    let cuts = 0;
    auth.interfere = ({ url }, response) => {
      if (url !== '/api/auth/refresh' || cuts++ > 2) return false;
      if (cuts === 1) response.destroy();
      else sendProblem(response, cuts === 2 ? 'busy' : 'internal');
      return true;
    };
    await expect(session.call(getMe, {})).rejects.toMatchObject({ name: 'ConnectionError' });
    expect(session.state).toMatchObject({ status: 'signed-in', isOffline: true });
    await vi.waitFor(() => expect(session.state.isOffline).toBe(false), 10_000);
    expect(await session.call(getMe, {})).toMatchObject({ email: 'ann@x.org' });
  }, 15_000);

  it('that lost a race with another tab reads the cookie again, and nobody is logged out', async () => {
    const session = tab();
    await session.login(ann);
    auth.endTokens();
    let races = 0;
    auth.interfere = ({ url }, response) => {
      if (url !== '/api/auth/refresh' || races++ > 1) return false;
      sendProblem(response, 'retry');
      return true;
    };
    expect(await session.call(getMe, {})).toMatchObject({ email: 'ann@x.org' });
    expect(auth.count('/auth/refresh')).toBe(3);

    auth.endTokens();
    auth.interfere = ({ url }, response) => {
      if (url !== '/api/auth/refresh') return false;
      sendProblem(response, 'retry');
      return true;
    };
    await expect(session.call(getMe, {})).rejects.toMatchObject({ problem: { code: 'retry' } });
    expect(session.state).toMatchObject({ status: 'signed-in', isOffline: true });
    auth.interfere = () => false;
    await vi.waitFor(() => expect(session.state.isOffline).toBe(false), 10_000);
  }, 20_000);

  it('that is refused ends the session', async () => {
    const session = tab();
    await session.login(ann);
    auth.endTokens();
    auth.endSessions();
    await expect(session.call(getMe, {})).rejects.toMatchObject({ status: 401 });
    expect([session.state.status, session.accessToken()]).toEqual(['signed-out', null]);
    const before = auth.count('/auth/refresh');
    await expect(session.call(getMe, {})).rejects.toMatchObject({ status: 401 });
    expect(auth.count('/auth/refresh')).toBe(before);
  });

  it('gives sockets a token that will do', async () => {
    const session = tab();
    await session.login(ann);
    expect(await session.freshToken()).toBe('t1');
    expect(await session.freshToken('t1')).toBe('t2');
    await session.logout();
    expect(await session.freshToken()).toBeNull();
  });

  it('waits for a log-out that goes first, and is then no more', async () => {
    const session = tab();
    await session.login(ann);
    const leaving = session.logout();
    expect(await session.freshToken('t1')).toBeNull();
    await leaving;
    expect([session.state.status, auth.count('/auth/refresh')]).toEqual(['signed-out', 0]);
  });
});
