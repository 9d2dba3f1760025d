import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { createLimits, type Count, type Counter, type LimitOptions } from './limits.counters.ts';
import { createMemoryLimits } from './limits.memory.ts';
import { createRedisPlaces } from './limits.places.redis.ts';
import type { Limits } from './limits.ts';
import type { RedisLink } from './redis.ts';
import type { Seal } from './redis-seal.ts';

/**
 * Share of a quota that one instance gives while Redis is away and it counts alone: about the whole
 * quota over the three instances of a usual installation.
 */
const STAND_IN_SHARE = 1 / 3;

/**
 * Limits over all instances, counted atomically in Redis; while it is away each instance counts
 * alone against a smaller quota.
 * @param seal of this installation: keys carry e-mails and addresses, which Redis does not learn
 */
export function createRedisLimits(
  commands: RedisLink,
  seal: Pick<Seal, 'namespace' | 'hide'>,
  options: LimitOptions & { leaseMs?: number } = {},
): Limits {
  const shared = createLimits(
    (name, points, duration) =>
      counterOf(
        new RateLimiterRedis({
          storeClient: commands.client,
          keyPrefix: `${seal.namespace}limit:${name}`,
          points,
          duration,
        }),
      ),
    createRedisPlaces(commands, seal.namespace, options.leaseMs),
    options,
  );
  const { factor = 1 } = options;
  const standIn = createMemoryLimits({ ...options, factor: factor * STAND_IN_SHARE });

  return {
    async take(policy, key) {
      try {
        return await commands.run(async () => shared.take(policy, seal.hide(key)));
      } catch {
        return standIn.take(policy, key); // why is in the link's log
      }
    },
    async enter(policy, key) {
      try {
        return await commands.run(() => shared.enter(policy, seal.hide(key)));
      } catch {
        return standIn.enter(policy, key);
      }
    },
    async giveBack(policy, key) {
      await standIn.giveBack(policy, key);
      // Away: it counts as one more until its window ends.
      await commands.run(() => shared.giveBack(policy, seal.hide(key))).catch(() => undefined);
    },
    async forgive(policy, key) {
      await standIn.forgive(policy, key);
      // Away: what Redis counted stays until its window ends.
      await commands.run(() => shared.forgive(policy, seal.hide(key))).catch(() => undefined);
    },
    close: () => Promise.resolve(),
  };
}

function counterOf(limiter: RateLimiterRedis): Counter {
  const toCount = ({ consumedPoints, msBeforeNext }: RateLimiterRes): Count => ({
    used: consumedPoints,
    msLeft: msBeforeNext,
  });
  return {
    add: (key) =>
      limiter.consume(key).then(toCount, (refusal: unknown) => {
        if (refusal instanceof RateLimiterRes) return toCount(refusal);
        throw refusal;
      }),
    subtract: (key) => limiter.reward(key),
    prolong: (key, seconds) => limiter.block(key, seconds).then(toCount),
    delete: (key) => limiter.delete(key),
  };
}
