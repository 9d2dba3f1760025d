import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type * as Prometheus from 'prom-client';
import { problem } from '../core/problem.ts';
import { version } from '../core/version.ts';
import type { CacheStats } from '../ports/cache.ts';
import type { DeliveryCounters } from '../realtime/hub.ts';

/** Where the numbers come from; each is asked when somebody scrapes. */
export interface MetricSources {
  database: 'embedded' | 'postgresql';
  /** Patterns of the routes that are told apart; all others count as one. */
  routes: ReadonlySet<string>;
  /** Events committed by this instance, by type. */
  writes: ReadonlyMap<string, number>;
  hub: DeliveryCounters;
  sockets(): number;
  /** Bytes that wait to be sent, and connections that were closed by reason. */
  wire(): { unsent: number } & Record<'stuck' | 'full' | 'room', number>;
  cache(): CacheStats;
  /** Outgoing calls by use and outcome, e.g. `model answered`. */
  outbound: ReadonlyMap<string, number>;
  /** Tokens by direction, and a model's sentences by what became of them. */
  model: { tokens: ReadonlyMap<string, number>; sentences: ReadonlyMap<string, number> };
  pool(): { total: number; idle: number; waiting: number };
  /** Events the follower furthest behind has still to handle. */
  backlog(): Promise<number>;
  /** Events that a follower could not handle and went on without. */
  parked(): Promise<number>;
  /** Work for later: what waits for its time or another try, and what was given up. */
  jobs(): Promise<{ waiting: number; parked: number }>;
  /** Passages of the search index that an earlier version made, and that will be made again. */
  outdated(): Promise<number>;
}

interface Metrics {
  /** Adds the hooks and the guarded `/metrics`; before the routes that are to be measured. */
  attach(http: FastifyInstance): void;
}

/** No follower's lag holds a scrape up for longer. */
const BACKLOG_MS = 2_000;
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What counts nothing, where no METRICS_TOKEN is set: `/metrics` is not there. */
export function createNoMetrics(): Metrics {
  return {
    attach: (http) => {
      http.get('/metrics', () => {
        throw problem('not-found');
      });
    },
  };
}

/**
 * Loads the Prometheus client; its metrics stand behind a bearer token. Labels have few values by construction: route patterns
 * of the contract, event types, layers; never ids, names or addresses.
 */
export async function createMetrics(token: string, sources: MetricSources): Promise<Metrics> {
  const prometheus = await import('prom-client');
  const { collectDefaultMetrics, Histogram } = prometheus;
  const registry = new prometheus.Registry();
  collectDefaultMetrics({ register: registry });
  const duration = new Histogram({
    name: 'teambrain_http_request_duration_seconds',
    help: 'Time from the request’s head to the end of the answer, by route pattern',
    labelNames: ['method', 'route', 'status'],
    buckets: SECONDS,
    registers: [registry],
  });
  addReadings(prometheus, registry, sources);

  const expected = digest(`Bearer ${token}`);
  return {
    attach(http) {
      http.addHook('onResponse', async (request, reply) => {
        const pattern = request.routeOptions.url ?? '';
        const isKnown = sources.routes.has(pattern);
        duration.observe(
          {
            method: isKnown ? request.method : 'any',
            route: isKnown ? pattern : 'other',
            status: reply.statusCode,
          },
          reply.elapsedTime / 1_000,
        );
      });
      http.get('/metrics', async (request, reply) => {
        const given = digest(request.headers.authorization ?? '');
        if (!timingSafeEqual(given, expected)) throw problem('not-signed-in');
        return reply
          .type(registry.contentType)
          .header('Cache-Control', 'no-store')
          .send(await registry.metrics());
      });
    },
  };
}

