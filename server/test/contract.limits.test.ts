import { describe, expect, it } from 'vitest';
import { login, register } from '@teambrain/contract/auth.ts';
import { limits } from '@teambrain/contract/limit.ts';
import { postMessage } from '@teambrain/contract/chat.ts';
import { createSpace, joinSpace } from '@teambrain/contract/spaces.ts';
import { register as signUp } from '../src/testing/people.ts';
import { useTestApp } from '../src/testing/test-app.ts';
import { createSender, outcomeOf, requestOf, type Reply, type Send } from './support/http.ts';
import { faultsOf } from './support/sound.ts';

/** An app with the rate limits as shipped. */
async function shipped() {
  const app = await useTestApp({ limitFactor: 1 });
  return { url: app.url, send: createSender(app.url) };
}

const many = (count: number, send: () => Promise<Reply>) =>
  Promise.all(Array.from({ length: count }, send));

const isRefused = ({ status }: Reply) => status === 429;

/** The parts of a RateLimit field: `"read";r=599;t=60`. */
function stateOf({ headers }: Reply) {
  const [, policy, remaining, seconds] =
    /^"([\w-]+)";r=(\d+);t=(\d+)$/.exec(String(headers['ratelimit'])) ?? [];
  return { policy, remaining: Number(remaining), seconds: Number(seconds) };
}

const readInstance = (send: Send, path = '/api/instance', headers = {}, method = 'GET') =>
  send({ method, path, headers });

describe('a rate limit', () => {
  it('counts from the first request and says what is left', async () => {
    const { send } = await shipped();
    const first = await readInstance(send);
    const second = await readInstance(send);
    expect(first.headers['ratelimit-policy']).toBe(`"read";q=${limits.read.quota};w=60`);
    expect(stateOf(first)).toMatchObject({ policy: 'read', remaining: limits.read.quota - 1 });
    expect(stateOf(second).remaining).toBe(limits.read.quota - 2);
  });

  it('lets exactly its quota through, however many ask at once', async () => {
    const { send } = await shipped();
    const { quota } = limits.read;
    const replies = await many(quota + 30, () => readInstance(send));
    const refused = replies.filter(isRefused);
    expect(refused).toHaveLength(30);
    for (const reply of refused) {
      expect(faultsOf(reply)).toEqual([]);
      expect(outcomeOf(reply)).toBe('too-many-requests');
      expect(reply.headers['retry-after']).toMatch(/^[1-9]\d*$/);
      expect(JSON.parse(reply.text)).toMatchObject({
        retryAfter: Number(reply.headers['retry-after']),
      });
    }
  });

  it('is one for all spellings of an address, or there is nothing at the other', async () => {
    const { send } = await shipped();
    await many(limits.read.quota, () => readInstance(send));
    const spellings = [
      '/api/instance',
      '/api/instance?x=1',
      '/api/instance/',
      '/api//instance',
      '//api/instance',
      '/API/INSTANCE',
      '/api/Instance',
      '/api/%69nstance',
      '/api/instanc%65',
      '/api/./instance',
      '/api/x/../instance',
      '/api/instance;x',
      '/api/instance%20',
      '/api/instance%00',
      '/api/instance#x',
    ];
    const passed: string[] = [];
    for (const method of ['GET', 'HEAD']) {
      for (const path of spellings) {
        const { status, headers } = await readInstance(send, path, {}, method);
        // The web app answers what is no address of the API with its page.
        const isPage = headers['content-type']?.startsWith('text/html');
        if (status !== 429 && status !== 404 && !isPage) passed.push(`${method} ${path}`);
      }
    }
    expect(passed).toEqual([]);
  });

  it('is one for all ids in a path', async () => {
    const { url, send } = await shipped();
    const { id, token } = await signUp(url, 'Writer');
    const post = (spaceId: string) =>
      send(requestOf(postMessage, { params: { spaceId }, body: { text: 'x' } }, token));
    const { quota } = limits.write.burst;
    const ids = Array.from({ length: quota + 1 }, (_, n) =>
      id.replace(/.{3}$/, n.toString(16).padStart(3, '0')),
    );
    const replies: Reply[] = [];
    for (const one of ids) replies.push(await post(one));
    expect(replies.map(isRefused).indexOf(true)).toBe(quota);
  });

  it('is not widened by what a client says of itself', async () => {
    const { send } = await shipped();
    await many(limits.read.quota, () => readInstance(send));
    const tricks = [
      'x-forwarded-for',
      'x-real-ip',
      'x-client-ip',
      'cf-connecting-ip',
      'true-client-ip',
      'forwarded',
      'x-forwarded-host',
      'authorization',
      'cookie',
      'user-agent',
    ];
    const passed: string[] = [];
    for (let n = 0; n < 100; n += 1) {
      const name = tricks[n % tricks.length] ?? '';
      const address = `203.0.113.${n}`;
      const value = {
        forwarded: `for=${address}`,
        authorization: `Bearer x.${n}.y`,
        cookie: `teambrain-refresh=${n}`,
      }[name];
      const reply = await readInstance(send, '/api/instance', { [name]: value ?? address });
      if (!isRefused(reply)) passed.push(name);
    }
    expect(passed).toEqual([]);
  });

  it('of signing up and in is not widened by being signed in', async () => {
    const { url, send } = await shipped();
    const { token } = await signUp(url, 'First');
    const enter = (as: string | null, n: number) => {
      const body = { email: `n${n}@example.org`, name: 'N', password: 'long enough' };
      return send(requestOf(register, { body }, as));
    };
    const replies: Reply[] = [];
    let last: string | null = token;
    for (let n = 0; n < limits.register.quota + 3; n += 1) {
      const reply = await enter(last, n);
      replies.push(reply);
      // Each new account would bring a fresh bucket, if accounts counted here.
      if (reply.status === 201)
        last = (JSON.parse(reply.text) as { accessToken: string }).accessToken;
    }
    expect(replies.filter(({ status }) => status === 201)).toHaveLength(limits.register.quota - 1);
    expect(outcomeOf(replies.at(-1) as Reply)).toBe('too-many-requests');
  });

  it('ends when Retry-After says so', async () => {
    const { url, send } = await shipped();
    const { token } = await signUp(url, 'Patient');
    const create = () =>
      send(requestOf(createSpace, { body: { name: 'S', visibility: 'public' } }, token));
    const replies = await many(limits.write.burst.quota + 1, create);
    const refused = replies.find(isRefused);
    const seconds = Number(refused?.headers['retry-after']);
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(limits.write.burst.window);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
    expect((await create()).status).toBe(201);
  });
});

