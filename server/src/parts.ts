import { join } from 'node:path';
import { listEvents } from '@teambrain/contract/log.ts';
import type { Config } from './config.ts';
import { createAccess, type Access } from './platform/access/access.ts';
import { createOwnStandings, createSharedStandings } from './platform/access/standings.ts';
import type { Actor } from './platform/core/actor.ts';
import { systemClock, type Clock } from './platform/core/clock.ts';
import { createLog, type Log } from './platform/core/log.ts';
import { createNames } from './platform/core/names.ts';
import { type OpenDatabase } from './platform/db/database.ts';
import { createAppender } from './platform/events/append.ts';
import { createFollowers } from './platform/events/followers.ts';
import { createRelay } from './platform/events/relay.ts';
import { createEventWriter } from './platform/events/write.ts';
import { createJobs } from './platform/jobs/jobs.ts';
import { countUse } from './platform/http/door.ts';
import { createHostGate } from './platform/http/hosts.ts';
import { createOrigins } from './platform/http/proxies.ts';
import { createHttpServer } from './platform/http/server.ts';
import { createTokens } from './platform/http/tokens.ts';
import { startTracing } from './platform/observability/tracing.ts';
import type { Encoder } from './platform/ports/ai/encoder.ts';
import { createShippedEncoder } from './platform/ports/ai/encoder.shipped.ts';
import { createHeads } from './platform/realtime/heads.ts';
import { createHub } from './platform/realtime/hub.ts';
import { createOutbound } from './platform/outbound/outbound.ts';
import { createPictures } from './platform/pictures/pictures.ts';
import { createModelCounts } from './platform/ports/model/counts.ts';
import { createModels } from './platform/ports/model/models.ts';
import type { OutgoingLimits } from './platform/wire/outgoing.ts';
import { createWire } from './platform/wire/wire.ts';
import { openPorts } from './ports.ts';
import { openReader } from './reader.ts';

/** What tests and tools may replace; the product runs with none of it. */
export interface Overrides {
  clock?: Clock;
  log?: Log;
  database?: OpenDatabase;
  encoder?: Encoder;
  /** Multiplies every rate limit. */
  limitFactor?: number;
  /** After how many milliseconds without progress a socket is closed. */
  stuckMs?: number;
  /** Milliseconds between two pings of a socket. */
  heartbeatMs?: number;
  /** How much may wait to be sent, and for how long. */
  outgoing?: Partial<OutgoingLimits>;
  /** Refuse answers that break the contract instead of trimming them. */
  isStrict?: boolean;
}

/** The ports' adapters and what is built on them; no feature yet. */
export async function createPlatform(config: Config, overrides: Overrides) {
  const log = overrides.log ?? createLog(config.logLevel);
  const clock = overrides.clock ?? systemClock;
  const tracing = config.tracesEndpoint ? await startTracing(config.tracesEndpoint, log) : null;
  const [ports, encoder] = await Promise.all([
    openPorts(config, log, { ...overrides, tracing }),
    overrides.encoder ?? createShippedEncoder({ cacheDir: join(config.dataDir, 'models') }),
  ]);
  const { db, bus } = ports;
  tracing?.database(db.db);
  const standings = (config.redisUrl ? createSharedStandings : createOwnStandings)(db.db);
  const access: Access = createAccess(db.db, ports.cache, standings);
  const relay = createRelay(bus);
  const writer = { db: db.db, relay, clock, standings };
  const write = createEventWriter(writer);
  const append = createAppender(writer, write);
  // A page of the log costs the same by whichever door it leaves.
  const countPage = (actor: Actor) => countUse(ports.limits, listEvents, actor);
  const { baseUrl, host } = config;
  const origins = createOrigins(config.trustedProxies);
  const wire = createWire({ origins, factor: overrides.limitFactor, outgoing: overrides.outgoing });
  const outbound = createOutbound({ proxy: config.outboundProxy });
  const isServed = createHostGate({ baseUrl, host, isProxied: origins.isProxied });
  return {
    config,
    log,
    clock,
    ...ports,
    closePorts: () => ports.close(),
    names: createNames(ports.cache),
    encoder: tracing?.encoder(encoder) ?? encoder,
    outbound,
    models: createModels(config.model, outbound, log),
    modelCounts: createModelCounts(),
    reader: openReader(log),
    pictures: createPictures(log),
    fileLimits: config.fileLimits,
    tracing,
    access,
    tokens: createTokens(config.secret, clock),
    relay,
    standings,
    write,
    append: tracing?.appender(append) ?? append,
    followers: createFollowers(db.db, bus, log),
    jobs: createJobs({ db: db.db, clock, log }),
    heads: createHeads({ db: db.db, bus, log }),
    hub: createHub({ db: db.db, bus, access, log, countPage }),
    isServed,
    wire,
    http: await createHttpServer({ log, baseUrl, origins, isServed, wire }),
    state: { isDraining: false },
  };
}

export type Platform = Awaited<ReturnType<typeof createPlatform>>;
