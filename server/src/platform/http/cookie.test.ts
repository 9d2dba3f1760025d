import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SignedIn } from '@teambrain/contract/auth.ts';
import { createCookieFetch } from '@teambrain/client/cookie-fetch.ts';
import { send } from '../../testing/http.ts';
import { createTestApp, type TestApp } from '../../testing/test-app.ts';
import { openWindow, refresh } from '../../testing/window.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());

const portOf = (url: string) => new URL(url).port;
const valueOf = (cookie: string) => cookie.split('=')[1] ?? '';

describe('the name of the refresh cookie', () => {
  it('carries the port, so that two instances on one host leave each other’s people signed in', async () => {
    const other = await createTestApp();
    const [here, there] = [await openWindow(app.url), await openWindow(other.url)];
    expect(here.cookie).toMatch(new RegExp(`^teambrain-refresh-${portOf(app.url)}=`));
    expect(there.cookie).toMatch(new RegExp(`^teambrain-refresh-${portOf(other.url)}=`));
    // What a browser sends to both.
    const both = `${here.cookie}; ${there.cookie}`;
    expect((await refresh(app.url, both)).status).toBe(200);
    expect((await refresh(other.url, both)).status).toBe(200);
    await send(other.url, 'POST /auth/logout', { cookie: both });
    expect((await refresh(other.url, both)).status).toBe(401);
    expect((await refresh(app.url, both)).status).toBe(200);
    await other.close();
  });

  it('without the port is that of an older session, which goes on under the new name', async () => {
    const { cookie } = await openWindow(app.url);
    const reply = await send(app.url, 'POST /auth/refresh', {
      cookie: `teambrain-refresh=${valueOf(cookie)}`,
    });
    expect(reply.status).toBe(200);
    const [set = '', gone = ''] = reply.headers.getSetCookie();
    expect(set).toMatch(/^teambrain-refresh-\d+=[\w-]{43};/);
    expect(gone).toMatch(/^teambrain-refresh=;.*Max-Age=0/);
    expect((await refresh(app.url, set.split(';')[0] ?? '')).status).toBe(200);
  });

  it('with the port wins over an older one, which is left to whom it belongs to', async () => {
    const { cookie } = await openWindow(app.url);
    const reply = await send(app.url, 'POST /auth/refresh', {
      cookie: `teambrain-refresh=of.another.instance; ${cookie}`,
    });
    expect(reply.status).toBe(200);
    const set = reply.headers.getSetCookie().filter((one) => one.includes('refresh'));
    expect(set).toHaveLength(1);
    const refused = await send(app.url, 'POST /auth/refresh', {
      cookie: 'teambrain-refresh=of.another.instance',
    });
    expect([refused.status, refused.headers.getSetCookie()]).toEqual([401, []]);
  });

  it('is that of BASE_URL’s port where a proxy stands between', async () => {
    for (const [baseUrl, name] of [
      ['https://brain.example.org', '__Host-teambrain-refresh-443'],
      ['https://brain.example.org:8443', '__Host-teambrain-refresh-8443'],
      ['http://brain.example.org', 'teambrain-refresh-80'],
    ] as const) {
      const behind = await createTestApp({ config: { baseUrl } });
      const port = (behind.http.server.address() as { port: number }).port;
      const { cookie } = await openWindow(`http://127.0.0.1:${port}`);
      expect(cookie.split('=')[0]).toBe(name);
      await behind.close();
    }
  });

  it('is kept by the fetch of programs as by a browser', async () => {
    const fetchAs = createCookieFetch(app.url);
    const body = JSON.stringify({
      email: 'jar@example.org',
      name: 'Jar',
      password: 'kept in a jar',
    });
    const headers = { 'content-type': 'application/json' };
    await fetchAs(`${app.url}/api/auth/register`, { method: 'POST', body, headers });
    for (let n = 0; n < 2; n += 1) {
      const again = await fetchAs(`${app.url}/api/auth/refresh`, { method: 'POST' });
      expect(((await again.json()) as SignedIn).accessToken).toMatch(/\./);
    }
  });
});
