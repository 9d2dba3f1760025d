import { redisScript, type RedisLink } from './redis.ts';
import { createMemorySeats } from './seats.memory.ts';
import type { Seats } from './seats.ts';

/** A seat is free again so long after its holder was last heard of: those of an instance that died. */
const LEASE_MS = 60_000;

/**
 * KEYS seats (when it was taken and by whom → end of the lease, by the clock of Redis). ARGV id,
 * width, lease. Gives the new seat and those that were lost.
 */
const take = redisScript(`
  local time = redis.call('time')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  local seat = string.format('%011d%06d:', time[1], time[2]) .. ARGV[1]
  redis.call('zremrangebyscore', KEYS[1], '-inf', now)
  redis.call('zadd', KEYS[1], now + ARGV[3], seat)
  redis.call('pexpire', KEYS[1], ARGV[3])
  local seats = redis.call('zrange', KEYS[1], 0, -1)
  table.sort(seats)
  local answer = { seat }
  for n = 1, #seats - ARGV[2] do
    answer[n + 1] = seats[n]
    redis.call('zrem', KEYS[1], seats[n])
  end
  return answer`);

/** As above, of those who hold seats: also after a flush that forgot them. ARGV lease, seats. */
const stay = redisScript(`
  local time = redis.call('time')
  local ends = time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[1]
  for n = 2, #ARGV do redis.call('zadd', KEYS[1], ends, ARGV[n]) end
  redis.call('pexpire', KEYS[1], ARGV[1])`);

const idIn = (seat: string) => seat.slice(seat.indexOf(':') + 1);

/**
 * Seats over all instances; while Redis is away each instance counts alone.
 * @param namespace prefix of this installation's keys
 */
export function createRedisSeats(
  commands: RedisLink,
  namespace: string,
  width: number,
  leaseMs = LEASE_MS,
): Seats {
  const { client } = commands;
  const own = createMemorySeats(width);
  /** The seats of ids that hold one here. */
  const seats = new Map<string, string>();
  const place = (key: string) => `${namespace}seats:${key}`;
  // Away: why is in the link's log, and leases end by themselves.
  const quietly = (task: () => Promise<unknown>) => commands.run(task).catch(() => undefined);
  const timer = setInterval(() => {
    for (const [key, ids] of own.taken) {
      const held = [...ids].flatMap((id) => seats.get(id) ?? []);
      if (held.length > 0) void quietly(() => stay(client, [place(key)], [leaseMs, ...held]));
    }
  }, leaseMs / 3);
  timer.unref();

  async function leave(key: string, id: string): Promise<void> {
    await own.leave(key, id);
    const seat = seats.get(id);
    seats.delete(id);
    if (seat) await quietly(() => client.zrem(place(key), seat));
  }

  return {
    async take(key, id) {
      const lost = await own.take(key, id);
      const answer = await quietly(() => take(client, [place(key)], [id, width, leaseMs]));
      const [seat, ...others] = (answer ?? []) as string[];
      if (seat) seats.set(id, seat);
      for (const one of others.map(idIn)) if (!lost.includes(one)) lost.push(one);
      for (const one of lost) await leave(key, one);
      return lost;
    },
    leave,
    close: () => clearInterval(timer),
  };
}
