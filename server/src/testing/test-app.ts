import { randomBytes } from 'node:crypto';
import { Writable } from 'node:stream';
import { inject, onTestFinished } from 'vitest';
import { createApp, type App, type Overrides } from '../app.ts';
import type { Config } from '../config.ts';
import { createLog } from '../platform/core/log.ts';
import type { Log } from '../platform/core/log.ts';
import { takeBuiltWorkers } from '../platform/core/worker.ts';
import { openDatabase, type OpenDatabase } from '../platform/db/database.ts';
import { hashingEncoder } from './hashing-encoder.ts';
import { createServerDatabase } from './template.ts';

takeBuiltWorkers(inject('builtDir'));

export interface TestApp extends App {
  /** Where it listens, on a free port of the loopback interface. */
  url: string;
  /** Everything logged so far, for tests that look for what must not be there. */
  logged(): string;
}

export interface TestAppOptions extends Overrides {
  /** With the shipped encoder, for tests about meaning; the others go without its process. */
  hasMeaning?: boolean;
  config?: Partial<Config>;
}

/**
 * A whole TeamBrain on a real database and a real port, from a migrated template. Closed by the
 * caller, or by `useTestApp`.
 */
export async function createTestApp({
  config,
  hasMeaning = false,
  ...overrides
}: TestAppOptions = {}): Promise<TestApp> {
  const lines: string[] = [];
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  const log = createLog('trace', sink);
  const isGiven = overrides.database !== undefined || config?.databaseUrl;
  const database = isGiven ? overrides.database : await openTestDatabase(log);
  const app = await createApp(
    {
      port: 0,
      host: '127.0.0.1',
      dataDir: inject('modelDir'),
      databaseUrl: null,
      redisUrl: null,
      baseUrl: null,
      trustedProxies: [],
      secret: randomBytes(48).toString('base64'),
      signUp: 'open',
      language: 'english',
      logLevel: 'debug',
      metricsToken: null,
      tracesEndpoint: null,
      drainSeconds: 0,
      limits: {},
      model: null,
      outboundProxy: null,
      filesDir: null,
      s3: null,
      fileLimits: { each: 25_000_000, person: 1e9, all: 1e10 },
      ...config,
    },
    {
      limitFactor: 1_000,
      isStrict: true,
      ...(hasMeaning ? {} : { encoder: hashingEncoder() }),
      ...overrides,
      log,
      ...(database ? { database } : {}),
    },
  );
  return Object.assign(app, { url: await app.listen(), logged: () => lines.join('') });
}

/** A migrated, empty database of its own, on whatever this test project runs; gone when closed. */
export async function openTestDatabase(log: Log): Promise<OpenDatabase> {
  const template = inject('serverTemplate');
  if (!template) return openDatabase({ dataDir: null, template: inject('template'), log });
  const { url, drop } = await createServerDatabase(template);
  const database = await openDatabase({ url, dataDir: null, log });
  return {
    ...database,
    async close() {
      await database.close();
      await drop();
    },
  };
}

/** As `createTestApp`, for one test: closed when it ends. */
export async function useTestApp(options?: TestAppOptions): Promise<TestApp> {
  const app = await createTestApp(options);
  onTestFinished(() => app.close());
  return app;
}
