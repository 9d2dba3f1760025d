import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MINUTE, movableClock } from '../../testing/clock.ts';
import { createTestApp, type TestApp } from '../../testing/test-app.ts';
import { createLog } from '../core/log.ts';
import { createJobs, type JobHandler } from './jobs.ts';
import { dequeue, enqueue } from './jobs.store.ts';

let app: TestApp;
const clock = movableClock();

beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());

/** Jobs of a kind of their own, done when the test says so. */
function jobsOf(kind: string, handler: Omit<JobHandler, 'kind'>) {
  const { db } = app.database;
  const log = createLog('silent');
  const add = (key: string, payload: unknown, inMs = 0) =>
    db.transaction((tx) => enqueue(tx, kind, key, payload, new Date(clock.now().getTime() + inMs)));
  const start = () => {
    const jobs = createJobs({ db, clock, log });
    jobs.start([{ kind, ...handler }]);
    return jobs;
  };
  return { db, add, start };
}

const rowsOf = async (kind: string) => {
  const { rows } = await app.database.db.execute<{ key: string; attempts: number; error: string }>(
    sql`select key, attempts, error from jobs where kind = ${kind} order by key`,
  );
  return rows;
};

describe('a job', () => {
  it('is done once, at its time, with what was enqueued last', async () => {
    const done: unknown[] = [];
    const { add, start } = jobsOf('once', { run: async (payload) => void done.push(payload) });
    const [one, two] = [start(), start()];
    await add('a', 1);
    await add('a', 2);
    await add('later', 3, 10 * MINUTE);
    await Promise.all([one.runDue(), two.runDue(), one.runDue()]);
    expect(done).toEqual([2]);
    clock.advance(11 * MINUTE);
    await Promise.all([one.runDue(), two.runDue()]);
    expect(done).toEqual([2, 3]);
    expect(await rowsOf('once')).toEqual([]);
    await Promise.all([one.stop(), two.stop()]);
  });

  it('that was not committed, or was taken back, is not done', async () => {
    const done: unknown[] = [];
    const { db, add, start } = jobsOf('back', { run: async (payload) => void done.push(payload) });
    const failing = db.transaction(async (tx) => {
      await enqueue(tx, 'back', 'a', 1, clock.now());
      throw new Error('the change failed');
    });
    await expect(failing).rejects.toThrow('the change failed');
    await add('b', 2);
    await dequeue(db, 'back', 'b');
    const jobs = start();
    await jobs.runDue();
    expect(done).toEqual([]);
    await jobs.stop();
  });

  it('that fails is done again later, and is parked in the end; others go on', async () => {
    const given: unknown[] = [];
    let tries = 0;
    const run = async (payload: unknown) => {
      if (payload !== 'bad') return;
      tries += 1;
      throw new RangeError('secret words');
    };
    const handler = { run, onParked: async (payload: unknown) => void given.push(payload) };
    const { add, start } = jobsOf('failing', handler);
    const jobs = start();
    await add('bad', 'bad');
    await add('good', 'good');
    await jobs.runDue();
    expect(await rowsOf('failing')).toEqual([{ key: 'bad', attempts: 1, error: 'RangeError' }]);
    await jobs.runDue();
    expect(tries).toBe(1);
    for (let n = 2; n <= 10; n += 1) {
      clock.advance(6 * MINUTE);
      await jobs.runDue();
    }
    expect([tries, given]).toEqual([8, ['bad']]);
    expect(await jobs.counts()).toEqual({ waiting: 0, parked: 1 });
    // Enqueued again it begins from the start.
    await add('bad', 'mended');
    await jobs.runDue();
    expect(await jobs.counts()).toEqual({ waiting: 0, parked: 0 });
    await jobs.stop();
  });

  it('whose process died is done by another one when its lease is over', async () => {
    const done: unknown[] = [];
    const { db, add, start } = jobsOf('dying', { run: async (payload) => void done.push(payload) });
    await add('a', 1);
    await db.execute(sql`update jobs set lease = gen_random_uuid(),
      lease_until = now() + interval '20 seconds' where kind = 'dying'`);
    const jobs = start();
    await jobs.runDue();
    expect(done).toEqual([]);
    await db.execute(sql`update jobs set lease_until = now() where kind = 'dying'`);
    await jobs.runDue();
    expect(done).toEqual([1]);
    await jobs.stop();
  });
});
