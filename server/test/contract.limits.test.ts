import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { login, register, type SignedIn } from '@teambrain/contract/auth.ts';
import { postMessage } from '@teambrain/contract/chat.ts';
import { limits } from '@teambrain/contract/limit.ts';
import { createSpace, joinSpace, type Space } from '@teambrain/contract/spaces.ts';
import { createTestApp, type TestApp } from '../src/testing/test-app.ts';
import { createSender, outcomeOf, requestOf, type Reply, type Send } from './support/http.ts';
import { faultsOf } from './support/sound.ts';

/** One app with the rate limits as shipped; each test comes from addresses of its own. */
let app: TestApp;
let addresses = 1;

beforeAll(async () => {
  app = await createTestApp({ limitFactor: 1 });
});
afterAll(() => app.close());

function fromNewAddress(): Send {
  addresses += 1;
  return createSender(app.url, `127.0.0.${addresses}`);
}

const PASSWORD = 'long enough';
const newAccount = () => ({ email: `${randomUUID()}@example.org`, name: 'N', password: PASSWORD });

/** Someone who signed up at an address of their own. */
async function newcomer() {
  const send = fromNewAddress();
  const account = newAccount();
  const reply = await send(requestOf(register, { body: account }, null));
  const { accessToken, user } = JSON.parse(reply.text) as SignedIn;
  return { send, token: accessToken, id: user.id, email: account.email };
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
    const send = fromNewAddress();
    const first = await readInstance(send);
    const second = await readInstance(send);
    expect(first.headers['ratelimit-policy']).toBe(`"read";q=${limits.read.quota};w=60`);
    expect(stateOf(first)).toMatchObject({ policy: 'read', remaining: limits.read.quota - 1 });
    expect(stateOf(second).remaining).toBe(limits.read.quota - 2);
  });

  it('lets exactly its quota through, however many ask at once', async () => {
    const send = fromNewAddress();
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
    const send = fromNewAddress();
    await many(limits.read.quota, () => readInstance(send));
    const spellings = [
      ...['/api/instance', '/api/instance?x=1', '/api/instance/', '/api//instance'],
      ...['//api/instance', '/API/INSTANCE', '/api/Instance', '/api/%69nstance'],
      ...['/api/instanc%65', '/api/./instance', '/api/x/../instance', '/api/instance;x'],
      ...['/api/instance%20', '/api/instance%00', '/api/instance#x'],
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

  it('is not widened by what a client says of itself', async () => {
    const send = fromNewAddress();
    await many(limits.read.quota, () => readInstance(send));
    const tricks = [
      ...['x-forwarded-for', 'x-real-ip', 'x-client-ip', 'cf-connecting-ip', 'true-client-ip'],
      ...['forwarded', 'x-forwarded-host', 'authorization', 'cookie', 'user-agent'],
    ];
    const passed: string[] = [];
    for (let n = 0; n < 100; n += 1) {
      const name = tricks[n % tricks.length] ?? '';
      const address = `203.0.113.${n}`;
      const special: Record<string, string> = {
        forwarded: `for=${address}`,
        authorization: `Bearer x.${n}.y`,
        cookie: `teambrain-refresh=${n}`,
      };
      const headers = { [name]: special[name] ?? address };
      if (!isRefused(await readInstance(send, '/api/instance', headers))) passed.push(name);
    }
    expect(passed).toEqual([]);
  });

  it('is one for all ids in a path', async () => {
    const { send, id, token } = await newcomer();
    const { quota } = limits.write.burst;
    const replies: Reply[] = [];
    for (let n = 0; n <= quota; n += 1) {
      const spaceId = id.replace(/.{3}$/, n.toString(16).padStart(3, '0'));
      const input = { params: { spaceId }, body: { text: 'x' } };
      replies.push(await send(requestOf(postMessage, input, token)));
    }
    expect(replies.map(isRefused).indexOf(true)).toBe(quota);
  });

  it('of signing up is not widened by being signed in', async () => {
    const send = fromNewAddress();
    const replies: Reply[] = [];
    let token: string | null = null;
    for (let n = 0; n < limits.register.quota + 3; n += 1) {
      const reply: Reply = await send(requestOf(register, { body: newAccount() }, token));
      replies.push(reply);
      // Each new account would bring a fresh bucket, if accounts counted here.
      if (reply.status === 201) token = (JSON.parse(reply.text) as SignedIn).accessToken;
    }
    const created = replies.filter(({ status }) => status === 201);
    expect(created).toHaveLength(limits.register.quota);
    expect(replies.slice(created.length).every(isRefused)).toBe(true);
  });

  it('ends when Retry-After says so', async () => {
    const { send, token } = await newcomer();
    const create = () =>
      send(requestOf(createSpace, { body: { name: 'S', visibility: 'public' } }, token));
    const replies = await many(limits.write.burst.quota + 1, create);
    const refusal = replies.find(isRefused);
    const { quota, window } = limits.write.burst;
    expect(JSON.parse(refusal?.text ?? '{}')).toMatchObject({
      limit: { quota, window },
      detail: `More than ${quota} requests in ${window} seconds`,
    });
    const seconds = Number(refusal?.headers['retry-after']);
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(limits.write.burst.window);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
    expect((await create()).status).toBe(201);
  });
});

describe('guessing', () => {
  it('an account’s password is stopped after a few tries', async () => {
    const { send, email } = await newcomer();
    const guess = async (password: string) =>
      outcomeOf(await send(requestOf(login, { body: { email, password } }, null)));
    const outcomes: string[] = [];
    for (let n = 0; n < 12; n += 1) outcomes.push(await guess(`guess ${n}`));
    const wrong = outcomes.filter((outcome) => outcome === 'wrong-credentials');
    expect(wrong).toHaveLength(limits['login-account'].quota);
    expect(await guess(PASSWORD)).toBe('too-many-requests');
  });

  it('a space’s password is stopped after a few tries, in any spelling of its id', async () => {
    const owner = await newcomer();
    const { send, token } = await newcomer();
    const body = { name: 'Vault', visibility: 'protected', password: 'open up sesame' };
    const made = await owner.send(requestOf(createSpace, { body }, owner.token));
    const { id } = JSON.parse(made.text) as Space;
    const join = async (spaceId: string, password: string) =>
      outcomeOf(
        await send(requestOf(joinSpace, { params: { spaceId }, body: { password } }, token)),
      );
    const outcomes: string[] = [];
    for (let n = 0; n < 12; n += 1) {
      outcomes.push(await join(n % 2 ? id.toUpperCase() : id, `guess ${n}`));
    }
    const wrong = outcomes.filter((outcome) => outcome === 'wrong-password');
    expect(wrong).toHaveLength(limits.join.quota);
    expect(await join(id, body.password)).toBe('too-many-requests');
  });
});
