import { limitsWith } from '@teambrain/contract/limit.ts';
import { socketLimits } from '@teambrain/contract/socket.ts';
import type { Config } from './config.ts';
import type { Log } from './platform/core/log.ts';
import { openDatabase, type OpenDatabase } from './platform/db/database.ts';
import { holdInstanceLease } from './platform/db/instance-lease.ts';
import { readEpoch } from './platform/events/replay.ts';
import type { Tracing } from './platform/observability/tracing.ts';
import { createMemoryBus } from './platform/ports/bus.memory.ts';
import { createRedisBus } from './platform/ports/bus.redis.ts';
import type { Bus } from './platform/ports/bus.ts';
import { createMemoryCache } from './platform/ports/cache.memory.ts';
import { createRedisCache } from './platform/ports/cache.redis.ts';
import type { Cache } from './platform/ports/cache.ts';
import type { LimitOptions } from './platform/ports/limits.counters.ts';
import { createMemoryLimits } from './platform/ports/limits.memory.ts';
import { createRedisLimits } from './platform/ports/limits.redis.ts';
import { openFiles } from './platform/ports/files/open-files.ts';
import type { Files } from './platform/ports/files/files.ts';
import type { Limits } from './platform/ports/limits.ts';
import { createMemorySeats } from './platform/ports/seats.memory.ts';
import { createRedisSeats } from './platform/ports/seats.redis.ts';
import type { Seats } from './platform/ports/seats.ts';
import { createSeal, type Seal } from './platform/ports/redis-seal.ts';
import { connectRedis } from './platform/ports/redis.ts';

/** How long a start waits for Redis before it goes on without. */
const REDIS_MS = 2_000;

/** The adapters that the configuration asks for. */
export interface Ports {
  db: OpenDatabase;
  bus: Bus;
  cache: Cache;
  limits: Limits;
  /** Of people's sockets. */
  seats: Seats;
  files: Files;
  /** Ends what the ports hold; the database last. */
  close(): Promise<void>;
}

/** What tests put in the place of a choice. */
interface Replacements {
  database?: OpenDatabase;
  /** Multiplies every rate limit. */
  limitFactor?: number;
  tracing?: Tracing | null;
}

/**
 * Opens the database and what instances share: DATABASE_URL chooses PostgreSQL over the embedded
 * database, REDIS_URL chooses Redis over this process's memory.
 * @throws RefusedStartError when the database, or who else runs on it, forbids the start
 */
export async function openPorts(
  config: Config,
  log: Log,
  { database, limitFactor, tracing }: Replacements,
): Promise<Ports> {
  const { databaseUrl: url, redisUrl, dataDir } = config;
  // The factor is for requests; nobody needs more sockets at a time.
  const width = limitsWith(config.limits).socket.atOnce ?? socketLimits.socketsPerUser;
  const limitOptions = { factor: limitFactor, overrides: config.limits };
  const files = await openFiles(config);
  await files.ready();
  const db = database ?? (await openDatabase({ ...(url ? { url } : {}), dataDir, log }));
  try {
    const lease = url ? await holdInstanceLease(url, redisUrl ? 'among' : 'alone', log) : null;
    const { bus, cache, limits, seats, disconnect } = redisUrl
      ? await openRedis(redisUrl, {
          seal: createSeal(config.secret, await readEpoch(db.db)),
          log,
          limitOptions,
          width,
          tracing,
        })
      : openMemory(log, limitOptions, width);
    return {
      db,
      bus,
      cache,
      limits,
      seats,
      files,
      async close() {
        seats.close();
        await files.close();
        await Promise.all([cache.close(), limits.close()]);
        await bus.close();
        disconnect();
        await lease?.release();
        await db.close();
      },
    };
  } catch (error) {
    await db.close();
    throw error;
  }
}

function openMemory(log: Log, limitOptions: LimitOptions, width: number) {
  return {
    bus: createMemoryBus((error) => log.error({ err: error }, 'a bus handler failed')),
    cache: createMemoryCache(),
    limits: createMemoryLimits(limitOptions),
    seats: createMemorySeats(width),
    disconnect: () => undefined,
  };
}

interface RedisOptions {
  seal: Seal;
  log: Log;
  limitOptions: LimitOptions;
  /** How many sockets a person may have. */
  width: number;
  tracing: Tracing | null | undefined;
}

async function openRedis(url: string, options: RedisOptions) {
  const { seal, log, limitOptions, width, tracing } = options;
  const commands = connectRedis(url, 'commands', log);
  tracing?.redis(commands.client);
  const subscriber = connectRedis(url, 'subscriber', log);
  const bus = createRedisBus({ commands, subscriber, seal, log });
  await Promise.all([commands.ready(REDIS_MS), subscriber.ready(REDIS_MS)]);
  return {
    bus,
    cache: createRedisCache({ commands, bus, seal }),
    limits: createRedisLimits(commands, seal, limitOptions),
    seats: createRedisSeats(commands, seal.namespace, width),
    disconnect: () => commands.close(),
  };
}
