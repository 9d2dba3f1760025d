import { createSpace, joinSpace } from '@teambrain/contract/spaces.ts';
import { newId } from '@teambrain/client/id.ts';
import { BenchClient } from './clients/client.ts';
import { startCluster, type Cluster } from './cluster/cluster.ts';
import type { History, Sample, Stream } from './history.ts';
import { createNemesis, graceDuring, type Nemesis } from './clients/nemesis.ts';
import { perform } from './clients/operations.ts';
import type { Profile } from './profiles.ts';
import { createRecorder, type Recorder } from './clients/recorder.ts';
import { rejoin } from './clients/rights.ts';
import { plan, type Schedule } from './schedule.ts';
import type { Services } from './cluster/services.ts';
import { read, settle } from './settle.ts';
import { pause, type BenchSpace, type World } from './clients/world.ts';

export interface RunOptions {
  profile: Profile;
  seed: number;
  /** The bundled server. */
  main: string;
  folder: string;
  services: Services | null;
  prepare?: string | undefined;
  say(line: string): void;
}

const SETTLE_MS = 40_000;

/** One run, from the first process to the last line of its history. */
export async function runBench(options: RunOptions): Promise<History> {
  const { profile, seed, main, folder, services, prepare, say } = options;
  const schedule = plan(profile, seed);
  const origin = performance.now();
  const now = () => Math.round((performance.now() - origin) * 10) / 10;
  const recorder = createRecorder(now);
  const cluster = await startCluster({
    profile,
    main,
    folder,
    services,
    seed: seed + 4,
    now,
    prepare,
  });
  const clients: BenchClient[] = [];
  try {
    say(`${profile.instances} instances are up after ${Math.round(now() / 1000)} s`);
    const world = await setUp(profile, schedule, cluster, recorder, clients);
    const nemesis = createNemesis(world);
    world.grace = () => graceDuring(nemesis.active);
    say(`${clients.length} clients in ${world.spaces.length} spaces`);
    const start = now();
    const samples: Sample[] = [];
    await play(world, schedule, nemesis, profile, samples, say);
    const end = now();
    const { digests, convergedMs, read: readBack } = await settle(world, profile, say);
    const { store, ...stored } = await read(cluster, say);
    const { counts, ops, reads, probes } = recorder;
    const { streams, arrivals } = recorder.heard();
    return {
      seed,
      profile: profile.name,
      start,
      end,
      ops,
      reads,
      probes,
      streams,
      arrivals,
      faults: nemesis.faults,
      samples,
      exits: cluster.exits,
      alarms: cluster.alarms,
      mechanisms: {
        gapsRepaired: repaired(nemesis, streams),
        retriesDeduplicated: counts.deduplicated,
        resets: counts.resets,
        pulls: counts.pulls,
        hintsTampered: await cluster.network.tampered(),
      },
      final: { ...stored, files: { read: readBack, ...store }, digests, convergedMs },
    };
  } finally {
    for (const client of clients) client.close();
    await cluster.stop();
  }
}

/** Events that reached clients while Redis could not have told their instances of them. */
function repaired({ faults }: Nemesis, streams: readonly Stream[]): number {
  const away = faults.filter(({ kind }) => kind === 'X4' || kind === 'X5' || kind === 'X21');
  let count = 0;
  for (const { marks } of streams) {
    for (const { mark, at } of marks) {
      if (mark === 'apply' && away.some(({ start, end }) => at > start + 500 && at < end))
        count += 1;
    }
  }
  return count;
}

