import pg from 'pg';
import { inject, test as base } from 'vitest';
import { createLog } from './platform/core/log.ts';
import { openPorts, type Ports } from './ports.ts';
import { createServerDatabase } from './testing/template.ts';

/** Nobody listens there: an instance with Redis starts all the same, and goes on without. */
const REDIS = 'redis://127.0.0.1:1';
const log = createLog('silent');

/** They wait more than they compute, so they run side by side. */
const test = base.concurrent;
type OnTestFinished = (end: () => Promise<void>) => void;

async function useDatabase(onTestFinished: OnTestFinished) {
  const template = inject('serverTemplate');
  if (!template) throw new Error('These tests need PostgreSQL');
  const { url, drop } = await createServerDatabase(template);
  const running: Ports[] = [];
  onTestFinished(async () => {
    await Promise.all(running.map((ports) => ports.close()));
    await drop();
  });
  return {
    url,
    start: async (redisUrl: string | null): Promise<Ports> => {
      const ports = await openPorts(
        {
          port: 0,
          host: '127.0.0.1',
          dataDir: '',
          databaseUrl: url,
          redisUrl,
          baseUrl: null,
          trustedProxies: [],
          secret: 'only for tests of ports',
          signUp: 'open',
          language: 'english',
          logLevel: 'silent',
          metricsToken: null,
          tracesEndpoint: null,
          drainSeconds: 0,
          limits: {},
          model: null,
          outboundProxy: null,
          filesDir: null,
          s3: null,
          fileLimits: { each: 1, person: 1, all: 1 },
        },
        log,
        {},
      );
      running.push(ports);
      return ports;
    },
    stop: async (ports: Ports): Promise<void> => {
      running.splice(running.indexOf(ports), 1);
      await ports.close();
    },
    /** Cuts the sessions that hold the lease, as the death of a process or a network does. */
    cutLeases: async (): Promise<void> => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await client.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and application_name = 'teambrain lease'`,
      );
      await client.end();
    },
  };
}

test('a second instance without Redis is refused, until the first has stopped', async ({
  expect,
  onTestFinished,
}) => {
  const { start, stop } = await useDatabase(onTestFinished);
  const first = await start(null);
  await expect(start(null)).rejects.toThrow(/Several instances need Redis/);
  const stopping = new Promise((resolve) => setTimeout(resolve, 1_000)).then(() => stop(first));
  await start(null); // waits for the other one to end, as a restart does
  await stopping;
});

test('instances with Redis run side by side, but not beside one without', async ({
  expect,
  onTestFinished,
}) => {
  const { start } = await useDatabase(onTestFinished);
  await Promise.all([start(REDIS), start(REDIS), start(REDIS)]);
  await expect(start(null)).rejects.toThrow(/set the same REDIS_URL for all of them/);
});

test('an instance with Redis is refused beside one without', async ({ expect, onTestFinished }) => {
  const { start } = await useDatabase(onTestFinished);
  await start(null);
  await expect(start(REDIS)).rejects.toThrow(/would miss what this one does/);
});

test('an instance whose connection was cut holds its lease again', async ({
  expect,
  onTestFinished,
}) => {
  const { start, cutLeases } = await useDatabase(onTestFinished);
  await start(null);
  await cutLeases();
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  await expect(start(null)).rejects.toThrow(/Several instances need Redis/);
});
