import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { ask } from '@teambrain/contract/ask.ts';
import { limits } from '@teambrain/contract/limit.ts';
import { summarise } from '@teambrain/contract/summaries.ts';
import { createLog } from '../src/platform/core/log.ts';
import type { Encoder } from '../src/platform/ports/ai/encoder.ts';
import { shareEncoder } from '../src/testing/instances.ts';
import { register, type Person } from '../src/testing/people.ts';
import { usePrivateRedis } from '../src/testing/redis.ts';
import { createSpace } from '../src/testing/space.ts';
import {
  createTestApp,
  openTestDatabase,
  useTestApp,
  type TestApp,
} from '../src/testing/test-app.ts';
import { createSender, outcomeOf, requestOf, type Reply } from './support/http.ts';
import { faultsOf } from './support/sound.ts';

/** Two instances on one database and one Redis, whose questions wait until the test lets them go. */
let shared: Awaited<ReturnType<typeof shareEncoder>>;
let redis: Awaited<ReturnType<typeof usePrivateRedis>>;
let apps: [TestApp, TestApp];
let owner: Person;
let space: string;
let held: (() => void)[];
let isHolding: boolean;
let holdingEncoder: Encoder;

beforeAll(async () => (shared = await shareEncoder()));
afterAll(() => shared.end());

beforeEach(async () => {
  redis = await usePrivateRedis();
  const database = await openTestDatabase(createLog('silent'));
  const config = { redisUrl: redis.url, secret: randomBytes(48).toString('base64') };
  held = [];
  isHolding = false;
  holdingEncoder = {
    ...shared.encoder,
    async encode(texts, priority) {
      if (isHolding && priority === 'query') await new Promise<void>((go) => held.push(go));
      return shared.encoder.encode(texts, priority);
    },
  };
  const one = { ...database, close: () => Promise.resolve() };
  const start = () =>
    createTestApp({ database: one, config, encoder: holdingEncoder, limitFactor: 1 });
  apps = [await start(), await start()];
  onTestFinished(async () => {
    letGo();
    await Promise.all(apps.map((app) => app.close()));
    await database.close();
  });
  owner = await register(apps[0].url, 'Owner');
  space = await createSpace(owner);
}, 60_000);

function letGo(): void {
  isHolding = false;
  for (const go of held.splice(0)) go();
}

const askAt = (app: TestApp, { token }: Person): Promise<Reply> =>
  createSender(app.url)(requestOf(ask, { body: { question: 'Where is the key?' } }, token));

const summariseAt = (app: TestApp, { token }: Person, target: unknown = { kind: 'space' }) =>
  createSender(app.url)(
    requestOf(summarise, { params: { spaceId: space }, body: { target } }, token),
  );

/** Resolves when so many questions have come past the limits. */
const inside = (count: number) => expect.poll(() => held.length, { timeout: 20_000 }).toBe(count);

function expectRefusal(reply: Reply): void {
  expect(outcomeOf(reply)).toBe('too-many-requests');
  expect(faultsOf(reply)).toEqual([]);
  expect(reply.headers['retry-after']).toMatch(/^[1-9]\d*$/);
  const seconds = Number(reply.headers['retry-after']);
  expect(JSON.parse(reply.text)).toMatchObject({ retryAfter: seconds });
  expect(seconds).toBeLessThanOrEqual(5);
}

describe('questions and summaries', () => {
  it('of one person run two at a time over all instances', async () => {
    const [a, b] = apps;
    const other = await register(b.url, 'Other');
    isHolding = true;
    const first = [askAt(a, owner), askAt(b, owner)];
    await inside(limits.ai.atOnce);
    expectRefusal(await askAt(a, owner));
    expectRefusal(await askAt(b, owner));
    expectRefusal(await summariseAt(a, owner));
    const others = askAt(a, other);
    await inside(limits.ai.atOnce + 1);
    letGo();
    for (const reply of await Promise.all([...first, others])) expect(reply.status).toBe(200);
    for (const app of apps) expect((await askAt(app, owner)).status).toBe(200);
  });

  it('run as many at a time as the administrator says', async () => {
    const one = await useTestApp({
      encoder: holdingEncoder,
      config: { limits: { ai: { atOnce: 1 } } },
      limitFactor: 1,
    });
    const person = await register(one.url, 'Person');
    isHolding = true;
    const first = askAt(one, person);
    await inside(1);
    expectRefusal(await askAt(one, person));
    letGo();
    expect((await first).status).toBe(200);
  });

  it('that fail give their place back', async () => {
    const target = { kind: 'entry', id: randomUUID() };
    for (let n = 0; n < 3 * limits.ai.atOnce; n += 1) {
      expect(outcomeOf(await summariseAt(apps[n % 2 ? 0 : 1], owner, target))).toBe('not-found');
    }
  });

  it('run one at a time on each instance while Redis is away', async () => {
    const [a, b] = apps;
    await redis.kill();
    const quota = ({ headers }: Reply) => headers['ratelimit-policy'];
    const strict = `"ai";q=${Math.ceil(limits.ai.quota / 3)};w=${limits.ai.window}`;
    for (const app of apps) {
      await expect
        .poll(async () => quota(await summariseAt(app, owner)), { timeout: 10_000 })
        .toBe(strict);
    }
    isHolding = true;
    const first = askAt(a, owner);
    await inside(1);
    expectRefusal(await askAt(a, owner));
    const second = askAt(b, owner);
    await inside(2);
    letGo();
    for (const reply of await Promise.all([first, second])) expect(reply.status).toBe(200);
    expect((await askAt(a, owner)).status).toBe(200);
  });
});
