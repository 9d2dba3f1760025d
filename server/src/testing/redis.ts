import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createConnection, createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { onTestFinished } from 'vitest';
import { createLog, type Log } from '../platform/core/log.ts';
import { createRedisBus } from '../platform/ports/bus.redis.ts';
import { createRedisCache } from '../platform/ports/cache.redis.ts';
import { createRedisLimits } from '../platform/ports/limits.redis.ts';
import { createSeal } from '../platform/ports/redis-seal.ts';
import { connectRedis } from '../platform/ports/redis.ts';

const services = fileURLToPath(new URL('../../../.ci/services', import.meta.url));

/** The Redis that all tests may use at the same time; each has its own namespace by its secret. */
export function sharedRedisUrl(): string {
  const url = process.env['TEST_REDIS_URL'];
  if (!url) throw new Error('TEST_REDIS_URL is not set: `eval "$(.ci/services start)"`');
  return url;
}

/** Everything one instance makes of Redis; closed when the test ends. */
export async function useRedisPorts(
  secret: string,
  url = sharedRedisUrl(),
  log: Log = createLog('silent'),
  logEpoch = 'one and the same',
) {
  const commands = connectRedis(url, 'commands', log);
  const subscriber = connectRedis(url, 'subscriber', log);
  await Promise.all([commands.ready(5_000), subscriber.ready(5_000)]);
  const seal = createSeal(secret, logEpoch);
  const bus = createRedisBus({ commands, subscriber, seal, log });
  const cache = createRedisCache({ commands, bus, seal });
  const limits = createRedisLimits(commands, seal);
  onTestFinished(async () => {
    await cache.close();
    await bus.close();
    await limits.close();
    commands.close();
  });
  return { commands, subscriber, seal, bus, cache, limits };
}

/** A Redis of this test's own, to be killed and frozen; gone when the test ends. */
export async function usePrivateRedis() {
  const port = await freePort();
  let child: ChildProcess = await launch(port);
  onTestFinished(() => void child.kill('SIGKILL'));
  return {
    url: `redis://127.0.0.1:${port}`,
    async kill(): Promise<void> {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
    async restart(): Promise<void> {
      child = await launch(port);
    },
    async flush(): Promise<void> {
      const client = new Redis(port);
      await client.flushall();
      client.disconnect();
    },
    freeze: () => child.kill('SIGSTOP'),
    thaw: () => child.kill('SIGCONT'),
  };
}

/** The script's child becomes the server itself, so signals to it reach the server. */
async function launch(port: number): Promise<ChildProcess> {
  const child = spawn(services, ['valkey', String(port)], { stdio: 'ignore' });
  for (let tries = 0; tries < 200; tries += 1) {
    if (child.exitCode !== null) break;
    if (await answers(port)) return child;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  child.kill('SIGKILL');
  throw new Error(`.ci/services valkey ${port} did not start`);
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    socket.once('data', () => done(true)).once('error', () => done(false));
    socket.write('PING\r\n');
    const done = (isThere: boolean) => {
      socket.destroy();
      resolve(isThere);
    };
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
