import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Problem } from '@teambrain/contract/problem.ts';
import { SECOND } from '../../testing/clock.ts';
import { send } from '../../testing/http.ts';
import { createTestApp, type TestApp } from '../../testing/test-app.ts';

let app: TestApp;

beforeAll(async () => {
  app = await createTestApp({ limitFactor: 1, config: { trustedProxies: ['127.0.0.1'] } });
});
afterAll(() => app.close());
afterAll(() => vi.restoreAllMocks());

let addresses = 0;
/** An address nobody used before. */
const newAddress = () => `10.1.${(addresses += 1)}.1`;
const password = 'the right password';

const from = (address: string, route: 'register' | 'login', body: object) =>
  send(app.url, `POST /auth/${route}`, { body, headers: { 'x-forwarded-for': address } });
const logIn = (address: string, email: string, typed: string) =>
  from(address, 'login', { email, password: typed });

async function newAccount(): Promise<string> {
  const email = `limited.${(addresses += 1)}@example.org`;
  await from(newAddress(), 'register', { email, name: 'Limited', password });
  return email;
}

const realNow = performance.now.bind(performance);
let ahead = 0;

/** Moves the clock that windows are measured by; requests go on in real time. */
function later(ms: number): void {
  ahead += ms;
  vi.spyOn(performance, 'now').mockImplementation(() => realNow() + ahead);
}

async function guess(address: string, email: string, times: number) {
  const replies = [];
  for (let n = 0; n < times; n += 1) replies.push(await logIn(address, email, `guess ${n}`));
  return replies;
}

const retryAfter = (reply: { headers: Headers }) => Number(reply.headers.get('retry-after'));

describe('guessing one account’s password', () => {
  it('reaches the hasher five times, then waits with an honest Retry-After', async () => {
    const email = await newAccount();
    const address = newAddress();
    const replies = await guess(address, email, 12);
    const statuses = replies.map(({ status }) => status);
    expect(statuses).toEqual([...Array<number>(5).fill(401), ...Array<number>(7).fill(429)]);
    const refused = await logIn(address, email, password);
    expect(refused.json<Problem>()).toMatchObject({
      code: 'too-many-requests',
      retryAfter: retryAfter(refused),
    });
    expect(refused.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);

    later((retryAfter(refused) - 2) * SECOND);
    expect((await logIn(address, email, password)).status).toBe(429);
    later(2 * SECOND);
    expect((await logIn(address, email, password)).status).toBe(200);
  });

  it('waits longer each time it uses its guesses up, and forgets that at the right password', async () => {
    const email = await newAccount();
    const address = newAddress();
    const waits: number[] = [];
    for (let round = 0; round < 6; round += 1) {
      const wait = retryAfter((await guess(address, email, 6)).at(-1) ?? fail());
      waits.push(wait);
      later(wait * SECOND);
    }
    const [first = 0, ...grown] = waits;
    expect(first).toBeLessThanOrEqual(900);
    expect(grown).toEqual([1_800, 3_600, 7_200, 14_400, 14_400]);
    expect((await logIn(address, email, password)).status).toBe(200);
    const afterwards = retryAfter((await guess(address, email, 6)).at(-1) ?? fail());
    expect(afterwards).toBeLessThanOrEqual(900);
  });

  it('lets the owner in from elsewhere meanwhile', async () => {
    const email = await newAccount();
    const attacker = newAddress();
    await guess(attacker, email, 10);
    expect((await logIn(attacker, email, password)).status).toBe(429);
    expect((await logIn(newAddress(), email, password)).status).toBe(200);
  });

  it('counts every spelling of the e-mail and every address of an IPv6 subscriber as one', async () => {
    const email = await newAccount();
    const statuses = [];
    for (let n = 1; n <= 8; n += 1) {
      const spelling = n % 2 ? email : email.toUpperCase();
      statuses.push((await logIn(`2001:db8:1:1::${n}`, spelling, 'a guess')).status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
    expect((await logIn('2001:db8:1:2::1', email, password)).status).toBe(200);
  });

  it('counts guesses that come at the same moment', async () => {
    const email = await newAccount();
    const address = newAddress();
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, n) => logIn(address, email, `guess ${n}`)),
    );
    expect(replies.filter(({ status }) => status === 401)).toHaveLength(5);
    expect(replies.filter(({ status }) => status === 429)).toHaveLength(15);
  });
});

describe('one address', () => {
  it('logs in at 50 accounts in 15 minutes, whatever it says of itself', async () => {
    const address = newAddress();
    const statuses = [];
    for (let n = 0; n < 52; n += 1) {
      // The proxy appends the address it saw; what stands before it is the client's own claim.
      const claimed = `${n}.2.3.4, ${address}`;
      statuses.push((await logIn(claimed, `nobody.${n}@example.org`, 'a guess')).status);
    }
    expect(statuses.slice(0, 50).every((status) => status === 401)).toBe(true);
    expect(statuses.slice(50)).toEqual([429, 429]);
  });

  it('registers five accounts an hour and says so in its headers', async () => {
    const address = newAddress();
    const replies = [];
    for (let n = 0; n < 6; n += 1) {
      const email = `new.${n}@example.org`;
      replies.push(await from(address, 'register', { email, name: 'New', password }));
    }
    expect(replies.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201, 429]);
    expect(replies[0]?.headers.get('ratelimit-policy')).toBe('"register";q=5;w=3600');
    expect(replies[0]?.headers.get('ratelimit')).toMatch(/^"register";r=4;t=\d+$/);
    expect(retryAfter(replies[5] ?? fail())).toBeGreaterThan(3_500);
  });
});

function fail(): never {
  throw new Error('there is no such answer');
}
