import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { limits as policies, type LimitName, type LimitPolicy } from '@teambrain/contract/limit.ts';
import type { Limits, LimitState } from './limits.ts';

interface Bucket {
  quota: number;
  window: number;
  limiter: RateLimiterMemory;
}

/**
 * Limits of one process.
 * @param factor multiplies every quota (load tests and seeds)
 */
export function createMemoryLimits(factor = 1): Limits {
  const buckets = new Map<LimitName, Bucket[]>();
  for (const [name, policy] of Object.entries(policies) as [LimitName, LimitPolicy][]) {
    const parts = [policy, ...(policy.burst ? [policy.burst] : [])];
    buckets.set(
      name,
      parts.map(({ quota, window }) => ({
        quota: quota * factor,
        window,
        limiter: new RateLimiterMemory({ points: quota * factor, duration: window }),
      })),
    );
  }

  return {
    async take(policy, key) {
      let tightest: LimitState | null = null;
      for (const bucket of buckets.get(policy) ?? []) {
        const state = await takeFrom(bucket, key);
        if (!state.isAllowed) return state;
        if (!tightest || state.remaining < tightest.remaining) tightest = state;
      }
      if (!tightest) throw new Error(`No rate-limit policy ${policy}`);
      return tightest;
    },
    async forgive(policy, key) {
      for (const { limiter } of buckets.get(policy) ?? []) await limiter.delete(key);
    },
    close: () => Promise.resolve(),
  };
}

async function takeFrom({ quota, window, limiter }: Bucket, key: string): Promise<LimitState> {
  const state = (result: RateLimiterRes, isAllowed: boolean): LimitState => ({
    isAllowed,
    quota,
    window,
    remaining: Math.max(0, result.remainingPoints),
    resetSeconds: Math.max(1, Math.ceil(result.msBeforeNext / 1000)),
  });
  try {
    return state(await limiter.consume(key), true);
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return state(refusal, false);
    throw refusal;
  }
}
