import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Session } from '@teambrain/contract/auth.ts';
import { send } from '../../testing/http.ts';
import { openSocket } from '../../testing/socket.ts';
import { createTestApp, useTestApp, type TestApp } from '../../testing/test-app.ts';
import { logIn, openWindow, PASSWORD, refresh, statusOf } from '../../testing/window.ts';

let app: TestApp;

beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());

const status = (token: string) => statusOf(app.url, token);
const socketOf = (token: string) => openSocket(app.url, { token });
const sessionsOf = async (token: string) =>
  (await send(app.url, 'GET /auth/sessions', { token })).json<{ items: Session[] }>().items;

describe('logging out', () => {
  it('ends the session at once: access token, refresh token and socket, but no other one', async () => {
    const mine = await openWindow(app.url);
    const other = await mine.another();
    const [mySocket, otherSocket] = [await socketOf(mine.token), await socketOf(other.token)];

    const reply = await send(app.url, 'POST /auth/logout', mine);
    expect(reply.status).toBe(204);
    expect(reply.headers.get('set-cookie')).toMatch(
      /^teambrain-refresh-\d+=;.*(Expires=Thu, 01 Jan 1970|Max-Age=0)/i,
    );
    expect(await status(mine.token)).toBe(401);
    expect((await refresh(app.url, mine.cookie)).status).toBe(401);
    expect(await mySocket.closed()).toBe(4401);

    expect(await status(other.token)).toBe(200);
    expect(otherSocket.isOpen).toBe(true);
    otherSocket.close();
  });

  it('needs the cookie alone, for a window whose access token is over', async () => {
    const { token, cookie } = await openWindow(app.url);
    const reply = await send(app.url, 'POST /auth/logout', { cookie, token: 'over' });
    expect(reply.status).toBe(204);
    expect(await status(token)).toBe(401);
  });

  it('needs the access token alone, for a program without cookies', async () => {
    const { token, cookie } = await openWindow(app.url);
    expect((await send(app.url, 'POST /auth/logout', { token })).status).toBe(204);
    expect((await refresh(app.url, cookie)).status).toBe(401);
  });

  it('everywhere ends every session of the account and of nobody else', async () => {
    const mine = await openWindow(app.url);
    const other = await mine.another();
    const stranger = await openWindow(app.url);
    const sockets = [await socketOf(mine.token), await socketOf(other.token)];
    expect((await send(app.url, 'POST /auth/logout-all', mine)).status).toBe(204);
    for (const { token, cookie } of [mine, other]) {
      expect(await status(token)).toBe(401);
      expect((await refresh(app.url, cookie)).status).toBe(401);
    }
    for (const socket of sockets) expect(await socket.closed()).toBe(4401);
    expect(await status(stranger.token)).toBe(200);
  });
});

describe('the list of sessions', () => {
  it('shows one’s own, marks the current one, and ends one of them', async () => {
    const mine = await openWindow(app.url);
    const other = await mine.another();
    const socket = await socketOf(other.token);
    const listed = await sessionsOf(mine.token);
    expect(listed).toHaveLength(2);
    expect(listed.filter(({ isCurrent }) => isCurrent)).toHaveLength(1);
    const target = listed.find(({ isCurrent }) => !isCurrent)?.id ?? '';

    const reply = await send(app.url, `DELETE /auth/sessions/${target}`, { token: mine.token });
    expect(reply.status).toBe(204);
    expect([await status(mine.token), await status(other.token)]).toEqual([200, 401]);
    expect(await socket.closed()).toBe(4401);
    expect(await sessionsOf(mine.token)).toHaveLength(1);
    const again = await send(app.url, `DELETE /auth/sessions/${target}`, { token: mine.token });
    expect(again.status).toBe(404);
  });

  it('does not let anyone see or end another’s', async () => {
    const [mine, stranger] = [await openWindow(app.url), await openWindow(app.url)];
    const [{ id = '' } = {}] = await sessionsOf(mine.token);
    const reply = await send(app.url, `DELETE /auth/sessions/${id}`, { token: stranger.token });
    expect([reply.status, reply.code]).toEqual([404, 'not-found']);
    expect(await status(mine.token)).toBe(200);
  });
});

