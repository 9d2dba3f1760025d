import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { limits } from '@teambrain/contract/limit.ts';
import { SECOND } from '../../testing/clock.ts';
import { send, type Reply } from '../../testing/http.ts';
import { createTestApp, useTestApp, type TestApp } from '../../testing/test-app.ts';

let app: TestApp;

beforeAll(async () => {
  const config = {
    trustedProxies: ['127.0.0.1'],
    limits: { register: { quota: 1_000, window: 60 } },
  };
  app = await createTestApp({ limitFactor: 1, config });
});
afterAll(() => app.close());
afterAll(() => vi.restoreAllMocks());

const password = 'the right password';
let count = 0;
/** An address nobody used before. */
const newAddress = () => `10.2.${(count += 1)}.1`;

const enter = (
  route: 'register' | 'login',
  body: object,
  { address = newAddress(), cookie = null }: { address?: string; cookie?: string | null } = {},
) =>
  send(app.url, `POST /auth/${route}`, { body, cookie, headers: { 'x-forwarded-for': address } });
const logIn = (email: string, typed: string, from?: Parameters<typeof enter>[2]) =>
  enter('login', { email, password: typed }, from);

const deviceLine = (reply: Reply) =>
  reply.headers.getSetCookie().find((line) => line.includes('teambrain-device')) ?? '';
const deviceOf = (reply: Reply) => deviceLine(reply).split(';')[0] ?? '';

async function newAccount(cookie: string | null = null) {
  const email = `known.${(count += 1)}@example.org`;
  const reply = await enter('register', { email, name: 'Visitor', password }, { cookie });
  return { email, device: deviceOf(reply) };
}

/** Guesses from as many addresses as it takes; how many reached the hasher. */
async function guessFromEverywhere(email: string, times: number): Promise<number> {
  const replies = [];
  for (let n = 0; n < times; n += 1) replies.push(await logIn(email, `guess ${n}`));
  return replies.filter(({ status }) => status === 401).length;
}

describe('an account guessed at from everywhere', () => {
  it('is shut after ten guesses, to all but browsers that signed in to it before', async () => {
    const { email, device } = await newAccount();
    const { quota } = limits['login-anywhere'];
    expect(await guessFromEverywhere(email, 40)).toBe(quota);
    const stranger = await logIn(email, password);
    expect([stranger.status, stranger.code]).toEqual([429, 'too-many-requests']);
    expect(stranger.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    for (const address of [newAddress(), newAddress()]) {
      expect((await logIn(email, password, { address, cookie: device })).status).toBe(200);
    }
    expect((await logIn(email, password)).status).toBe(429);
  });

  it('answers no differently where there is no such account', async () => {
    expect(await guessFromEverywhere('no.account@example.org', 14)).toBe(10);
  });

  it('waits longer each time', async () => {
    const { email } = await newAccount();
    const realNow = performance.now.bind(performance);
    let ahead = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => realNow() + ahead);
    const waits: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      await guessFromEverywhere(email, 11);
      const wait = Number((await logIn(email, password)).headers.get('retry-after'));
      waits.push(wait);
      ahead += wait * SECOND;
    }
    expect(waits[0]).toBeLessThanOrEqual(900);
    expect(waits.slice(1).map((wait) => Math.round(wait / 100) * 100)).toEqual([1_800, 3_600]);
    vi.restoreAllMocks();
  });

  it('does not count right passwords, wherever they come from', async () => {
    const { email } = await newAccount();
    for (let n = 0; n < 14; n += 1) expect((await logIn(email, password)).status).toBe(200);
  });
});

describe('a browser that is known', () => {
  it('guesses no more than others, wherever it is', async () => {
    const { email, device } = await newAccount();
    const statuses = [];
    for (let n = 0; n < 7; n += 1) {
      statuses.push((await logIn(email, `guess ${n}`, { cookie: device })).status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429]);
    expect((await logIn(email, password)).status).toBe(200);
  });

  it('is known by its own cookie for its own account alone', async () => {
    const victim = await newAccount();
    const attacker = await newAccount();
    await guessFromEverywhere(victim.email, 12);
    const [id = '', mark = ''] = victim.device.split('=')[1]?.split('.') ?? [];
    const [otherId = ''] = attacker.device.split('=')[1]?.split('.') ?? [];
    const flipped = `${mark.slice(0, -2)}${mark.endsWith('AA') ? 'BB' : 'AA'}`;
    const forged = [
      attacker.device,
      `teambrain-device=${otherId}.${mark}`,
      `teambrain-device=${id}`,
      `teambrain-device=${id}.${flipped}`,
      `teambrain-device=${id}.${mark}.`,
      `teambrain-device=${Array(60).fill(mark).join('.')}`,
      'teambrain-device=',
    ];
    for (const cookie of forged) {
      expect((await logIn(victim.email, password, { cookie })).status).toBe(429);
    }
    expect((await logIn(victim.email, password, { cookie: victim.device })).status).toBe(200);
  });

  it('is known for each account that signed in there, the last ten of them', async () => {
    const accounts: { email: string; device: string }[] = [];
    for (let n = 0; n < 11; n += 1) accounts.push(await newAccount(accounts.at(-1)?.device));
    const [first, second] = accounts;
    const cookie = accounts.at(-1)?.device ?? '';
    expect(cookie.length).toBeLessThan(300);
    await guessFromEverywhere(second?.email ?? '', 12);
    expect((await logIn(second?.email ?? '', password, { cookie })).status).toBe(200);
    await guessFromEverywhere(first?.email ?? '', 12);
    expect((await logIn(first?.email ?? '', password, { cookie })).status).toBe(429);
  });

  it('keeps its cookie from scripts, other sites and, by HTTPS, from plain connections', async () => {
    const { email } = await newAccount();
    const line = deviceLine(await logIn(email, password));
    expect(line).toMatch(/^teambrain-device-\d+=[\w-]{22}\.[\w-]{22};/);
    for (const flag of ['HttpOnly', 'SameSite=Strict', 'Path=/']) expect(line).toContain(flag);
    expect(line).not.toMatch(/Domain|Secure/);
    expect(line).not.toContain(email);

    const secure = await useTestApp({ config: { baseUrl: 'https://brain.example.org' } });
    const local = `http://127.0.0.1:${(secure.http.server.address() as { port: number }).port}`;
    const body = { email: 'secure@example.org', name: 'Visitor', password };
    const set = deviceLine(await send(local, 'POST /auth/register', { body }));
    expect(set).toMatch(/^__Host-teambrain-device-443=/);
    for (const flag of ['HttpOnly', 'SameSite=Strict', 'Path=/', 'Secure']) {
      expect(set).toContain(flag);
    }
  });
});

describe('guessing the password in a session that was taken over', () => {
  it('is as slow as at the log-in, and shuts out that session alone', async () => {
    const { email } = await newAccount();
    const [taken, own] = await Promise.all(
      [1, 2].map(async () => (await logIn(email, password)).json<{ accessToken: string }>()),
    );
    const change = (token = '', current = '') =>
      send(app.url, 'PUT /me/password', { token, body: { current, password: 'a newer one' } });
    const statuses = [];
    for (let n = 0; n < 7; n += 1) {
      statuses.push((await change(taken?.accessToken, `guess ${n}`)).status);
    }
    expect(statuses).toEqual([403, 403, 403, 403, 403, 429, 429]);
    expect((await change(own?.accessToken, password)).status).toBe(200);
  });
});
