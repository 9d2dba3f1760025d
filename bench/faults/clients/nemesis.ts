import pg from 'pg';
import type { BenchClient } from './client.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { fillDisk, freeDisk } from '../cluster/disk.ts';
import type { FaultRecord } from '../history.ts';
import type { Instance } from '../cluster/instance.ts';
import { perform } from './operations.ts';
import type { FaultKind } from '../profiles.ts';
import type { PlannedFault } from '../schedule.ts';
import { pause, type World } from './world.ts';

/** Makes the planned faults happen and puts everything right again after each. */
export interface Nemesis {
  faults: FaultRecord[];
  /** Those under way now. */
  active: Set<FaultKind>;
  inflict(planned: PlannedFault): Promise<void>;
}

const REDIS_FAULTS: FaultKind[] = ['X4', 'X5', 'X6', 'X10', 'X21'];

export function createNemesis(world: World): Nemesis {
  const faults: FaultRecord[] = [];
  const active = new Set<FaultKind>();
  const nemesis: Nemesis = {
    faults,
    active,
    async inflict(planned) {
      const kinds = planned.kind === 'X24' ? planned.both : [planned.kind];
      const start = world.recorder.now();
      for (const kind of [planned.kind, ...kinds]) active.add(kind);
      const context = contextOf(world, planned);
      try {
        await Promise.all(kinds.map((kind) => faultMakers[kind](context)));
      } finally {
        for (const kind of [planned.kind, ...kinds]) active.delete(kind);
        const target = kinds.length > 1 ? kinds.join(' and ') : context.name;
        faults.push({ kind: planned.kind, target, start, end: world.recorder.now() });
      }
    },
  };
  return nemesis;
}

/** How long a right that ended may still work while these faults are under way. */
export const graceDuring = (active: ReadonlySet<FaultKind>): number =>
  active.has('X24') || REDIS_FAULTS.some((kind) => active.has(kind)) ? 5_000 : 1_000;

interface Context {
  world: World;
  cluster: Cluster;
  instance: Instance;
  index: number;
  name: string;
  length: number;
  /** About a third of the clients, always the same ones for one fault. */
  third: BenchClient[];
}

function contextOf(world: World, { kind, pick, length }: PlannedFault): Context {
  const { cluster, clients } = world;
  const index = Math.floor(pick * cluster.instances.length);
  const instance = cluster.instances[index] as Instance;
  const shift = Math.floor(pick * 3);
  const third = clients.filter((client) => client.index % 3 === shift);
  const isOfOne = ['X1', 'X3', 'X9', 'X10', 'X14', 'X20'].includes(kind);
  return { world, cluster, instance, index, name: isOfOne ? instance.name : '', length, third };
}

