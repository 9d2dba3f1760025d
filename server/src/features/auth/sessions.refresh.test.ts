import type { SignedIn } from '@teambrain/contract/auth.ts';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAY, MINUTE, movableClock, SECOND } from '../../testing/clock.ts';
import { send } from '../../testing/http.ts';
import { createTestApp, type TestApp } from '../../testing/test-app.ts';
import { openWindow, refresh, statusOf } from '../../testing/window.ts';

let app: TestApp;
const clock = movableClock();

beforeAll(async () => {
  app = await createTestApp({ clock });
});
afterAll(() => app.close());

const exchange = (cookie: string) => refresh(app.url, cookie);
const status = (token: string) => statusOf(app.url, token);

async function generations(userId: string): Promise<number[]> {
  const found = await app.database.db.execute<{ generation: number }>(
    sql`select t.generation from refresh_tokens t join sessions s on s.id = t.session_id
        where s.user_id = ${userId} order by 1`,
  );
  return found.rows.map(({ generation }) => generation);
}

async function audited(userId: string): Promise<string[]> {
  const found = await app.database.db.execute<{ action: string }>(
    sql`select action from audit_log where actor_id = ${userId} and action like 'session.%'`,
  );
  return found.rows.map(({ action }) => action);
}

describe('refreshing', () => {
  it('gives a new access token and a new cookie', async () => {
    const first = await openWindow(app.url);
    const second = await exchange(first.cookie);
    expect(second.status).toBe(200);
    expect(second.cookie).not.toBe(first.cookie);
    expect([await status(first.token), await status(second.token)]).toEqual([200, 200]);
  });

  it('stores hashes of tokens alone', async () => {
    const { cookie, userId } = await openWindow(app.url);
    const value = cookie.split('=')[1] ?? '';
    const found = await app.database.db.execute<{ hash: string }>(
      sql`select t.hash from refresh_tokens t join sessions s on s.id = t.session_id
          where s.user_id = ${userId}`,
    );
    expect(Buffer.from(value, 'base64url')).toHaveLength(32);
    expect(found.rows.map(({ hash }) => hash)).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
    expect(app.logged()).not.toContain(value);
  });

  it('refuses a token that was never given', async () => {
    const made = await exchange('teambrain-refresh=made-up');
    expect(made).toMatchObject({ status: 401, code: 'session-ended' });
  });

  it.each(['', 'teambrain-refresh=', 'other=1'])(
    'answers that nobody is signed in to the cookie "%s"',
    async (cookie) => {
      const reply = await send(app.url, 'POST /auth/refresh', { cookie });
      expect([reply.status, reply.json(), reply.cookie ?? '']).toEqual([200, { user: null }, '']);
    },
  );

  it('names the person', async () => {
    const { cookie, userId } = await openWindow(app.url);
    const reply = await send(app.url, 'POST /auth/refresh', { cookie });
    expect(reply.json<SignedIn>().user.id).toBe(userId);
  });

  it('takes no access token for a refresh token, nor the other way round', async () => {
    const { token, cookie } = await openWindow(app.url);
    expect((await exchange(`teambrain-refresh=${token}`)).status).toBe(401);
    expect(await status(cookie.split('=')[1] ?? '')).toBe(401);
  });
});

describe('a retried refresh', () => {
  it('gives the same successor while that is unused', async () => {
    const { cookie } = await openWindow(app.url);
    const [first, again] = [await exchange(cookie), await exchange(cookie)];
    expect([first.status, again.status]).toEqual([200, 200]);
    expect(again.cookie).toBe(first.cookie);
    expect(await status(again.token)).toBe(200);
  });

  it('succeeds for 50 at the same moment, and the chain does not fork', async () => {
    const { cookie, userId } = await openWindow(app.url);
    const replies = await Promise.all(Array.from({ length: 50 }, () => exchange(cookie)));
    expect(replies.every((reply) => reply.status === 200)).toBe(true);
    expect(new Set(replies.map((reply) => reply.cookie)).size).toBe(1);
    expect(await generations(userId)).toEqual([1, 2]);
    expect((await exchange(replies[0]?.cookie ?? '')).status).toBe(200);
    expect(await generations(userId)).toEqual([1, 2, 3]);
  });

  it('is a theft once its successor has stood unused for more than five minutes', async () => {
    const [inTime, late] = [await openWindow(app.url), await openWindow(app.url)];
    await exchange(inTime.cookie);
    const successor = await exchange(late.cookie);
    clock.advance(5 * MINUTE - 5 * SECOND);
    expect((await exchange(inTime.cookie)).status).toBe(200);
    clock.advance(10 * SECOND);
    expect(await exchange(late.cookie)).toMatchObject({ status: 401, code: 'session-ended' });
    expect((await exchange(successor.cookie)).status).toBe(401);
  });
});

describe('a used refresh token whose successor was used', () => {
  it('lost a race between tabs, for ten seconds: asked to retry, and nothing ends', async () => {
    const first = await openWindow(app.url);
    const second = await exchange(first.cookie);
    const third = await exchange(second.cookie);
    const before = await generations(first.userId);
    const late = await Promise.all([exchange(first.cookie), exchange(first.cookie)]);
    clock.advance(8 * SECOND);
    late.push(await exchange(first.cookie));
    for (const reply of late) {
      expect(reply).toEqual({ status: 401, code: 'retry', cookie: '', token: '' });
    }
    for (const { token } of [first, second, third]) expect(await status(token)).toBe(200);
    expect(await generations(first.userId)).toEqual(before);
    expect(await audited(first.userId)).toEqual([]);
    expect((await exchange(third.cookie)).status).toBe(200);
  });

  it('ends the whole family after them: refresh tokens and access tokens', async () => {
    const first = await openWindow(app.url);
    const bystander = await first.another();
    const second = await exchange(first.cookie);
    const third = await exchange(second.cookie);
    expect(await status(third.token)).toBe(200);

    clock.advance(11 * SECOND);
    expect(await exchange(first.cookie)).toMatchObject({ status: 401, code: 'session-ended' });
    for (const { token } of [first, second, third]) expect(await status(token)).toBe(401);
    expect((await exchange(third.cookie)).status).toBe(401);
    expect(await audited(first.userId)).toEqual(['session.reuse-detected']);
    expect(await status(bystander.token)).toBe(200);
    expect((await exchange(bystander.cookie)).status).toBe(200);
  });

  it('does so too where it is the predecessor of a token that is used since a moment', async () => {
    const first = await openWindow(app.url);
    const second = await exchange(first.cookie);
    clock.advance(11 * SECOND);
    await exchange(second.cookie);
    expect((await exchange(second.cookie)).status).toBe(200);
    expect((await exchange(first.cookie)).status).toBe(401);
    expect((await exchange(second.cookie)).status).toBe(401);
  });
});

describe('time', () => {
  it('ends an access token after ten minutes and half a minute’s leeway, not the session', async () => {
    const { token, cookie } = await openWindow(app.url);
    clock.advance(10 * MINUTE + 28 * SECOND);
    expect(await status(token)).toBe(200);
    clock.advance(4 * SECOND);
    expect(await status(token)).toBe(401);
    expect((await exchange(cookie)).status).toBe(200);
  });

  it('ends a session that was idle for 30 days, and none that was used in between', async () => {
    const [idle, used] = [await openWindow(app.url), await openWindow(app.url)];
    clock.advance(29 * DAY);
    const { cookie } = await exchange(used.cookie);
    clock.advance(2 * DAY);
    expect(await exchange(idle.cookie)).toMatchObject({ status: 401, code: 'session-ended' });
    expect((await exchange(cookie)).status).toBe(200);
  });
});
