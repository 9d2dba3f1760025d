import { once } from 'node:events';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import { hash } from '@node-rs/argon2';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SignedIn } from '@teambrain/contract/auth.ts';
import { register, type Person } from '../../testing/people.ts';
import { send } from '../../testing/http.ts';
import { mannWhitney, median } from '../../testing/statistics.ts';
import { createTestApp, type TestApp } from '../../testing/test-app.ts';

let app: TestApp;
let person: Person;

beforeAll(async () => {
  app = await createTestApp();
  person = await register(app.url, 'Grace');
});
afterAll(() => app.close());

const logIn = (email: string, password: string) =>
  send(app.url, 'POST /auth/login', { body: { email, password } });

/** Statuses of so many log-ins at once, sent by a thread: only the server's work is on this loop. */
async function logInFromAThread(count: number): Promise<number[]> {
  const send = `
    const { parentPort, workerData: { url, body, count } } = require('node:worker_threads');
    const headers = { 'content-type': 'application/json' };
    const one = () => fetch(url, { method: 'POST', headers, body }).then((reply) => reply.status);
    Promise.all(Array.from({ length: count }, one)).then((all) => parentPort.postMessage(all));`;
  const { email, password } = person;
  const body = JSON.stringify({ email, password });
  const workerData = { url: `${app.url}/api/auth/login`, body, count };
  const [statuses] = (await once(new Worker(send, { eval: true, workerData }), 'message')) as [
    number[],
  ];
  return statuses;
}

/** 99th percentile of the event loop's delay meanwhile, in milliseconds. */
async function delayDuring<T>(work: Promise<T>): Promise<{ delay: number; result: T }> {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const result = await work;
  delay.disable();
  return { delay: delay.percentile(99) / 1e6, result };
}

async function storedHash(id: string): Promise<string> {
  const found = await app.database.db.execute<{ hash: string }>(
    sql`select password_hash hash from users where id = ${id}`,
  );
  return found.rows[0]?.hash ?? '';
}

describe('stored passwords', () => {
  it('are Argon2id with at least 19 MiB, two passes and a salt of 16 bytes', async () => {
    const stored = await storedHash(person.id);
    const [, memory, passes, lanes, salt] =
      /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$[A-Za-z0-9+/]+$/.exec(
        stored,
      ) ?? [];
    expect(Number(memory)).toBeGreaterThanOrEqual(19_456);
    expect(Number(passes)).toBeGreaterThanOrEqual(2);
    expect(Number(lanes)).toBe(1);
    expect(Buffer.from(salt ?? '', 'base64')).toHaveLength(16);
  });

  it('are salted: the same password gives another hash', async () => {
    const body = { name: 'Twin', password: 'one password for both' };
    const twins = [];
    for (const email of ['twin.1@example.org', 'twin.2@example.org']) {
      const reply = await send(app.url, 'POST /auth/register', { body: { ...body, email } });
      twins.push(await storedHash(reply.json<{ user: { id: string } }>().user.id));
    }
    expect(twins[0]).not.toBe(twins[1]);
  });

  it('are hashed anew at the next log-in when they were made with other parameters', async () => {
    const weak = await hash(person.password, { memoryCost: 8_192, timeCost: 1, parallelism: 1 });
    await app.database.db.execute(
      sql`update users set password_hash = ${weak} where id = ${person.id}`,
    );
    expect((await logIn(person.email, 'a wrong password')).status).toBe(401);
    expect(await storedHash(person.id)).toBe(weak);
    expect((await logIn(person.email, person.password)).status).toBe(200);
    expect(await storedHash(person.id)).toContain('$m=19456,t=2,p=1$');
    expect((await logIn(person.email, person.password)).status).toBe(200);
  });
});

describe('the time a log-in takes', () => {
  it('does not tell an unknown account or a suspended user from a wrong password', async () => {
    const suspended = await register(app.url, 'Suspended');
    await app.database.db.execute(
      sql`update users set suspended_at = now() where id = ${suspended.id}`,
    );
    const attempts = [
      () => logIn('nobody@example.org', 'not a password'),
      () => logIn(person.email, 'not a password'),
      () => logIn(suspended.email, suspended.password),
    ];
    const times: number[][] = [[], [], []];
    for (let round = 0; round < 60; round += 1) {
      // Each round in another order, so that what else the machine does falls on all alike.
      for (let n = 0; n < 3; n += 1) {
        const which = (round + n) % 3;
        const started = performance.now();
        await attempts[which]?.();
        times[which]?.push(performance.now() - started);
      }
    }
    const [unknown = [], wrong = [], locked = []] = times;
    for (const other of [unknown, locked]) {
      const isNear = Math.abs(median(other) - median(wrong)) < 5;
      expect(isNear || mannWhitney(other, wrong) > 0.001).toBe(true);
    }
  });
});

describe('200 log-ins at once', () => {
  it('leave the event loop free', async () => {
    // What else the machine does delays a loop without work as well.
    const quiet = await delayDuring(new Promise((resolve) => setTimeout(resolve, 2_000)));
    const { delay: busy, result: statuses } = await delayDuring(logInFromAThread(200));
    const accepted = statuses.filter((status) => status === 200);
    const refused = statuses.filter((status) => status === 503);
    expect(accepted.length + refused.length).toBe(200);
    expect(accepted.length).toBeGreaterThan(10); // as many as the machine hashes in two seconds
    expect(busy).toBeLessThan(Math.max(100, 3 * quiet.delay));
    expect((await logIn(person.email, person.password)).status).toBe(200);
  });
});

describe('more passwords at once than can wait', () => {
  it('are refused at once and told when to come back; nothing is half done', async () => {
    const replies = await Promise.all(
      Array.from({ length: 180 }, (_, n) => {
        const body = {
          email: `flood.${n}@example.org`,
          name: 'Flood',
          password: 'a long password',
        };
        return send(app.url, 'POST /auth/register', { body });
      }),
    );
    const refused = replies.filter(({ status }) => status === 503);
    expect(refused.length).toBeGreaterThan(0);
    for (const { headers, code } of refused) {
      expect(code).toBe('busy');
      expect(headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    }
    const made = replies.filter(({ status }) => status === 201);
    expect(made.length + refused.length).toBe(180);
    // One whose turn came late may exist although its answer said that the time was over. Each has all
    // that belongs to it, and the same words again lead into it.
    const accounts = await app.database.db.execute<{ email: string; parts: number[] }>(sql`
      select email, array[
        (select count(*)::int from sessions s where s.user_id = u.id),
        (select count(*)::int from audit_log a where a.subject_id = u.id)] parts
      from users u where email like 'flood.%'`);
    expect(accounts.rows.length).toBeGreaterThanOrEqual(made.length);
    const emails = new Set(accounts.rows.map(({ email }) => email));
    const users = made.map((reply) => reply.json<SignedIn>().user);
    expect(users.every(({ email }) => emails.has(email))).toBe(true);
    for (const { parts } of accounts.rows) expect(parts).toEqual([1, 1]);
    for (const email of [...emails].slice(-3)) {
      const body = { email, name: 'Flood', password: 'a long password' };
      expect((await send(app.url, 'POST /auth/register', { body })).status).toBe(201);
    }
  });
});
