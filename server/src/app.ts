import type { AddressInfo } from 'node:net';
import { endpoints } from '@teambrain/contract/all.ts';
import { urlOf } from '@teambrain/contract/endpoint.ts';
import type { Config } from './config.ts';
import { askFeature, createAsk } from './features/ask/index.ts';
import {
  authFeature,
  createAttempts,
  createAuth,
  createKnownDevices,
  createSessions,
  SESSIONS_ENDED,
} from './features/auth/index.ts';
import {
  chatFeature,
  createChat,
  createChatSource,
  createPins,
  createReactions,
  createThreads,
} from './features/chat/index.ts';
import {
  createKnowledge,
  createKnowledgeSource,
  knowledgeFeature,
} from './features/knowledge/index.ts';
import { createFiles, createServing, createSweep, filesFeature } from './features/files/index.ts';
import { catchUpFeature } from './features/catch-up/index.ts';
import { peopleFeature } from './features/people/index.ts';
import { createDrafts, draftsFeature } from './features/drafts/index.ts';
import { createGroupsOfPeople, groupsFeature } from './features/groups/index.ts';
import { createScheduled, scheduledFeature } from './features/scheduled/index.ts';
import { createSaved, savedFeature } from './features/saved/index.ts';
import { createSample, sampleFeature } from './features/sample/index.ts';
import { createIndexer, createSearch, searchFeature } from './features/search/index.ts';
import { createMembers, createSpaces, spacesFeature } from './features/spaces/index.ts';
import { createSummaries, summariesFeature } from './features/summaries/index.ts';
import { createUnread, unreadFeature } from './features/unread/index.ts';
import { type Access } from './platform/access/access.ts';
import { createLookUp } from './platform/access/look-up.ts';
import type { TextSource } from './platform/core/knowledge.ts';
import { chain } from './platform/core/maybe-promise.ts';
import { pingOf, poolOf, type Database } from './platform/db/database.ts';
import { startUpkeep, tidy } from './platform/db/upkeep.ts';
import { hasWritten } from './platform/events/replay.ts';
import type { Feature } from './platform/feature.ts';
import { addRoute } from './platform/http/door.ts';
import { logRoutes } from './platform/http/log.routes.ts';
import { createPages } from './platform/http/pages.ts';
import { serveWeb } from './platform/http/server.ts';
import { addGracefulStop } from './platform/http/stop.ts';
import { addHealth } from './platform/observability/health.ts';
import { createMetrics, createNoMetrics } from './platform/observability/metrics.ts';
import { logRequests } from './platform/observability/request-log.ts';
import { rememberVectors } from './platform/ports/ai/encoder.remembering.ts';
import { createSocketServer, SOCKETS_DISPLACED } from './platform/realtime/socket-server.ts';
import { requireEveryEndpoint, requireEverySource } from './inventory.ts';
import { kept } from './kept.ts';
import { startRelinking } from './platform/links/relink.store.ts';
import { createPlatform, type Overrides, type Platform } from './parts.ts';

export type { Overrides };

/** How often what is gone is swept up: the bytes of files go within a minute. */
const SWEEP = { firstMs: 10_000, everyMs: 20_000 };

export type App = Awaited<ReturnType<typeof createApp>>;