const faultMakers: Record<FaultKind, (context: Context) => Promise<void>> = {
  async X1({ instance, length }) {
    await instance.end('SIGKILL');
    await pause(length);
    await instance.start();
  },
  async X2({ cluster, length }) {
    for (const instance of cluster.instances) {
      await instance.end('SIGTERM');
      await instance.start();
      await pause(length / 9);
    }
  },
  async X3({ instance, length }) {
    instance.freeze();
    await pause(length);
    instance.thaw();
  },
  async X4({ cluster, length }) {
    await cluster.services?.redis.kill();
    await pause(length);
    await cluster.services?.redis.start();
  },
  async X5({ cluster, length }) {
    cluster.services?.redis.freeze();
    await pause(length);
    cluster.services?.redis.thaw();
  },
  async X6({ cluster, index }) {
    await cluster.services?.redis.flush();
    cluster.network.toRedis[index]?.reset();
  },
  X7: async ({ cluster }) => cluster.services?.crashPostgres(),
  async X8({ cluster, length }) {
    for (const proxy of cluster.network.toDatabase) proxy.setFlow('stall');
    await pause(length);
    for (const proxy of cluster.network.toDatabase) proxy.setFlow('pass');
  },
  async X9({ cluster, index, length }) {
    for (let left = length; left > 0; left -= 500) {
      cluster.network.toDatabase[index]?.reset();
      await pause(500);
    }
  },
  async X10({ cluster, index, length }) {
    const line = cluster.network.toRedis[index];
    line?.setFlow('stall');
    await pause(length);
    line?.setFlow('pass');
  },
  async X11({ third, length }) {
    for (const { link } of third) link.hold();
    await pause(length);
    // The line is back, but whoever stood in between has forgotten these connections.
    for (const { link } of third) link.reset();
  },
  async X13({ world, length }) {
    const slow = world.clients.slice(-world.clients.length / 12);
    for (const { link } of slow) link.limit(1_024);
    await pause(length);
    for (const { link } of slow) link.limit(0);
  },
  async X14({ instance, length }) {
    const skew = new URL('../cluster/skew.mjs?ms=25000', import.meta.url).href;
    await instance.end('SIGTERM');
    await instance.start(['--import', skew]);
    await pause(length);
    await instance.end('SIGTERM');
    await instance.start();
  },
  async X15({ cluster, length }) {
    const disk = cluster.services?.dataFolder ?? cluster.dataDir;
    fillDisk(disk);
    await pause(length);
    freeDisk(disk);
    // PostgreSQL may have ended for want of room to write what it must; an operator starts it again.
    if (cluster.services && !(await answers(cluster))) await cluster.services.crashPostgres();
  },
  async X16({ cluster }) {
    for (const link of cluster.network.links) link.reset({ socketsOnly: true });
  },
  async X17({ world, length }) {
    world.isTripling = true;
    await pause(length);
    world.isTripling = false;
  },
  X18: changeRights,
  async X19({ world, cluster, length }) {
    const space = world.spaces[0]?.id;
    await withDatabase(cluster, async (client) => {
      await client.query('begin');
      await client.query('select 1 from spaces where id = $1 for update', [space]);
      await pause(length);
      await client.query('rollback');
    });
  },
  async X20({ instance, length }) {
    await instance.limitFiles(0);
    await pause(length);
    await instance.limitFiles(null);
  },
  async X21({ cluster, length }) {
    cluster.network.tamper(true);
    await pause(length);
    cluster.network.tamper(false);
  },
  X22: forgeHints,
  /** As a restore goes: every instance is stopped, and starts on another log. */
  async X23({ cluster }) {
    await Promise.all(cluster.instances.map((instance) => instance.end('SIGKILL')));
    await withDatabase(cluster, async (client) => {
      await client.query('update instance set log_epoch = gen_random_uuid()');
    });
    await Promise.all(cluster.instances.map((instance) => instance.start()));
  },
  X24: () => Promise.resolve(), // its two are made instead
};

async function changeRights({ world, length, third }: Context): Promise<void> {
  const { spaces } = world;
  const kinds = ['remove', 'password', 'logout-all', 'leave'] as const;
  const victims = third.slice(0, 16);
  await Promise.all(
    victims.map(async (client, n) => {
      await pause((n * length) / victims.length);
      const space = spaces.findIndex(({ members }) => members.slice(1).includes(client));
      const kind = kinds[n % kinds.length] ?? 'remove';
      const vault = spaces.findIndex(({ isProtected }) => isProtected);
      const where = kind === 'password' ? (n < 4 ? vault : -1) : space;
      if (where < 0) return;
      const flags = { isDoubled: false, isCut: false, isReadBack: false };
      await perform(world, { at: 0, client: client.index, kind, space: where, pick: 0, ...flags });
    }),
  );
}

async function forgeHints({ world, cluster }: Context): Promise<void> {
  const space = world.spaces[0]?.id ?? '';
  const event = {
    space,
    seq: 999_999,
    id: space,
    type: 'message.posted',
    data: {},
    at: '',
    actor: null,
  };
  const forged = JSON.stringify({ from: 'forged', message: event });
  await cluster.services?.redis.forge([forged, `x${forged}`, '', '{"ids":null}']);
}

async function withDatabase(cluster: Cluster, use: (client: pg.Client) => Promise<void>) {
  if (!cluster.databaseUrl) return;
  const client = new pg.Client({ connectionString: cluster.databaseUrl });
  client.on('error', () => undefined); // another fault may end it
  await client.connect();
  try {
    await use(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Whether the database takes a change within five seconds. */
async function answers(cluster: Cluster): Promise<boolean> {
  for (let tries = 0; tries < 10; tries += 1) {
    try {
      await withDatabase(cluster, async (client) => {
        await client.query('update instance set log_epoch = log_epoch');
      });
      return true;
    } catch {
      await pause(500);
    }
  }
  return false;
}
