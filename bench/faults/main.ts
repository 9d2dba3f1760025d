import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundleServer } from './cluster/bundle.ts';
import { judgeAll } from './checkers/all.ts';
import type { Limits, Verdict } from './checkers/verdict.ts';
import { runBench } from './driver.ts';
import { saveHistory } from './history.ts';
import { mutations, type Mutation } from './cluster/mutations.ts';
import { profiles, type Profile } from './profiles.ts';
import { describeRun } from './report.ts';
import { startServices, type Services } from './cluster/services.ts';

const USAGE = `npm run bench:faults -- [--profile smoke|standard|embedded] [--seed N] [--seconds N]
                        [--slack N] [--keep] [--mutations]

--seconds    another length than the profile's
--slack      multiplies the time limits: more than 1 on a busy machine
--keep       keeps the history of a run that went well, too
--mutations  plants each bug of mutations.ts and demands that a checker catches it
--only NAME  of the bugs this one`;

const inMs = (nanoseconds: number) => `${Math.round(nanoseconds / 1e6)} ms`;
const say = (line: string) => void process.stdout.write(`${line}\n`);

interface Options {
  seed: number;
  slack: number;
  isKept: boolean;
  services: Services | null;
  /** Of the planted bugs the one with this name. */
  only: string | undefined;
}

const optionalIn: Record<string, string[]> = {
  standard: [],
  smoke: [],
  mutants: ['resets', 'hintsTampered'],
  embedded: ['gapsRepaired', 'resets', 'hintsTampered'],
};

/** One run with its table; gives the verdicts. Keeps the history of a failure. */
async function run(profile: Profile, options: Options, mutation?: Mutation): Promise<Verdict[]> {
  const { seed, slack, isKept, services } = options;
  const folder = mkdtempSync(join(tmpdir(), 'teambrain-faults-'));
  const loop = monitorEventLoopDelay();
  loop.enable();
  let isFailed = true;
  try {
    const main = await bundleServer(folder, mutation);
    const prepare = mutation?.prepare;
    const history = await runBench({ profile, seed, main, folder, services, prepare, say });
    loop.disable();
    const unjudged = profile.isEmbedded ? ['CK10', 'CK11', 'CK12'] : [];
    const limits: Limits = { slack, optional: optionalIn[profile.name] ?? [], unjudged };
    const verdicts = judgeAll(history, limits);
    for (const line of describeRun(history, verdicts)) say(line);
    const [load = 0] = loadavg();
    const used = Math.round(process.cpuUsage().user / 1e6 + process.cpuUsage().system / 1e6);
    say(
      `Load average ${load.toFixed(1)} on ${cpus().length} cores; the driver used ${used} s of CPU; ` +
        `its event loop waited p99 ${inMs(loop.percentile(99))}, at most ${inMs(loop.max)}`,
    );
    isFailed = verdicts.some(({ isOk }) => !isOk);
    if ((isFailed && !mutation) || isKept) {
      const path = join(tmpdir(), `teambrain-history-${profile.name}-${seed}.jsonl`);
      await saveHistory(history, path);
      say(`The history is in ${path}`);
    }
    return verdicts;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Plants each bug and runs until a checker catches it, three seeds at most (CK16). */
async function runMutations(profile: Profile, options: Options): Promise<boolean> {
  const lines: string[] = [];
  let caught = 0;
  const chosen = mutations.filter(({ name }) => [undefined, name].includes(options.only));
  for (const mutation of chosen) {
    let by: string[] = [];
    let runs = 0;
    const isMeant = (id: string) => mutation.caughtBy.includes(id);
    while (!by.some(isMeant) && runs < 3) {
      say(`\nPlanted: ${mutation.name}, seed ${options.seed + runs}`);
      const seed = options.seed + runs;
      runs += 1;
      // A bug that keeps a run from being set up was met by no checker.
      const verdicts = await run(profile, { ...options, seed }, mutation).catch(
        (error: unknown) => {
          say(String(error));
          return [];
        },
      );
      by = verdicts.filter(({ isOk }) => !isOk).map(({ id }) => id);
    }
    const isCaught = by.some(isMeant);
    if (isCaught) caught += 1;
    const result = isCaught ? `caught by ${by.join(', ')} in run ${runs}` : 'NOT CAUGHT';
    lines.push(`${mutation.name.padEnd(28)} ${result}`);
  }
  say(`\n${lines.join('\n')}\nCK16: ${caught} of ${chosen.length} planted bugs caught`);
  return chosen.length > 0 && caught === chosen.length;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      profile: { type: 'string', default: 'smoke' },
      seed: { type: 'string' },
      seconds: { type: 'string' },
      slack: { type: 'string', default: '1' },
      keep: { type: 'boolean', default: false },
      mutations: { type: 'boolean', default: false },
      only: { type: 'string' },
    },
  });
  const found = profiles[values.mutations ? 'mutants' : values.profile];
  const seed = values.seed === undefined ? Math.floor(Math.random() * 1e9) : Number(values.seed);
  const slack = Number(values.slack);
  const seconds = values.seconds === undefined ? (found?.seconds ?? 0) : Number(values.seconds);
  if (!found || ![seed, slack, seconds].every(Number.isFinite)) {
    process.stderr.write(`${USAGE}\n`);
    return 2;
  }
  const profile = { ...found, seconds };
  say(`Profile ${profile.name}, seed ${seed}`);
  const state = mkdtempSync(join(tmpdir(), 'teambrain-services-'));
  const services = profile.isEmbedded ? null : await startServices(state);
  try {
    const options: Options = { seed, slack, isKept: values.keep, services, only: values.only };
    if (values.mutations) return (await runMutations(profile, options)) ? 0 : 1;
    const verdicts = await run(profile, options);
    return verdicts.every(({ isOk }) => isOk) ? 0 : 1;
  } finally {
    await services?.stop();
    rmSync(state, { recursive: true, force: true });
  }
}

// Sockets and timers of abandoned requests must not keep it alive, nor hang Node's own end.
process.exit(
  await main().catch((error: unknown) => {
    process.stderr.write(
      `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    return 1;
  }),
);
