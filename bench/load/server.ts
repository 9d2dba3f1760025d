import { randomBytes } from 'node:crypto';
import { middle, type Measured } from './drive.ts';
import { measureFanOut, type FanOut } from './fan-out.ts';
import {
  measureHello,
  measureLogIns,
  measureReads,
  measureWrites,
  fillPage,
  pageSizes,
} from './measure.ts';
import { serve, type Served } from './process.ts';
import { measureCommits } from './raw.ts';
import { kib, latencies, ms, rate, spread, type Line } from './report.ts';
import { populate, type World } from './world.ts';

export const SECTIONS = ['start', 'writes', 'reads', 'log-in', 'fan-out'] as const;
export type Section = (typeof SECTIONS)[number];
type Note = (line: Line) => void;

export interface Run {
  /** Length of one measurement, and how many of each. */
  seconds: number;
  rounds: number;
  /** For data and generated models. */
  folder: string;
  /** Where the server writes a processor profile, if it shall. */
  profile: string | undefined;
}

/** More than a bench can use up, for every policy it meets; the limits themselves stay in place. */
const LIMITS = [
  ...['login', 'login-account', 'login-anywhere', 'register', 'join', 'join-space', 'read'],
  ...['write', 'write.burst'],
]
  .map((policy) => `${policy}=9999999/60`)
  .join(' ');
const MAIN = 'server/dist/main.js';

/** Starts a built TeamBrain; limits stay in place, with quotas no bench can use up. */
export function startTeamBrain(run: Run, env: Record<string, string>): Promise<Served> {
  const profiling = run.profile ? ['--cpu-prof', `--cpu-prof-dir=${run.profile}`] : [];
  return serve(
    MAIN,
    { DATA_DIR: run.folder, PORT: '0', LOG_LEVEL: 'warn', LIMITS, ...env },
    profiling,
  );
}

/** Everything about a TeamBrain on PostgreSQL. */
export async function measureServer(
  run: Run & { url: string; only: Set<Section> },
  note: Note,
): Promise<void> {
  const { url, only } = run;
  const env = { DATABASE_URL: url, SECRET: randomBytes(48).toString('base64') };
  const first = await startTeamBrain(run, env);
  await first.stop();
  const served = await startTeamBrain(run, env);
  if (only.has('start')) {
    note({ what: 'first start (schema and model are made)', figure: ms(first.startedIn) });
    note({ what: 'start', figure: ms(served.startedIn) });
  }
  try {
    const world = await populate(served.port, only.has('fan-out') ? 100 : 64);
    // First, while the server's memory is that of a start: what a socket adds shows.
    if (only.has('fan-out')) await compareFanOut(run, served, world, note);
    // Before there is much to index: reading is measured, not what else goes on after a flood of writes.
    if (only.has('reads')) await compareReads(run, world, note);
    if (only.has('writes')) await compareWrites(run, world, note);
    if (only.has('log-in')) {
      const logIns = await measureLogIns(world, 4, run.seconds);
      note({ what: 'log-in, 4 at a time', figure: spread(logIns) });
    }
  } finally {
    await served.stop();
  }
}

/**
 * Alternates the measurements, so that what disturbs the machine disturbs each of them. A first round
 * is not counted: by then the code that all of them run has been compiled, as after some minutes of use.
 */
async function alternate<K extends string>(
  rounds: number,
  measurements: Record<K, () => Promise<Measured>>,
): Promise<Record<K, Measured>> {
  const runs = {} as Record<K, Measured[]>;
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of Object.keys(measurements) as K[]) {
      const measured = await measurements[name]();
      if (round > 0) (runs[name] ??= []).push(measured);
    }
  }
  const results = {} as Record<K, Measured>;
  for (const name of Object.keys(measurements) as K[]) results[name] = middle(runs[name]);
  return results;
}

