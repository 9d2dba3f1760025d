import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createGroups } from './groups.ts';

const settings = fc.record({
  flights: fc.integer({ min: 1, max: 3 }),
  maxItems: fc.integer({ min: 1, max: 5 }),
  maxWeight: fc.integer({ min: 1, max: 20 }),
});
const weights = fc.array(fc.integer({ min: 1, max: 25 }), { minLength: 1, maxLength: 40 });

describe('groups', () => {
  it('give each item its own result once, in order, within every bound', async () => {
    await fc.assert(
      fc.asyncProperty(settings, weights, fc.scheduler(), async (bounds, items, s) => {
        const begun: number[] = [];
        const added = new Set<number>();
        let underWay = 0;
        const groups = createGroups({
          ...bounds,
          maxWaiting: 1_000,
          weigh: (n: number) => items[n] ?? 0,
          async run(group: readonly number[]) {
            underWay += 1;
            expect(underWay).toBeLessThanOrEqual(bounds.flights);
            expect(group.length).toBeLessThanOrEqual(bounds.maxItems);
            const weight = group.reduce((sum, n) => sum + (items[n] ?? 0), 0);
            expect(group.length === 1 || weight <= bounds.maxWeight).toBe(true);
            for (const n of group) expect(added.has(n)).toBe(true);
            begun.push(...group);
            await s.schedule(Promise.resolve());
            underWay -= 1;
            return group.map((n) => `result of ${n}`);
          },
        });
        const results = items.map((_, n) =>
          s.schedule(Promise.resolve()).then(() => {
            added.add(n);
            return groups.add(n);
          }),
        );
        const order: number[] = [];
        for (const [n, result] of results.entries()) void result.then(() => order.push(n));
        await s.waitFor(Promise.all(results));
        expect(await Promise.all(results)).toEqual(items.map((_, n) => `result of ${n}`));
        expect(begun).toEqual([...added]);
        if (bounds.flights === 1) expect(order).toEqual([...added]);
        expect(groups.isIdle).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('go by halves, so that one half is answered while the other is done', async () => {
    const sizes: number[] = [];
    const groups = createGroups({
      flights: 1,
      maxItems: 100,
      maxWaiting: 100,
      async run(group: readonly number[]) {
        sizes.push(group.length);
        await new Promise((resolve) => setImmediate(resolve));
        return group;
      },
    });
    const callers = Array.from({ length: 8 }, async (_, n) => {
      // The first one is under way before the others come.
      if (n > 0) await Promise.resolve().then(() => undefined);
      for (let times = 0; times < 10; times += 1) await groups.add(n);
    });
    await Promise.all(callers);
    expect(sizes.slice(0, 3)).toEqual([1, 4, 4]);
    expect(Math.max(...sizes)).toBe(4);
  });

  it('fail only those of the group that failed', async () => {
    const groups = createGroups({
      flights: 1,
      maxItems: 2,
      maxWaiting: 10,
      run: (group: readonly number[]) =>
        group.includes(3) ? Promise.reject(new Error('no')) : Promise.resolve(group),
    });
    const settled = await Promise.allSettled([0, 1, 2, 3, 4, 5].map((n) => groups.add(n)));
    expect(settled.map(({ status }) => status === 'fulfilled')).toEqual([
      true,
      true,
      false,
      false,
      true,
      true,
    ]);
  });

  it('refuse what is too much, and take more when there is room again', async () => {
    const groups = createGroups({
      flights: 1,
      maxItems: 1,
      maxWaiting: 3,
      run: (group: readonly number[]) => Promise.resolve(group),
    });
    const settled = await Promise.allSettled([0, 1, 2, 3].map((n) => groups.add(n)));
    expect(settled.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
    ]);
    expect(settled[3]).toMatchObject({ reason: { code: 'busy' } });
    expect(await groups.add(4)).toBe(4);
  });

  it('refuse what waited too long, and set off beside a group that is slow', async () => {
    const hanging: (() => void)[] = [];
    const groups = createGroups({
      flights: 2,
      spareAfterMs: 20,
      maxItems: 10,
      maxWaiting: 10,
      patienceMs: 60,
      run: (group: readonly number[]) =>
        new Promise<readonly number[]>((resolve) => hanging.push(() => resolve(group))),
    });
    const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
    const first = groups.add(0);
    await pause(1);
    const second = groups.add(1);
    await pause(30);
    expect(hanging).toHaveLength(1);
    const third = groups.add(2);
    await pause(1);
    // The second and third set off together; what comes now waits for one of both.
    expect(hanging).toHaveLength(2);
    const late = groups.add(3).catch((error: unknown) => error);
    await pause(80);
    for (const end of hanging) end();
    expect(await Promise.all([first, second, third])).toEqual([0, 1, 2]);
    expect(await late).toMatchObject({ code: 'busy' });
  });
});
