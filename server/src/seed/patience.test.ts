import { describe, expect, it } from 'vitest';
import { problem } from '../platform/core/problem.ts';
import { patientApp, patiently } from './patience.ts';
import { StoppedError, type SeedApp } from './write-run.ts';

const never = new AbortController().signal;
const quick = { firstMs: 1, enoughMs: 60_000 };

/** Fails so often with these errors, then gives 7. */
function failing(...errors: Error[]) {
  let calls = 0;
  const task = () => {
    const error = errors[calls++];
    return error ? Promise.reject(error) : Promise.resolve(7);
  };
  return { task, calls: () => calls };
}

describe('patiently', () => {
  it('tries again while the server is busy or its database away', async () => {
    const timeout = Object.assign(new Error('canceling statement'), { code: '57014' });
    const { task, calls } = failing(problem('busy'), timeout, problem('busy'));
    expect(await patiently(task, never, quick)).toBe(7);
    expect(calls()).toBe(4);
  });

  it('does not hide what does not pass', async () => {
    for (const error of [problem('gone'), problem('storage-full'), new TypeError('ours')]) {
      const { task, calls } = failing(error);
      await expect(patiently(task, never, quick)).rejects.toBe(error);
      expect(calls()).toBe(1);
    }
  });

  it('gives up in the end, and stops when told to', async () => {
    const busy = () => Promise.reject(problem('busy'));
    const impatient = { firstMs: 1, enoughMs: 5 };
    await expect(patiently(busy, never, impatient)).rejects.toThrow('run the same command again');
    const stopped = AbortSignal.abort();
    await expect(patiently(busy, stopped, quick)).rejects.toThrow(StoppedError);
  });
});

it('makes an app patient in every call', async () => {
  const { task, calls } = failing(problem('busy'));
  const others = { auth: {}, spaces: {}, reactions: {}, pins: {}, files: {}, knowledge: {} };
  const app = { chat: { post: task }, access: {}, unread: {}, ...others };
  const patient = patientApp(app as unknown as SeedApp, never);
  expect(await (patient.chat.post as unknown as () => Promise<number>)()).toBe(7);
  expect(calls()).toBe(2);
});
