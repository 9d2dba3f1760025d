import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { limits as policies, type LimitName, type LimitPolicy } from '@teambrain/contract/limit.ts';
import type { Limits, LimitState } from './limits.ts';

interface Bucket {
  quota: number;
  window: number;
  limiter: RateLimiterMemory;
  /** How often in a row the quota was used up, where waits grow. */
  strikes: { counter: RateLimiterMemory; growsTo: number } | null;
}

/** How long strikes are remembered, in seconds; longer than any wait they lead to. */
const MEMORY = 86_400;

/**
 * Limits of one process.
 * @param factor multiplies every quota (load tests and seeds)
 */
export function createMemoryLimits(factor = 1): Limits {
  const buckets = new Map<LimitName, Bucket[]>();
  for (const [name, policy] of Object.entries(policies) as [LimitName, LimitPolicy][]) {
    const { burst, growsTo } = policy;
    buckets.set(name, [
      bucketOf(policy, factor, growsTo),
      ...(burst ? [bucketOf(burst, factor)] : []),
    ]);
  }

  return {
    async take(policy, key) {
      const states: LimitState[] = [];
      for (const bucket of buckets.get(policy) ?? []) states.push(await takeFrom(bucket, key));
      const [first] = states;
      if (!first) throw new Error(`No rate-limit policy ${policy}`);
      const isAllowed = states.every((state) => state.isAllowed);
      if (isAllowed) return states.reduce((a, b) => (b.remaining < a.remaining ? b : a));
      // Trying again makes sense once no bucket is empty.
      const empty = states.filter(({ remaining }) => remaining === 0);
      const longest = empty.reduce((a, b) => (b.resetSeconds > a.resetSeconds ? b : a));
      return { ...longest, isAllowed };
    },
    async forgive(policy, key) {
      for (const { limiter, strikes } of buckets.get(policy) ?? []) {
        await limiter.delete(key);
        await strikes?.counter.delete(key);
      }
    },
    close: () => Promise.resolve(),
  };
}

function bucketOf(
  { quota, window }: { quota: number; window: number },
  factor: number,
  growsTo?: number,
): Bucket {
  return {
    quota: quota * factor,
    window,
    limiter: new RateLimiterMemory({ points: quota * factor, duration: window }),
    strikes:
      growsTo === undefined
        ? null
        : { growsTo, counter: new RateLimiterMemory({ points: 1, duration: MEMORY }) },
  };
}

async function takeFrom(bucket: Bucket, key: string): Promise<LimitState> {
  const { quota, window, limiter } = bucket;
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
    if (refusal instanceof RateLimiterRes) return state(await prolong(bucket, key, refusal), false);
    throw refusal;
  }
}

/** The first refusal of a window is a strike; from the second strike on it lasts longer. */
async function prolong(bucket: Bucket, key: string, refusal: RateLimiterRes) {
  const { quota, window, limiter, strikes } = bucket;
  if (!strikes || refusal.consumedPoints !== quota + 1) return refusal;
  const { consumedPoints: count } = await strikes.counter.penalty(key);
  const wait = Math.min(strikes.growsTo, window * 2 ** (count - 1));
  return count > 1 ? limiter.block(key, wait) : refusal;
}
