import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import pg from 'pg';
import { root } from './bundle.ts';

/** Room for an hour of traffic and its write-ahead log. */
const DATA_MB = 2_048;
const script = join(root, '.ci/services');
const run = promisify(execFile);

/** A PostgreSQL and a Redis of this bench alone, by `.ci/services`. */
export interface Services {
  databasePort: number;
  redis: BenchRedis;
  /** A new, empty database; gives its name. */
  createDatabase(): Promise<string>;
  databaseUrl(name: string, port?: number): string;
  /** The folder of all its data, on a disk of its own. */
  dataFolder: string;
  /** Ends PostgreSQL as a crash would (no checkpoint), or finds it ended, and starts it again. */
  crashPostgres(): Promise<void>;
  stop(): Promise<void>;
}

export interface BenchRedis {
  port: number;
  kill(): Promise<void>;
  /** Kills it without waiting. */
  end(): void;
  start(): Promise<void>;
  freeze(): void;
  thaw(): void;
  flush(): Promise<void>;
  /** Publishes on every channel somebody hears. */
  forge(texts: readonly string[]): Promise<number>;
}

export async function startServices(stateFolder: string): Promise<Services> {
  const env = {
    ...process.env,
    TEAMBRAIN_CI_STATE: stateFolder,
    TEAMBRAIN_CI_DATA_MB: String(DATA_MB),
  };
  const { stdout } = await run(script, ['start'], { env });
  const url = new URL(/TEST_DATABASE_URL=(\S+)/.exec(stdout)?.[1] ?? '');
  const port = Number(url.port);
  const databaseUrl = (name: string, at = port) => `postgres://postgres@127.0.0.1:${at}/${name}`;
  const redis = await startRedis();
  // Should the driver die, nothing of it stays behind.
  const stopAtExit = () => {
    redis.end();
    execFileSync(script, ['stop'], { env });
  };
  process.once('exit', stopAtExit);
  let count = 0;
  return {
    dataFolder: readFileSync(join(stateFolder, 'data'), 'utf8').trim(),
    databasePort: port,
    redis,
    databaseUrl,
    async createDatabase() {
      const name = `bench_${process.pid}_${(count += 1)}`;
      const client = new pg.Client({ connectionString: databaseUrl('postgres') });
      await client.connect();
      await client.query(`create database ${name}`);
      await client.end();
      return name;
    },
    crashPostgres: async () => void (await run(script, ['crash'], { env })),
    async stop() {
      process.off('exit', stopAtExit);
      await redis.kill();
      await run(script, ['stop'], { env });
    },
  };
}

async function startRedis(): Promise<BenchRedis> {
  const port = await freePort();
  let child: ChildProcess;
  const start = async () => {
    child = spawn(script, ['valkey', String(port)], { stdio: 'ignore' });
    await withClient(port, (client) => client.ping());
  };
  await start();
  return {
    port,
    start,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
    end: () => void child.kill('SIGKILL'),
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    flush: () => withClient(port, (client) => client.flushall().then(() => undefined)),
    forge: (texts) =>
      withClient(port, async (client) => {
        const channels = (await client.pubsub('CHANNELS')) as string[];
        for (const channel of channels) {
          for (const text of texts) await client.publish(channel, text);
        }
        return channels.length;
      }),
  };
}

/** Uses a connection that waits up to 10 s for the server to be there. */
async function withClient<T>(port: number, use: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(port, '127.0.0.1', {
    maxRetriesPerRequest: null,
    retryStrategy: (times) => (times > 100 ? null : 100),
  });
  client.on('error', () => undefined); // it is tried again
  try {
    return await use(client);
  } finally {
    client.disconnect();
  }
}

/**
 * A port below those that the system gives to outgoing connections, so that nobody takes it while
 * its process is down.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries += 1) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!isFree) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
  throw new Error('No free port between 20000 and 32000');
}