async function setUp(
  profile: Profile,
  { members }: Schedule,
  cluster: Cluster,
  recorder: Recorder,
  clients: BenchClient[],
): Promise<World> {
  const spaces: BenchSpace[] = [];
  const world: World = {
    cluster,
    recorder,
    clients,
    spaces,
    grace: () => 1_000,
    isTripling: false,
  };
  const slowFrom = profile.clients - profile.slow;
  for (let index = 0; index < profile.clients; index += 1) {
    const link = cluster.network.links[index];
    if (!link) throw new Error('Every client has its line');
    const onShutOut = (client: BenchClient, spaceId: string) =>
      void rejoin(world, client, spaceId).catch(() => undefined); // the next refusal tries again
    clients.push(new BenchClient({ index, link, recorder, isSlow: index >= slowFrom, onShutOut }));
  }
  // The first account administers the instance and may write where it is no member: not one of them.
  await registerAdministrator(cluster, recorder, profile.clients);
  await inBatches(clients, 8, (client) => client.retrying(() => client.register()));
  for (const [index, { name, visibility }] of profile.spaces.entries()) {
    const own = (members[index] ?? []).flatMap((member) => clients[member] ?? []);
    const [owner, ...others] = own;
    if (!owner) throw new Error('Every space has an owner');
    const password = visibility === 'protected' ? `password ${newId()}` : undefined;
    const body = { name, visibility, ...(password ? { password } : {}) };
    const { id } = await owner.retrying(() => owner.call(createSpace, { body }));
    const passwords = password ? [password] : [];
    spaces.push({ id, isProtected: !!password, passwords, members: own, entries: [] });
    await inBatches(others, 8, async (client) => {
      const join = { params: { spaceId: id }, body: password ? { password } : {} };
      await client.retrying(() => client.call(joinSpace, join));
    });
  }
  for (const client of clients) client.connect();
  await inBatches(clients, 16, async (client) => {
    for (const { id, members: own } of spaces) {
      if (own.includes(client)) await client.retrying(() => client.open(id));
    }
  });
  return world;
}

async function registerAdministrator(cluster: Cluster, recorder: Recorder, index: number) {
  const [link] = cluster.network.links;
  if (!link) return;
  const options = { index, link, recorder, isSlow: false, onShutOut: () => undefined };
  const administrator = new BenchClient(options);
  await administrator.retrying(() => administrator.register());
  administrator.close();
}

async function inBatches<T>(items: readonly T[], size: number, work: (item: T) => Promise<void>) {
  for (let at = 0; at < items.length; at += size) {
    await Promise.all(items.slice(at, at + size).map(work));
  }
}

/** Lets everything happen when the schedule says; resolves when it all has. */
async function play(
  world: World,
  { ops, faults, absences }: Schedule,
  nemesis: Nemesis,
  profile: Profile,
  samples: Sample[],
  say: (line: string) => void,
): Promise<void> {
  const start = world.recorder.now();
  const running = new Set<Promise<void>>();
  const at = (moment: number, work: () => Promise<void> | void) => {
    const wait = async () => {
      await pause(Math.max(0, start + moment - world.recorder.now()));
      await work();
    };
    const one: Promise<void> = wait().finally(() => running.delete(one));
    running.add(one);
  };
  const sampler = setInterval(() => {
    for (const instance of world.cluster.instances) {
      const sample = instance.sample();
      if (sample) samples.push(sample);
    }
  }, 2_000);
  for (const { client, from, to } of absences) {
    at(from, () => world.clients[client]?.leave());
    at(to, () => world.clients[client]?.comeBack());
  }
  for (const fault of faults) {
    at(fault.at, async () => {
      say(
        `${String(Math.round(fault.at / 1000)).padStart(4)} s  ${fault.kind} ${fault.both.join('+')}`,
      );
      await nemesis.inflict(fault);
    });
  }
  // Operations are started one after the other, so that thousands need no timer each.
  for (const op of ops) {
    const wait = start + op.at - world.recorder.now();
    if (wait > 1) await pause(wait);
    const one: Promise<void> = perform(world, op).finally(() => running.delete(one));
    running.add(one);
  }
  await pause(Math.max(0, start + profile.seconds * 1000 - world.recorder.now()));
  const patience = pause(SETTLE_MS);
  await Promise.race([Promise.all(running), patience]);
  clearInterval(sampler);
}