/** Builds everything and starts what runs in the background; `listen` opens the port. */
export async function createApp(config: Config, overrides: Overrides = {}) {
  const platform = await createPlatform(config, overrides);
  const { db, http, access, log } = platform;
  const features = createFeatures(config, platform);
  const { sessions, routes, followers } = features;

  requireEveryEndpoint(routes);
  const door = {
    access,
    limits: platform.limits,
    authenticate: (token: string) =>
      chain(sessions.authenticate(token), (session) => session?.actor ?? null),
    authenticateFiles: (cookie: string) => sessions.authenticateFiles(cookie),
    baseUrl: config.baseUrl,
    isStrict: overrides.isStrict ?? false,
    makeInTurn: platform.wire.makeInTurn,
  };
  const stop = addGracefulStop(http);
  await observe(config, platform, () => sockets.count());
  for (const route of routes) addRoute(http, route, door);
  await serveWeb(http);
  await http.ready();

  const sockets = createSocketServer(http.server, config.baseUrl, {
    db: db.db,
    hub: platform.hub,
    heads: platform.heads,
    access,
    log,
    isServed: platform.isServed,
    stuckMs: overrides.stuckMs,
    heartbeatMs: overrides.heartbeatMs,
    wire: platform.wire,
    limits: platform.limits,
    seats: platform.seats,
    onDisplaced: (ids) => void platform.bus.publish(SOCKETS_DISPLACED, { ids }),
    authenticate: (token) => sessions.authenticate(token),
    findEnded: (ids) => sessions.findEnded(ids),
  });
  platform.bus.subscribe(SESSIONS_ENDED, (message) => {
    sockets.endSessions((message as { ids: string[] }).ids);
  });
  platform.bus.subscribe(SOCKETS_DISPLACED, (message) => {
    sockets.displace((message as { ids: string[] }).ids);
  });
  platform.bus.onGap((state) => void (state === 'back' && sockets.checkSessions()));
  for (const follower of followers) await platform.followers.start(follower);
  platform.jobs.start(features.jobs);
  const stopRelinking = startRelinking(db.db, Object.values(kept), log);
  const drainMs = config.drainSeconds * 1_000;
  let isListening = false;
  const tidying = db.isEmbedded ? [() => tidy(db.db)] : [];
  const stopUpkeep = startUpkeep([() => sessions.prune(), ...tidying], log);
  const stopSweep = startUpkeep(features.sweeps, log, SWEEP);

  return {
    ...features,
    followers: platform.followers,
    jobs: platform.jobs,
    http,
    access,
    hub: platform.hub,
    wire: platform.wire,
    cache: platform.cache,
    outbound: platform.outbound,
    reader: platform.reader,
    database: db,
    /** Opens the port; gives the address to use. */
    async listen(): Promise<string> {
      await http.listen({ port: config.port, host: config.host });
      isListening = true;
      const { port } = http.server.address() as AddressInfo;
      const host = config.host === '0.0.0.0' || config.host === '::' ? 'localhost' : config.host;
      return config.baseUrl ?? `http://${host}:${port}`;
    },
    /** Answers what is under way, then stops in the order that loses nothing. */
    async close(): Promise<void> {
      platform.state.isDraining = true;
      if (isListening) await new Promise((resolve) => setTimeout(resolve, drainMs));
      stopUpkeep();
      stopSweep();
      await stopRelinking();
      await Promise.all([sockets.close(), stop.close()]);
      await Promise.all([platform.followers.stop(), platform.jobs.stop()]);
      platform.hub.stop();
      platform.heads.stop();
      platform.reader.close();
      platform.pictures.close();
      await Promise.all([platform.encoder.close(), platform.models.close()]);
      await platform.closePorts();
      await platform.tracing?.close();
    },
  };
}

/** All features, wired by hand: what one needs of another is handed over here. */
function createFeatures(config: Config, platform: Platform) {
  const { access, encoder, reader } = platform;
  const { db } = platform.db;
  const { language } = config;
  const { sessions, auth, spaces, members, accounts } = createAccounts(config, platform);
  const { chat, beside, knowledge, chatSource, loadEntry, content, sources, lookUp } =
    createContent(platform);
  const search = createSearch({ ...platform, db, language, lookUp });
  const ask = createAsk({
    ...{ access, lookUp, retrieve: search.retrieve, read: reader.sentences },
    ...{ models: platform.models, counts: platform.modelCounts },
  });
  const unread = createUnread({ ...platform, db });
  const summaries = createSummaries({ ...platform, lookUp, chat: chatSource, loadEntry });
  const indexer = createIndexer({
    ...platform,
    db,
    encoder: rememberVectors(encoder),
    language,
    chat: chatSource,
    texts: sources.filter((source): source is TextSource => 'changedBy' in source),
  });
  const sample = createSample({
    ...platform,
    db,
    auth,
    spaces,
    members,
    chat,
    knowledge,
    unread,
    hasWritten,
  });
  const features: Feature[] = [
    ...content,
    ...accounts,
    ...createViews(db, access),
    searchFeature(search, indexer),
    askFeature(ask),
    summariesFeature(summaries),
    sampleFeature(sample),
    unreadFeature(unread),
    savedFeature(createSaved({ ...platform, db, lookUp })),
    groupsFeature(createGroupsOfPeople({ ...platform, db })),
    draftsFeature(createDrafts({ ...platform, db })),
  ];
  return {
    sessions,
    auth,
    spaces,
    chat,
    ...beside,
    knowledge,
    search,
    ask,
    sample,
    unread,
    indexer,
    ...fold(features),
  };
}

