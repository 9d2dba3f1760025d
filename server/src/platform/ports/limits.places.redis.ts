import { newId } from '../core/id.ts';
import type { TakePlace } from './limits.counters.ts';
import { redisScript, type RedisLink } from './redis.ts';

/** A place is given back so long after its holder was last heard of. */
const LEASE_MS = 5_000;

/** KEYS places (id → end of the lease, by the clock of Redis). ARGV id, width, lease. */
const enter = redisScript(`
  local time = redis.call('time')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  redis.call('zremrangebyscore', KEYS[1], '-inf', now)
  if redis.call('zcard', KEYS[1]) >= tonumber(ARGV[2]) then
    return redis.call('zrange', KEYS[1], 0, 0, 'withscores')[2] - now
  end
  redis.call('zadd', KEYS[1], now + ARGV[3], ARGV[1])
  redis.call('pexpire', KEYS[1], ARGV[3])
  return 0`);

/** As above, of who is inside: also after a flush that forgot them. */
const stay = redisScript(`
  local time = redis.call('time')
  redis.call('zadd', KEYS[1], time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[2], ARGV[1])
  redis.call('pexpire', KEYS[1], ARGV[2])`);

/**
 * Places over all instances, held by leases that their holders prolong: those of an instance that
 * died are free again after `leaseMs`.
 */
export function createRedisPlaces(
  commands: RedisLink,
  namespace: string,
  leaseMs = LEASE_MS,
): TakePlace {
  const { client } = commands;
  const quietly = (task: () => Promise<unknown>) => commands.run(task).catch(() => undefined);
  return async (key, width) => {
    const place = `${namespace}places:${key}`;
    const id = newId();
    const waitMs = Number(await enter(client, [place], [id, width, leaseMs]));
    if (waitMs > 0) return { isAllowed: false, resetSeconds: Math.ceil(waitMs / 1_000) };
    const prolong = () => void quietly(() => stay(client, [place], [id, leaseMs]));
    const timer = setInterval(prolong, leaseMs / 4);
    timer.unref();
    return {
      isAllowed: true,
      async release() {
        clearInterval(timer);
        // Away: the lease ends by itself.
        await quietly(() => client.zrem(place, id));
      },
    };
  };
}
