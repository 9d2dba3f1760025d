import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { limits as policies, type LimitName, type LimitPolicy } from '@teambrain/contract/limit.ts';
import type { Limits, LimitState } from './limits.ts';
import type { RedisLink } from './redis.ts';

/**
 * Share of a quota that one instance gives while Redis is away and it counts alone: about the whole
 * quota over the three instances of a usual installation.
 */
const STAND_IN_SHARE = 1 / 3;

interface Bucket {
  quota: number;
  window: number;
  shared: RateLimiterRedis;
  standInQuota: number;
  standIn: RateLimiterMemory;
}

/**
 * Limits over all instances, counted atomically in Redis; while it is away each instance counts
 * alone against a smaller quota.
 * @param namespace prefix of this installation's keys
 * @param factor multiplies every quota (load tests and seeds)
 */
export function createRedisLimits(commands: RedisLink, namespace: string, factor = 1): Limits {
  const buckets = new Map<LimitName, Bucket[]>();
  for (const [name, policy] of Object.entries(policies) as [LimitName, LimitPolicy][]) {
    const parts = [policy, ...(policy.burst ? [policy.burst] : [])];
    buckets.set(
      name,
      parts.map(({ quota, window }) => createBucket(`${name}:${window}`, quota * factor, window)),
    );
  }

  function createBucket(name: string, quota: number, window: number): Bucket {
    const standInQuota = Math.ceil(quota * STAND_IN_SHARE);
    return {
      quota,
      window,
      shared: new RateLimiterRedis({
        storeClient: commands.client,
        keyPrefix: `${namespace}limit:${name}`,
        points: quota,
        duration: window,
      }),
      standInQuota,
      standIn: new RateLimiterMemory({ points: standInQuota, duration: window }),
    };
  }

  async function takeFrom(bucket: Bucket, key: string): Promise<LimitState> {
    const { quota, window, shared, standIn, standInQuota } = bucket;
    try {
      return await count(() => commands.run(() => shared.consume(key)), quota, window);
    } catch {
      return count(() => standIn.consume(key), standInQuota, window);
    }
  }

  return {
    async take(policy, key) {
      const states = await Promise.all(
        (buckets.get(policy) ?? []).map((bucket) => takeFrom(bucket, key)),
      );
      const [first, ...others] = states;
      if (!first) throw new Error(`No rate-limit policy ${policy}`);
      return others.reduce(tighter, first);
    },
    async forgive(policy, key) {
      for (const { shared, standIn } of buckets.get(policy) ?? []) {
        await standIn.delete(key);
        // Away: what Redis counted stays until its window ends.
        await commands.run(() => shared.delete(key)).catch(() => undefined);
      }
    },
    close: () => Promise.resolve(),
  };
}

async function count(
  consume: () => Promise<RateLimiterRes>,
  quota: number,
  window: number,
): Promise<LimitState> {
  const state = (result: RateLimiterRes, isAllowed: boolean): LimitState => ({
    isAllowed,
    quota,
    window,
    remaining: Math.max(0, result.remainingPoints),
    resetSeconds: Math.max(1, Math.ceil(result.msBeforeNext / 1000)),
  });
  try {
    return state(await consume(), true);
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return state(refusal, false);
    throw refusal;
  }
}

/** A refusal before an allowance, the longer wait of two refusals, else what has less left. */
function tighter(a: LimitState, b: LimitState): LimitState {
  if (a.isAllowed !== b.isAllowed) return a.isAllowed ? b : a;
  if (!a.isAllowed) return a.resetSeconds >= b.resetSeconds ? a : b;
  return b.remaining < a.remaining ? b : a;
}