/** Features that keep nothing of their own: they read what others keep. */
const createViews = (db: Database, access: Access): Feature[] => [
  { routes: logRoutes(db) },
  catchUpFeature(db, access),
  peopleFeature(db, access),
];

const fold = (features: readonly Feature[]) => ({
  routes: features.flatMap(({ routes }) => routes),
  followers: features.flatMap(({ followers = [] }) => followers),
  jobs: features.flatMap(({ jobs = [] }) => jobs),
  sweeps: features.flatMap(({ sweep }) => sweep ?? []),
});

/** People, spaces and who belongs to which. */
function createAccounts({ signUp }: Config, platform: Platform) {
  const { write, limits, clock, hub } = platform;
  const { db } = platform.db;
  const sessions = createSessions({ ...platform, db });
  const attempts = createAttempts(limits);
  const devices = createKnownDevices(platform.tokens);
  const auth = createAuth({ db, sessions, attempts, devices, clock, signUp });
  const onDeleted = (id: string) => {
    platform.standings.forget(id);
    hub.close(id);
  };
  const spaces = createSpaces({ ...platform, db, onDeleted });
  const members = createMembers(db, write);
  const accounts = [authFeature(auth, sessions, devices), spacesFeature(spaces, members)];
  return { sessions, auth, spaces, members, accounts };
}

/** The features that keep content, and what the others may know of it. */
function createContent(platform: Platform) {
  const { db } = platform.db;
  const { write } = platform;
  const page = createPages(platform.cache, platform.names);
  const files = createFiles({ ...platform, db });
  const chat = createChat({ ...platform, db, page, attachments: files.attachments });
  const chatSource = createChatSource(db);
  const beside = { reactions: createReactions(write), pins: createPins(db, write), files };
  const knowledge = createKnowledge({ ...platform, db, page });
  const knowledgeSource = createKnowledgeSource(db);
  const content: Feature[] = [
    chatFeature({ chat, threads: createThreads({ ...platform, db }), ...beside }, chatSource),
    knowledgeFeature(knowledge, knowledgeSource),
    filesFeature(files, createServing({ ...platform, db }), createSweep({ ...platform, db })),
  ];
  const sources = content.flatMap((feature) => feature.sources ?? []);
  requireEverySource(sources);
  const lookUp = createLookUp(db, sources);
  const loadEntry = knowledgeSource.load;
  const scheduled = createScheduled({
    ...platform,
    db,
    attachments: files.attachments,
    post: (space, message) => chat.post(space, message),
    wake: () => platform.jobs.wake(),
  });
  content.push(scheduledFeature(scheduled));
  return { chat, beside, knowledge, chatSource, loadEntry, content, sources, lookUp };
}

/** What operators see of this instance: probes, metrics, traces, a line per request. */
async function observe(config: Config, platform: Platform, sockets: () => number): Promise<void> {
  const { http, db, hub, cache, followers, jobs, log, state, relay, tracing, wire } = platform;
  const { outbound, modelCounts } = platform;
  const routes = new Set(endpoints.map(urlOf));
  const metrics = config.metricsToken
    ? await createMetrics(config.metricsToken, {
        database: db.isEmbedded ? 'embedded' : 'postgresql',
        routes,
        writes: relay.counts,
        hub: hub.counters,
        sockets,
        wire: wire.counts,
        cache: () => cache.stats(),
        outbound: outbound.counts,
        model: modelCounts,
        pool: () => poolOf(db.db),
        backlog: () => followers.backlog(),
        parked: () => followers.parked(),
        jobs: () => jobs.counts(),
        outdated: () => followers.left(),
      })
    : createNoMetrics();
  tracing?.attach(http, routes);
  metrics.attach(http);
  if (log.isLevelEnabled('debug')) logRequests(http);
  addHealth(http, { isDraining: () => state.isDraining, ping: () => pingOf(db.db) });
}