describe('changing the password', () => {
  const change = (token: string, current: string, password: string) =>
    send(app.url, 'PUT /me/password', { token, body: { current, password } });

  it('ends every other session, and only the new password logs in', async () => {
    const mine = await openWindow(app.url);
    const other = await mine.another();
    const socket = await socketOf(other.token);
    const wrong = await change(mine.token, 'not the password', 'another password');
    expect([wrong.status, wrong.code]).toEqual([403, 'wrong-password']);
    expect(await status(other.token)).toBe(200);

    const reply = await change(mine.token, PASSWORD, 'another password');
    expect(reply.json()).toEqual({ endedSessions: 1 });
    expect([await status(mine.token), await status(other.token)]).toEqual([200, 401]);
    expect((await refresh(app.url, other.cookie)).status).toBe(401);
    expect(await socket.closed()).toBe(4401);
    await expect(logIn(app.url, mine.email)).rejects.toThrow('wrong-credentials');
    expect((await logIn(app.url, mine.email, 'another password')).userId).toBe(mine.userId);
  });

  it('leaves no session that a log-in with the old password opened meanwhile', async () => {
    const mine = await openWindow(app.url);
    let isDone = false;
    const attempts: Promise<unknown>[] = [];
    const changing = change(mine.token, PASSWORD, 'another password').finally(
      () => (isDone = true),
    );
    while (!isDone) {
      attempts.push(mine.another().catch(() => null));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect((await changing).status).toBe(200);
    await Promise.all(attempts);
    expect(await sessionsOf(mine.token)).toHaveLength(1);
  });
});

describe('the refresh cookie', () => {
  const cookieOf = async (url: string, headers?: Record<string, string>) => {
    const body = { email: 'flags@example.org', name: 'Flags', password: PASSWORD };
    const reply = await send(url, 'POST /auth/register', { body, ...(headers ? { headers } : {}) });
    return reply.headers.getSetCookie().join();
  };

  it('is out of reach for scripts and for other sites', async () => {
    const line = await cookieOf(app.url);
    expect(line).toMatch(/^teambrain-refresh-\d+=[\w-]{43};/);
    expect(line).toContain('HttpOnly');
    expect(line).toContain('SameSite=Strict');
    expect(line).toContain('Path=/');
    expect(line).not.toMatch(/Domain|Secure/);
  });

  it('is __Host- and Secure where browsers come by HTTPS', async () => {
    const secure = await useTestApp({ config: { baseUrl: 'https://brain.example.org' } });
    const local = `http://127.0.0.1:${(secure.http.server.address() as { port: number }).port}`;
    const line = await cookieOf(local);
    expect(line).toMatch(/^__Host-teambrain-refresh-443=[\w-]{43};/);
    for (const flag of ['HttpOnly', 'SameSite=Strict', 'Path=/', 'Secure']) {
      expect(line).toContain(flag);
    }
    expect(line).not.toContain('Domain');
    const cookie = line.split(';')[0] ?? '';
    const own = { origin: 'https://brain.example.org' };
    expect((await refresh(local, cookie, { origin: local })).code).toBe('cross-site');
    expect((await refresh(local, cookie, own)).status).toBe(200);
  });
});

describe('a request that carries the cookie from another site', () => {
  it.each([
    ['Sec-Fetch-Site cross-site', { 'sec-fetch-site': 'cross-site' }],
    ['Sec-Fetch-Site same-site', { 'sec-fetch-site': 'same-site' }],
    ['Sec-Fetch-Site none', { 'sec-fetch-site': 'none' }],
    ['a foreign Origin', { origin: 'https://evil.example' }],
    ['the Origin null', { origin: 'null' }],
    ['a foreign Origin with the same port', { origin: 'http://localhost.evil.example:80' }],
  ])('is refused by %s and changes nothing', async (_what, headers) => {
    const { cookie, token } = await openWindow(app.url);
    expect(await refresh(app.url, cookie, headers)).toMatchObject({
      status: 403,
      code: 'cross-site',
      cookie: '',
    });
    const logout = await send(app.url, 'POST /auth/logout', { cookie, headers });
    expect(logout.status).toBe(403);
    expect(await status(token)).toBe(200);
    expect((await refresh(app.url, cookie)).status).toBe(200);
  });

  it('is told from one of our own pages', async () => {
    const { cookie } = await openWindow(app.url);
    const pages: Record<string, string>[] = [
      { 'sec-fetch-site': 'same-origin' },
      { origin: app.url },
      {},
    ];
    for (const headers of pages) {
      expect((await refresh(app.url, cookie, headers)).status).toBe(200);
    }
  });
});