describe('guessing', () => {
  it('an account’s password is stopped after a few tries', async () => {
    const { url, send } = await shipped();
    const { email, password } = await signUp(url, 'Guessed');
    const guess = (word: string) =>
      send(requestOf(login, { body: { email, password: word } }, null));
    const outcomes: string[] = [];
    for (let n = 0; n < 12; n += 1) outcomes.push(outcomeOf(await guess(`guess ${n}`)));
    expect(outcomes.filter((outcome) => outcome === 'wrong-credentials')).toHaveLength(
      limits['login-account'].quota,
    );
    expect(outcomeOf(await guess(password))).toBe('too-many-requests');
  });

  it('a space’s password is stopped after a few tries, in any spelling of its id', async () => {
    const { url, send } = await shipped();
    const owner = await signUp(url, 'Owner');
    const { token } = await signUp(url, 'Guesser');
    const space = await owner.call(createSpace, {
      body: { name: 'Vault', visibility: 'protected', password: 'open sesame' },
    });
    const join = (spaceId: string, password: string) =>
      send(requestOf(joinSpace, { params: { spaceId }, body: { password } }, token));
    const outcomes: string[] = [];
    for (let n = 0; n < 12; n += 1) {
      const id = n % 2 ? space.id.toUpperCase() : space.id;
      outcomes.push(outcomeOf(await join(id, `guess ${n}`)));
    }
    expect(outcomes.filter((outcome) => outcome === 'wrong-password')).toHaveLength(
      limits.join.quota,
    );
    expect(outcomeOf(await join(space.id, 'open sesame'))).toBe('too-many-requests');
  });
});
