import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Session, SignedIn } from '@teambrain/contract/auth.ts';
import { DAY, movableClock, SECOND } from '../../testing/clock.ts';
import { send } from '../../testing/http.ts';
import { openSocket } from '../../testing/socket.ts';
import { createTestApp, useTestApp, type TestApp } from '../../testing/test-app.ts';
import { openWindow, refresh, statusOf } from '../../testing/window.ts';

let app: TestApp;
const clock = movableClock();

beforeAll(async () => {
  app = await createTestApp({ clock });
});
afterAll(() => app.close());

const sessionsOf = async (url: string, token: string) =>
  (await send(url, 'GET /auth/sessions', { token })).json<{ items: Session[] }>().items;

describe('a session', () => {
  it('ends after 90 days, however much it is used, and its tokens with it', async () => {
    const mine = await openWindow(app.url);
    let { cookie } = mine;
    for (let day = 0; day < 80; day += 20) {
      clock.advance(20 * DAY);
      ({ cookie } = await refresh(app.url, cookie));
      expect(cookie).not.toBe('');
    }
    const younger = await mine.another();
    clock.advance(10 * DAY - 60 * SECOND);
    const reply = await send(app.url, 'POST /auth/refresh', { cookie });
    const last = reply.json<SignedIn>();
    expect(last.expiresIn).toBeLessThanOrEqual(60);
    expect(await statusOf(app.url, last.accessToken)).toBe(200);
    clock.advance(61 * SECOND);
    expect((await refresh(app.url, reply.cookie ?? '')).code).toBe('session-ended');
    const fresh = await refresh(app.url, younger.cookie);
    expect(await sessionsOf(app.url, fresh.token)).toHaveLength(1);
    clock.advance(40 * SECOND);
    expect(await statusOf(app.url, last.accessToken)).toBe(401);
  });

  it('is one of 50 at most: one more ends the oldest, and its socket', async () => {
    // By the clock of sockets, too, which nobody sets.
    const { url } = await useTestApp();
    const oldest = await openWindow(url);
    const second = await oldest.another();
    const socket = await openSocket(url, { token: oldest.token });
    for (let n = 2; n < 50; n += 1) await oldest.another();
    expect(await sessionsOf(url, second.token)).toHaveLength(50);
    expect(await statusOf(url, oldest.token)).toBe(200);
    const more = await Promise.all([oldest.another(), oldest.another()]);
    expect(await socket.closed()).toBe(4401);
    for (const { token } of [oldest, second]) expect(await statusOf(url, token)).toBe(401);
    for (const { token } of more) expect(await statusOf(url, token)).toBe(200);
    expect(await sessionsOf(url, more[0]?.token ?? '')).toHaveLength(50);
  }, 120_000);

  it('leaves nothing behind a month after its end, and those that live keep all', async () => {
    const clock = movableClock();
    const { url, database, sessions } = await useTestApp({ clock });
    const ended = await openWindow(url);
    const { cookie } = await refresh(url, ended.cookie);
    await send(url, 'POST /auth/logout', { cookie });
    const rows = async () => {
      const found = await database.db.execute<{ sessions: number; tokens: number }>(sql`
        select (select count(*)::int from sessions) sessions,
          (select count(*)::int from refresh_tokens) tokens`);
      return found.rows[0];
    };
    clock.advance(29 * DAY);
    const mine = await openWindow(url);
    await sessions.prune();
    const before = await rows();
    clock.advance(2 * DAY);
    await sessions.prune();
    const after = await rows();
    expect(before?.sessions).toBe((after?.sessions ?? 0) + 1);
    expect(before?.tokens).toBe((after?.tokens ?? 0) + 2);
    clock.advance(200 * DAY);
    const { cookie: last } = await openWindow(url);
    await sessions.prune();
    expect(await rows()).toEqual({ sessions: 1, tokens: 1 });
    expect((await refresh(url, mine.cookie)).code).toBe('session-ended');
    expect((await refresh(url, last)).cookie).not.toBe('');
  });
});
