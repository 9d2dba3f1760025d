import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { getSpace } from '@teambrain/contract/spaces.ts';
import { createLog } from '../../server/src/platform/core/log.ts';
import { openDatabase } from '../../server/src/platform/db/database.ts';
import { BenchClient } from './clients/client.ts';
import { root } from './cluster/bundle.ts';
import type { Cluster } from './cluster/cluster.ts';
import { lookAtStore, readFiles } from './files.ts';
import { readStored, type Query, type Stored } from './final.ts';
import type { Digest, FinalFiles, Finding } from './history.ts';
import type { Profile } from './profiles.ts';
import { pause, type World } from './clients/world.ts';

const CONVERGE_MS = 30_000;

/** Waits until every client holds what the log holds, then takes everybody's state. */
export async function settle(world: World, profile: Profile, say: (line: string) => void) {
  const { recorder, clients, spaces } = world;
  const from = recorder.now();
  const until = from + CONVERGE_MS;
  let convergedMs: number | null = null;
  const ids = spaces.map(({ id }) => id);
  let behind = 0;
  while (recorder.now() < until && convergedMs === null) {
    const heads = await headsOf(world);
    const unsent = clients.some(({ outbox }) =>
      outbox.items.some(({ state }) => state !== 'failed'),
    );
    behind = heads ? countBehind(clients, ids, heads) : -1;
    if (heads && behind === 0 && !unsent) convergedMs = recorder.now() - from;
    else await pause(100);
  }
  say(
    convergedMs === null
      ? `${behind} windows never caught up`
      : `all the same after ${convergedMs} ms`,
  );
  const digests = clients.flatMap((client) => ids.flatMap((id) => digestOf(client, id, false)));
  digests.push(...(await freshDigests(world, profile)));
  const read = await readFiles(world);
  return { digests, convergedMs, read };
}

/** The heads of all logs as the owners see them; null while one of them cannot say. */
async function headsOf({ spaces }: World): Promise<Map<string, number> | null> {
  const heads = new Map<string, number>();
  for (const { id, members } of spaces) {
    const found = await members[0]?.call(getSpace, { params: { spaceId: id } }).catch(() => null);
    if (!found || found.lastSeq === null) return null;
    heads.set(id, found.lastSeq);
  }
  return heads;
}

const follows = (client: BenchClient, id: string) =>
  client.views.get(id)?.isMember === true && !client.isAway;

function countBehind(clients: BenchClient[], ids: string[], heads: Map<string, number>): number {
  let behind = 0;
  for (const client of clients) {
    for (const id of ids) {
      if (follows(client, id) && (client.cursor(id) ?? -1) < (heads.get(id) ?? 0)) behind += 1;
    }
  }
  return behind;
}

function digestOf(client: BenchClient, space: string, isFresh: boolean): Digest[] {
  const view = client.views.get(space);
  if (!view || !follows(client, space)) return [];
  const { floor } = view.chat;
  const cursor = client.cursor(space) ?? -1;
  return [{ client: client.index, space, floor, digest: view.chat.digest(), cursor, isFresh }];
}

/** Someone new, who takes the snapshot of today and hears nothing before it. */
async function freshDigests(world: World, profile: Profile): Promise<Digest[]> {
  const link = world.cluster.network.links.at(-1);
  if (!link) return [];
  const { recorder, spaces } = world;
  const options = {
    index: profile.clients + 1,
    link,
    recorder,
    isSlow: false,
    onShutOut: () => undefined,
  };
  const fresh = new BenchClient(options);
  await fresh.retrying(() => fresh.register());
  fresh.connect();
  const digests: Digest[] = [];
  for (const { id, isProtected } of spaces) {
    if (isProtected) continue;
    await fresh.open(id);
    digests.push(...digestOf(fresh, id, true));
  }
  fresh.close();
  return digests;
}

type Read = Stored & { store: Omit<FinalFiles, 'read'> };

/** What is stored, read past every proxy; the embedded database once its process has ended. */
export async function read(cluster: Cluster, say: (line: string) => void): Promise<Read> {
  if (cluster.databaseUrl) {
    const client = new pg.Client({ connectionString: cluster.databaseUrl });
    await client.connect();
    const query: Query = async (text) => (await client.query(text)).rows as never;
    const store = await lookAtStore(query, cluster.dataDir);
    const stored = await readStored(query);
    await client.end();
    const env = { DATABASE_URL: cluster.databaseUrl, DATA_DIR: cluster.dataDir };
    stored.findings.push(...(await askDoctor(env)));
    return { ...stored, store };
  }
  await cluster.instances[0]?.end('SIGKILL');
  say('reading the embedded database');
  const log = createLog('silent');
  const database = await openDatabase({ dataDir: join(cluster.dataDir), log });
  const stored = await readStored(async (text) => (await database.db.execute(text)).rows);
  await database.close();
  stored.findings.push(...(await askDoctor({ DATA_DIR: cluster.dataDir })));
  // Nobody sweeps any more: what was deleted in the last moments is for the next start.
  return { ...stored, store: { left: 0, strays: 0 } };
}

/** What `teambrain doctor` finds; that it fails is a finding, too. */
async function askDoctor(env: Record<string, string>): Promise<Finding[]> {
  const words = ['--import', 'tsx', join(root, 'server/src/cli/cli.ts'), 'doctor', '--json'];
  const options = { cwd: root, env: { PATH: process.env['PATH'] ?? '', ...env } };
  const output = await promisify(execFile)(process.execPath, words, options).then(
    ({ stdout }) => stdout,
    (error: { stdout?: string; stderr?: string }) => error.stdout || error.stderr || String(error),
  );
  const line = output.split('\n').find((one) => one.startsWith('{'));
  if (line === undefined) return [{ check: `doctor: ${output.slice(0, 300)}`, count: 1 }];
  const { checked, findings } = JSON.parse(line) as { checked: number; findings: object[] };
  const named = findings.map((one) => ({ check: `doctor: ${JSON.stringify(one)}`, count: 1 }));
  return [...named, { check: `doctor: ${checked} checks`, count: checked > 0 ? 0 : 1 }];
}
