import { limits as policies } from '@teambrain/contract/limit.ts';
import { describe, expect, test } from 'vitest';
import { together } from '../core/maybe-promise.ts';
import type { LimitState, Limits } from './limits.ts';

/** What all limits do. `open` gives limits with nothing counted, closed when the test ends. */
export function testLimits(open: () => Promise<Limits>): void {
  const { quota, window } = policies.register;

  describe('limits', () => {
    test('allow exactly the quota, and count what is left down', async () => {
      const limits = await open();
      const states: LimitState[] = [];
      for (let n = 0; n < quota + 2; n += 1) states.push(await limits.take('register', 'me'));
      expect(states.map(({ isAllowed }) => isAllowed)).toEqual([
        ...Array.from({ length: quota }, () => true),
        false,
        false,
      ]);
      expect(states.map(({ remaining }) => remaining)).toEqual([4, 3, 2, 1, 0, 0, 0]);
      for (const state of states) {
        expect(state).toMatchObject({ quota, window });
        expect(Number.isInteger(state.resetSeconds)).toBe(true);
        expect(state.resetSeconds).toBeGreaterThan(window - 10);
        expect(state.resetSeconds).toBeLessThanOrEqual(window);
      }
    });

    test('allow exactly the quota to who comes all at once', async () => {
      const limits = await open();
      const states = await together(
        Array.from({ length: 50 }, () => limits.take('register', 'me')),
      );
      expect(states.filter(({ isAllowed }) => isAllowed)).toHaveLength(quota);
    });

    test('count keys and policies apart', async () => {
      const limits = await open();
      for (let n = 0; n <= quota; n += 1) await limits.take('register', 'me');
      expect((await limits.take('register', 'you')).isAllowed).toBe(true);
      expect((await limits.take('join', 'me')).isAllowed).toBe(true);
    });

    test('take back one that was counted', async () => {
      const limits = await open();
      for (let n = 0; n < 3 * quota; n += 1) {
        expect((await limits.take('register', 'me')).isAllowed).toBe(true);
        await limits.giveBack('register', 'me');
      }
      expect((await limits.take('register', 'me')).remaining).toBe(quota - 1);
    });

    test('forget on request', async () => {
      const limits = await open();
      for (let n = 0; n <= quota; n += 1) await limits.take('register', 'me');
      await limits.forgive('register', 'me');
      expect(await limits.take('register', 'me')).toMatchObject({
        isAllowed: true,
        remaining: quota - 1,
      });
    });

    test('let only so many run at a time, and more as soon as one has ended', async () => {
      const limits = await open();
      const { atOnce } = policies.ai;
      const enter = (key: string) => limits.enter('ai', key);
      const holds = await Promise.all(Array.from({ length: 20 }, () => enter('me')));
      const inside = holds.filter((hold) => hold.isAllowed);
      expect(inside).toHaveLength(atOnce);
      for (const hold of holds) {
        if (hold.isAllowed) continue;
        expect(Number.isInteger(hold.resetSeconds)).toBe(true);
        expect(hold.resetSeconds).toBeGreaterThan(0);
      }
      expect((await enter('you')).isAllowed).toBe(true);
      // Twice is once: nobody gives another's place away.
      await inside[0]?.release();
      await inside[0]?.release();
      expect((await enter('me')).isAllowed).toBe(true);
      expect((await enter('me')).isAllowed).toBe(false);
    });

    test('let any number run where the policy says nothing of it', async () => {
      const limits = await open();
      const holds = await Promise.all(
        Array.from({ length: 50 }, () => limits.enter('search', 'me')),
      );
      expect(holds.every(({ isAllowed }) => isAllowed)).toBe(true);
    });

    test('hold a burst to its own quota, and give room again when it says so', async () => {
      const limits = await open();
      const { burst } = policies.write;
      const states: LimitState[] = [];
      for (let n = 0; n <= burst.quota; n += 1) states.push(await limits.take('write', 'me'));
      expect(states.filter(({ isAllowed }) => isAllowed)).toHaveLength(burst.quota);
      const refusal = states.at(-1);
      expect(refusal).toMatchObject({ isAllowed: false, quota: burst.quota, window: burst.window });
      await new Promise((resolve) => setTimeout(resolve, 1000 * (refusal?.resetSeconds ?? 0)));
      expect((await limits.take('write', 'me')).isAllowed).toBe(true);
    });
  });
}
