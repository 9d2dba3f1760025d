import { randomBytes, randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { login, register, type SignedIn } from '@teambrain/contract/auth.ts';
import { limits } from '@teambrain/contract/limit.ts';
import { createSpace } from '@teambrain/contract/spaces.ts';
import { createLog } from '../src/platform/core/log.ts';
import { usePrivateRedis } from '../src/testing/redis.ts';
import { createTestApp, openTestDatabase } from '../src/testing/test-app.ts';
import { createSender, outcomeOf, requestOf, type Reply, type Send } from './support/http.ts';

/** Two instances on one database and one Redis, with the rate limits as shipped. */
let redis: Awaited<ReturnType<typeof usePrivateRedis>>;
let urls: [string, string];
let addresses = 0;

beforeEach(async () => {
  redis = await usePrivateRedis();
  const database = await openTestDatabase(createLog('silent'));
  const config = { redisUrl: redis.url, secret: randomBytes(48).toString('base64') };
  const shared = { ...database, close: () => Promise.resolve() };
  const start = () => createTestApp({ database: shared, config, limitFactor: 1 });
  const apps = [await start(), await start()] as const;
  urls = [apps[0].url, apps[1].url];
  onTestFinished(async () => {
    await Promise.all(apps.map((app) => app.close()));
    await database.close();
  });
}, 60_000);

/** Both instances as one address sees them. */
function fromNewAddress(): [Send, Send] {
  addresses += 1;
  const address = `127.0.1.${addresses}`;
  return [createSender(urls[0], address), createSender(urls[1], address)];
}

const PASSWORD = 'long enough';
const isRefused = ({ status }: Reply) => status === 429;
const instance = { method: 'GET', path: '/api/instance' };
const quotaOf = ({ headers }: Reply) => /;q=(\d+);/.exec(String(headers['ratelimit-policy']))?.[1];

/** Sends the same to both in turn, all at once. */
const spread = (count: number, senders: [Send, Send], sent: Parameters<Send>[0]) =>
  Promise.all(Array.from({ length: count }, (_, n) => (senders[n % 2] ?? senders[0])(sent)));

async function newcomer([send]: [Send, Send]) {
  const email = `${randomUUID()}@example.org`;
  const body = { email, name: 'N', password: PASSWORD };
  const reply = await send(requestOf(register, { body }, null));
  return { email, token: (JSON.parse(reply.text) as SignedIn).accessToken };
}

describe('over two instances that share a Redis', () => {
  it('a quota is one, however a request is spelled and whatever it says of itself', async () => {
    const both = fromNewAddress();
    const { quota } = limits.read;
    const replies = await spread(quota + 40, both, instance);
    expect(replies.filter((reply) => !isRefused(reply))).toHaveLength(quota);
    const passed: string[] = [];
    const spellings = ['/api/instance', '/api/instance?x=1', '/api/instance/', '/API/instance'];
    const odd = ['//api/instance', '/api/%69nstance', '/api/./instance', '/api/x/../instance'];
    const forged = {
      'x-forwarded-for': '203.0.113.9',
      forwarded: 'for=203.0.113.9',
      'x-real-ip': '203.0.113.9',
    };
    for (const send of both) {
      for (const method of ['GET', 'HEAD']) {
        for (const path of [...spellings, ...odd]) {
          for (const headers of [{}, forged]) {
            const { status, headers: answer } = await send({ method, path, headers });
            const isPage = answer['content-type']?.startsWith('text/html');
            if (status !== 429 && status !== 404 && !isPage) passed.push(`${method} ${path}`);
          }
        }
      }
    }
    expect(passed).toEqual([]);
  });

  it('a person has one quota, from any address and with any session', async () => {
    const both = fromNewAddress();
    const { email, token } = await newcomer(both);
    const create = { body: { name: 'S', visibility: 'public' } };
    const { quota, window } = limits.write.burst;
    const began = Date.now();
    const replies = await spread(quota + 6, both, requestOf(createSpace, create, token));
    expect(replies.filter(({ status }) => status === 201)).toHaveLength(quota);

    const elsewhere = fromNewAddress();
    const body = { email, password: PASSWORD };
    const session = await elsewhere[1](requestOf(login, { body }, null));
    const other = (JSON.parse(session.text) as SignedIn).accessToken;
    const again = await elsewhere[0](requestOf(createSpace, create, other));
    // Unless the window has passed meanwhile, on a machine that is very busy.
    if (Date.now() - began < window * 1_000) expect(outcomeOf(again)).toBe('too-many-requests');
    const refusal = replies.find(isRefused);
    const seconds = Number(refusal?.headers['retry-after']);
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(window);

    // What the one said is true of the other.
    await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
    expect((await both[1](requestOf(createSpace, create, token))).status).toBe(201);
  });

  it('and with Redis gone each counts alone, more strictly, until it is back', async () => {
    const both = fromNewAddress();
    const { email } = await newcomer(both);
    expect(quotaOf(await both[0](instance))).toBe(String(limits.read.quota));
    await redis.kill();
    await expect
      .poll(async () => quotaOf(await both[0](instance)), { timeout: 10_000 })
      .toBe(String(limits.read.quota / 3));

    const fresh = fromNewAddress();
    const replies = await spread(limits.read.quota + 40, fresh, instance);
    const passed = replies.filter((reply) => !isRefused(reply)).length;
    expect(passed).toBe((2 * limits.read.quota) / 3);
    for (const reply of replies.filter(isRefused)) {
      expect(reply.headers['retry-after']).toMatch(/^[1-9]\d*$/);
    }

    const guesses: string[] = [];
    for (let n = 0; n < 12; n += 1) {
      const body = { email, password: `guess ${n}` };
      const send = fresh[n % 2] ?? fresh[0];
      guesses.push(outcomeOf(await send(requestOf(login, { body }, null))));
    }
    const wrong = guesses.filter((outcome) => outcome === 'wrong-credentials').length;
    expect(wrong).toBeGreaterThan(0);
    expect(wrong).toBeLessThanOrEqual(limits['login-account'].quota);

    await redis.restart();
    await expect
      .poll(async () => quotaOf(await both[0](instance)), { timeout: 15_000 })
      .toBe(String(limits.read.quota));
  });
});
