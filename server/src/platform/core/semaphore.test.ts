import { expect, it } from 'vitest';
import { createLanes } from './semaphore.ts';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

it('lanes go one at a time each, side by side, and refuse a crowd and too long a wait', async () => {
  const inLane = createLanes({ width: 1, queue: 2, patienceMs: 100 });
  const order: string[] = [];
  let atOnce = 0;
  const task = (name: string, ms: number) => async () => {
    atOnce += 1;
    expect(atOnce).toBeLessThanOrEqual(2);
    order.push(name);
    await pause(ms);
    atOnce -= 1;
    return name;
  };
  const outcomes = await Promise.allSettled([
    inLane('a', task('a1', 30)),
    inLane('a', task('a2', 200)),
    inLane('b', task('b1', 1)),
    inLane('a', task('a3', 1)),
    inLane('a', task('a4', 1)),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual([
    ...['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'rejected'],
  ]);
  expect(order).toEqual(['a1', 'b1', 'a2']);
  expect(await inLane('a', task('a5', 1))).toBe('a5');
  await expect(inLane('a', () => Promise.reject(new Error('its own')))).rejects.toThrow('its own');
  expect(await inLane('a', task('a6', 1))).toBe('a6');
});