async function compareWrites(run: Run & { url: string }, world: World, note: Note) {
  const { url, seconds, rounds } = run;
  for (const writers of [1, 16, 64]) {
    const { raw, hot, many } = await alternate(rounds, {
      raw: () => measureCommits(url, writers, seconds),
      hot: () => measureWrites(world, writers, seconds, 'hot'),
      many: () => measureWrites(world, writers, seconds, 'many'),
    });
    const baseline = `${spread(raw)} INSERT commits`;
    note({
      what: `messages by ${writers} into one space`,
      figure: spread(hot),
      baseline,
      ratio: hot.perSecond / raw.perSecond,
    });
    note({
      what: `messages by ${writers} into 50 spaces`,
      figure: spread(many),
      baseline,
      ratio: many.perSecond / raw.perSecond,
      ...(writers === 16 ? { target: 0.5 } : {}),
    });
  }
  const { plain, calling } = await alternate(rounds, {
    plain: () => measureWrites(world, 16, seconds, 'many'),
    calling: () => measureWrites(world, 16, seconds, 'many', 2),
  });
  note({
    what: 'messages by 16 into 50 spaces, each mentions 2 people',
    figure: spread(calling),
    baseline: `${spread(plain)} without mentions`,
    ratio: calling.perSecond / plain.perSecond,
    target: 0.8,
  });
}

async function compareReads({ seconds, rounds }: Run, world: World, note: Note) {
  // A full page, whatever was measured before.
  await fillPage(world);
  const { bytes, packed } = await pageSizes(world);
  const hello = await serve('bench/load/baselines/hello.ts', { PAGE_BYTES: String(bytes) });
  try {
    const { bare, same, plain, browser } = await alternate(rounds, {
      bare: () => measureHello(hello.port, 16, seconds),
      same: () => measureHello(hello.port, 16, seconds, '/page'),
      plain: () => measureReads(world, 16, seconds, false),
      browser: () => measureReads(world, 16, seconds, true),
    });
    const baseline = `${spread(bare)} hello-worlds`;
    note({
      what: `reads of the last 50 messages, 16 at a time, as browsers ask (${packed} bytes)`,
      figure: spread(browser),
      baseline,
      ratio: browser.perSecond / bare.perSecond,
      target: 0.5,
    });
    note({
      what: `the same uncompressed (${bytes} bytes)`,
      figure: spread(plain),
      baseline,
      ratio: plain.perSecond / bare.perSecond,
      target: 0.5,
    });
    note({
      what: 'the same uncompressed, beside as many bytes from the framework',
      figure: spread(plain),
      baseline: spread(same),
      ratio: plain.perSecond / same.perSecond,
    });
  } finally {
    await hello.stop();
  }
}

async function compareFanOut({ seconds }: Run, served: Served, world: World, note: Note) {
  for (const sockets of [1_000, 100]) {
    const bare = await serve('bench/load/baselines/broadcast.ts');
    let least: FanOut;
    try {
      least = await measureFanOut(bare, sockets, seconds, null);
    } finally {
      await bare.stop();
    }
    const own = await measureFanOut(served, sockets, seconds, world);
    note({
      what: `delivery to ${sockets} sockets, one message at a time`,
      figure: latencies(own.latency),
      baseline: `${latencies(least.latency)} bare ws`,
    });
    note({
      what: `fan-out to ${sockets} sockets`,
      figure: `${rate(own.perSecond)} frames (${own.cpuPerDelivery.toFixed(1)} µs each)`,
      baseline: `${rate(least.perSecond)} frames (${least.cpuPerDelivery.toFixed(1)} µs each)`,
      ratio: own.perSecond / least.perSecond,
      ...(sockets === 1_000 ? { target: 0.7 } : {}),
    });
    if (sockets === 1_000) {
      note({
        what: 'memory per socket',
        figure: kib(own.memoryPerSocket),
        baseline: `${kib(least.memoryPerSocket)} bare ws`,
      });
    }
  }
}
