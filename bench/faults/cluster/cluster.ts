import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { Balancer } from './balancer.ts';
import type { ExitRecord } from '../history.ts';
import { mountDisk, unmountDisk } from './disk.ts';
import { createHintTamper, type HintTamper } from './hints.ts';
import { Instance } from './instance.ts';
import type { Profile } from '../profiles.ts';
import { FaultProxy } from './proxy.ts';
import type { Rng } from '../rng.ts';
import { freePort, type Services } from './services.ts';

/** Room for an embedded database and its log; it can be filled up (X15). */
const EMBEDDED_MB = 1_024;

/** Everything a run stands on: instances, and a proxy on every line between them and the rest. */
export interface Cluster {
  instances: Instance[];
  /** One per client, so that each one's line can fail alone. */
  links: FaultProxy[];
  /** Per instance; empty on the embedded database. */
  toDatabase: FaultProxy[];
  toRedis: FaultProxy[];
  services: Services | null;
  tamper: HintTamper;
  /** The database itself, past the proxies; null on the embedded one. */
  databaseUrl: string | null;
  dataDir: string;
  exits: ExitRecord[];
  alarms: string[];
  /** Ends all that was started here but the services. */
  stop(): Promise<void>;
}

export interface ClusterOptions {
  profile: Profile;
  main: string;
  folder: string;
  services: Services | null;
  rng: Rng;
  now(): number;
  /** SQL for the migrated database, before the second instance starts. */
  prepare?: string | undefined;
}

export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { profile, main, folder, services, rng, now, prepare } = options;
  const dataDir = join(folder, 'data');
  mkdirSync(dataDir, { recursive: true });
  if (profile.isEmbedded) mountDisk(dataDir, EMBEDDED_MB);
  const exits: ExitRecord[] = [];
  const alarms: string[] = [];
  const tamper = createHintTamper(rng);
  const database = services ? await services.createDatabase() : null;
  const secret = randomBytes(48).toString('base64');
  const toDatabase: FaultProxy[] = [];
  const toRedis: FaultProxy[] = [];
  const instances: Instance[] = [];
  for (let n = 1; n <= profile.instances; n += 1) {
    const env: Record<string, string> = {
      DATA_DIR: dataDir,
      TRUSTED_PROXIES: '127.0.0.1',
      // Members are shut out and come back more often than people do.
      LIMITS: 'join=1000/600 join-space=10000/3600',
    };
    if (services && database) {
      const pgProxy = await lineTo('postgresql', services.databasePort);
      const redisProxy = await lineTo('redis', services.redis.port, () => tamper.transform());
      toDatabase.push(pgProxy);
      toRedis.push(redisProxy);
      env['DATABASE_URL'] = services.databaseUrl(database, pgProxy.port);
      env['REDIS_URL'] = `redis://127.0.0.1:${redisProxy.port}`;
      env['SECRET'] = secret;
    }
    const port = await freePort();
    const onExit = (exit: ExitRecord) => void exits.push(exit);
    const onAlarm = (line: string) => void alarms.push(line);
    instances.push(new Instance({ name: `instance ${n}`, main, port, env, now, onExit, onAlarm }));
  }
  const links: FaultProxy[] = [];
  const balancer = new Balancer(instances, links);
  for (let client = 0; client < profile.clients + 1; client += 1) {
    const link = new FaultProxy({
      target: () => balancer.next(),
      onUnreachable: (target) => balancer.markOut(target),
    });
    links.push(await link.listen());
  }
  const databaseUrl = services && database ? services.databaseUrl(database) : null;
  const stop = async () => {
    balancer.stop();
    await Promise.all(instances.map((instance) => instance.end('SIGKILL')));
    await Promise.all([...links, ...toDatabase, ...toRedis].map((proxy) => proxy.close()));
    if (profile.isEmbedded) unmountDisk(dataDir);
  };
  try {
    await startAll(instances, databaseUrl, prepare);
  } catch (error) {
    await stop();
    throw error;
  }
  balancer.start();
  return {
    instances,
    links,
    toDatabase,
    toRedis,
    services,
    tamper,
    databaseUrl,
    dataDir,
    exits,
    alarms,
    stop,
  };
}

const lineTo = (name: string, port: number, transform?: () => (chunk: Buffer) => Buffer[]) =>
  new FaultProxy({ target: () => ({ name, port }), ...(transform ? { transform } : {}) }).listen();

/** The first one alone: it makes the schema and the model that the others find. */
async function startAll(
  instances: readonly Instance[],
  databaseUrl: string | null,
  prepare?: string,
): Promise<void> {
  const [first, ...others] = instances;
  await first?.start();
  if (prepare && databaseUrl) {
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    await client.query(prepare);
    await client.end();
  }
  await Promise.all(others.map((instance) => instance.start()));
}
