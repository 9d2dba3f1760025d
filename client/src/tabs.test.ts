import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createCookieFetch } from './cookie-fetch.ts';
import { createSession, type Session } from './session.ts';
import { startAuthServer } from './testing/auth-server.ts';
import { sendJson, sendProblem } from './testing/http-server.ts';

let auth: Awaited<ReturnType<typeof startAuthServer>>;
let cookies: typeof fetch;
const open: Session[] = [];

/** A tab of one browser: all share `cookies`. */
function tab(): Session {
  const session = createSession({ baseUrl: auth.server.url, fetch: cookies, isShared: true });
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

it('share log-in, change of account and log-out', async () => {
  const [one, two] = [tab(), tab()];
  expect(await two.restore()).toBe(false);
  await one.login(ann);
  await vi.waitFor(() => expect(two.user?.email).toBe('ann@x.org'));
  await two.login(bob);
  await vi.waitFor(() => expect(one.user?.email).toBe('bob@x.org'));
  await one.logout();
  await vi.waitFor(() => expect(two.state.status).toBe('signed-out'));
});

it('take nothing late: neither a token after a log-out nor an end after a log-in', async () => {
  const [one, two] = [tab(), tab()];
  await one.login(ann);
  const held: ServerResponse[] = [];
  const hold = () => {
    held.length = 0;
    auth.interfere = ({ url }, response) =>
      url === '/api/auth/refresh' && held.length === 0 && held.push(response) > 0;
  };
  await vi.waitFor(() => expect(two.user?.email).toBe('ann@x.org'));
  hold();
  const first = two.freshToken(two.accessToken() ?? '');
  await vi.waitFor(() => expect(held).toHaveLength(1));
  await one.logout();
  await vi.waitFor(() => expect(two.state.status).toBe('signed-out'));
  for (const response of held) sendJson(response, 200, { accessToken: 'late', expiresIn: 600 });
  expect([await first, two.accessToken()]).toEqual([null, null]);

  await one.login(ann);
  await vi.waitFor(() => expect(two.user?.email).toBe('ann@x.org'));
  hold();
  const second = two.freshToken(two.accessToken() ?? '');
  await vi.waitFor(() => expect(held).toHaveLength(1));
  await one.login(bob);
  await vi.waitFor(() => expect(two.state.status).toBe('starting'));
  for (const response of held) sendProblem(response, 'session-ended');
  await second;
  await vi.waitFor(() => expect(two.user?.email).toBe('bob@x.org'));
});

it('refresh one after the other', async () => {
  vi.stubGlobal('navigator', { locks: createLocks() });
  await tab().login(ann);
  const tabs = Array.from({ length: 5 }, () => tab());
  expect(await Promise.all(tabs.map((each) => each.restore()))).toEqual(Array(5).fill(true));
  expect([auth.atOnce, auth.count('/auth/refresh')]).toEqual([1, 5]);
});

/** The browser's lock manager, which Node 20 lacks, as far as it is used. */
function createLocks() {
  let queue: Promise<unknown> = Promise.resolve();
  return {
    request: (_name: string, _options: object, work: () => Promise<unknown>) => {
      const done = queue.then(work);
      queue = done.catch(() => undefined);
      return done;
    },
  };
}
