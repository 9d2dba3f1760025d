import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { ExitRecord } from '../history.ts';
import { mountDisk, unmountDisk } from './disk.ts';
import { Instance } from './instance.ts';
import type { Profile } from '../profiles.ts';
import { openNetwork, type Network } from './network.ts';
import type { Target } from './proxy.ts';
import { freePort, type Services } from './services.ts';

/** Room for an embedded database and its log; it can be filled up (X15). */
const EMBEDDED_MB = 1_024;

/** Everything a run stands on: instances, and a proxy on every line between them and the rest. */
export interface Cluster {
  instances: Instance[];
  network: Network;
  services: Services | null;
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
  seed: number;
  now(): number;
  /** SQL for the migrated database, before the second instance starts. */
  prepare?: string | undefined;
}

export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { profile, main, folder, services, seed, now, prepare } = options;
  const dataDir = join(folder, 'data');
  mkdirSync(dataDir, { recursive: true });
  if (profile.isEmbedded) mountDisk(dataDir, EMBEDDED_MB);
  const exits: ExitRecord[] = [];
  const alarms: string[] = [];
  const database = services ? await services.createDatabase() : null;
  const secret = randomBytes(48).toString('base64');
  const targets: Target[] = [];
  for (let n = 1; n <= profile.instances; n += 1) {
    targets.push({ name: `instance ${n}`, port: await freePort() });
  }
  const network = await openNetwork({
    instances: targets,
    links: profile.clients + 1,
    database: services?.databasePort ?? null,
    redis: services?.redis.port ?? null,
    seed,
  });
  const instances = targets.map((target, n) => {
    const env: Record<string, string> = {
      DATA_DIR: dataDir,
      TRUSTED_PROXIES: '127.0.0.1',
      // Members are shut out and come back more often than people do.
      LIMITS: 'join=1000/600 join-space=10000/3600',
    };
    if (services && database) {
      env['DATABASE_URL'] = services.databaseUrl(database, network.toDatabase[n]?.port);
      env['REDIS_URL'] = `redis://127.0.0.1:${network.toRedis[n]?.port}`;
      env['SECRET'] = secret;
    }
    const onExit = (exit: ExitRecord) => void exits.push(exit);
    const onAlarm = (line: string) => void alarms.push(line);
    return new Instance({ ...target, main, env, now, onExit, onAlarm });
  });
  const databaseUrl = services && database ? services.databaseUrl(database) : null;
  const stop = async () => {
    await Promise.all(instances.map((instance) => instance.end('SIGKILL')));
    await network.close();
    if (profile.isEmbedded) unmountDisk(dataDir);
  };
  try {
    await startAll(instances, databaseUrl, prepare);
  } catch (error) {
    await stop();
    throw error;
  }
  network.balance();
  return { instances, network, services, databaseUrl, dataDir, exits, alarms, stop };
}

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