/** Metrics that are read from elsewhere at the moment of a scrape. */
function addReadings(
  { Counter, Gauge }: typeof Prometheus,
  registry: Prometheus.Registry,
  sources: MetricSources,
): void {
  const registers = [registry];
  const counter = (
    name: string,
    help: string,
    read: () => Iterable<[string, number]>,
    label = '',
  ) =>
    new Counter({
      name: `teambrain_${name}_total`,
      help,
      registers,
      labelNames: label ? [label] : [],
      collect() {
        this.reset();
        for (const [value, count] of read()) this.inc(label ? { [label]: value } : {}, count);
      },
    });
  const gauge = (name: string, help: string, read: () => Iterable<[string, number]>, label = '') =>
    new Gauge({
      name: `teambrain_${name}`,
      help,
      registers,
      labelNames: label ? [label] : [],
      collect() {
        for (const [value, count] of read()) this.set(label ? { [label]: value } : {}, count);
      },
    });
  const { hub, writes, cache, pool, sockets } = sources;
  counter('writes', 'Events committed by this instance', () => writes, 'type');
  counter('deliveries', 'Events handed to subscriptions of sockets here', () => [
    ['', hub.delivered],
  ]);
  counter('gaps_repaired', 'Holes in the stream of hints that were read from the log', () => [
    ['', hub.gapsRepaired],
  ]);
  counter('events_repaired', 'Events that were read from the log to fill such holes', () => [
    ['', hub.eventsRepaired],
  ]);
  counter('catch_ups', 'Times a subscription fell behind or was checked, and read the log', () => [
    ['', hub.catchUps],
  ]);
  counter('resets', 'Cursors of clients that could not be continued', () => [['', hub.resets]]);
  counter('slow_closed', 'Sockets closed for reading nothing', () => [['', hub.slowClosed]]);
  const found = 'Where a cached value was found: l1 this process, l2 Redis, miss nowhere';
  counter('cache_loads', found, () => Object.entries({ ...cache() }), 'layer');
  const calls = 'Outgoing calls by use and outcome';
  counter('outbound_calls', calls, () => sources.outbound, 'outcome');
  const { tokens, sentences } = sources.model;
  counter('model_tokens', 'Tokens that a model’s provider counted', () => tokens, 'direction');
  const became = 'Sentences of a model: shown, gone, or what they were dropped for';
  counter('model_sentences', became, () => sentences, 'outcome');
  const cut =
    'Connections closed: stuck read nothing, full had too much waiting, room others needed';
  counter('connections_cut', cut, () => cutsOf(sources.wire()), 'reason');
  gauge('unsent_bytes', 'Bytes that wait to be sent', () => [['', sources.wire().unsent]]);
  gauge('sockets', 'Open WebSockets', () => [['', sockets()]]);
  const connections = 'Connections of the pool, and requests that wait for one';
  gauge('db_pool_connections', connections, () => Object.entries(pool()), 'state');
  new Gauge({
    name: 'teambrain_search_outdated_passages',
    help: 'Passages of the search index that an upgrade left to be made again; NaN while the database is away',
    registers,
    async collect() {
      this.set(await within(sources.outdated(), BACKLOG_MS));
    },
  });
  new Gauge({
    name: 'teambrain_follower_parked_events',
    help: 'Events that a follower could not handle and went on without; NaN while the database is away',
    registers,
    async collect() {
      this.set(await within(sources.parked(), BACKLOG_MS));
    },
  });
  new Gauge({
    name: 'teambrain_jobs',
    help: 'Work for later: waiting for its time or another try, or parked after too many; NaN while the database is away',
    labelNames: ['state'],
    registers,
    async collect() {
      const counts = sources.jobs();
      for (const state of ['waiting', 'parked'] as const) {
        const count = counts.then((all) => all[state]);
        this.set({ state }, await within(count, BACKLOG_MS));
      }
    },
  });
  new Gauge({
    name: 'teambrain_follower_lag_events',
    help: 'Events the follower furthest behind has still to handle; NaN while the database is away',
    registers,
    async collect() {
      this.set(await within(sources.backlog(), BACKLOG_MS));
    },
  });
  new Gauge({
    name: 'teambrain_build_info',
    help: 'Always 1; what runs is in the labels',
    labelNames: ['version', 'node', 'database'],
    registers,
  }).set({ version, node: process.version, database: sources.database }, 1);
}

const cutsOf = ({ unsent: _, ...cuts }: ReturnType<MetricSources['wire']>) => Object.entries(cuts);

/** The number, or NaN when it is late or cannot be had: a scrape tells what it knows. */
function within(answer: Promise<number>, ms: number): Promise<number> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(NaN), ms);
    answer.then(resolve, () => resolve(NaN)).finally(() => clearTimeout(timer));
  });
}

const digest = (text: string) => createHash('sha256').update(text).digest();
