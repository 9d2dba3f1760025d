import { createApp, type App } from '../app.ts';
import { ConfigError, readConfig } from '../config.ts';
import { tidy } from '../platform/db/upkeep.ts';
import { DataFolderBusyError } from '../platform/db/data-folder-lock.ts';
import { SeedError } from './archive.ts';
import { count, createProgress, duration, type Progress } from './progress.ts';
import { recognise, type Plan } from './recognise.ts';
import { StoppedError, writeSeed, type Written } from './write-seed.ts';

const USAGE = `Fills TeamBrain with what you have: Slack exports and folders of Markdown files.

  npm run seed -- <folder> [<folder> …]
  npm run seed -- --sample

Stop TeamBrain first. Running it again adds only what is missing.`;

/** Without any progress of the index for so long, something is broken. */
const STALLED_MS = 60_000;
const LOOK_MS = 250;

async function main(): Promise<void> {
  const folders = process.argv.slice(2);
  if (folders.length === 0 || folders.some((argument) => /^-{1,2}h(?:elp)?$/.test(argument))) {
    throw new SeedError(USAGE);
  }
  const progress = createProgress(process.stdout);
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  process.once('SIGTERM', () => stop.abort());

  // Everything is read first: a folder that cannot be used leaves the instance as it was.
  const plans: Plan[] = [];
  for (const folder of folders) {
    // npm changes into the package's folder and leaves the caller's here.
    const plan = await recognise(folder, process.env['INIT_CWD'] ?? process.cwd());
    progress.say(`${plan.folder}: ${plan.what}`);
    plans.push(plan);
  }
  const config = readConfig(process.env);
  const app = await createApp({
    ...config,
    logLevel: process.env['LOG_LEVEL'] === undefined ? 'warn' : config.logLevel,
  });
  try {
    await fill(app, plans, progress, stop.signal);
  } finally {
    await app.close();
  }
}

async function fill(app: App, plans: Plan[], progress: Progress, signal: AbortSignal) {
  const started = performance.now();
  const written: Written[] = [];
  for (const { seeds } of plans) {
    for (const seed of seeds) written.push(await writeSeed({ app, progress, signal }, seed));
  }
  const indexing = performance.now();
  await untilIndexed(app, progress, signal);
  await tidy(app.database.db);
  report(progress, plans, written);
  const total = duration(performance.now() - started);
  progress.say(
    `Done in ${total}, of which ${duration(performance.now() - indexing)} to finish the search index.`,
  );
  if ((await app.auth.instance()).isEmpty) {
    progress.say('There is no account yet: the first person to register becomes administrator.');
  }
}

/** Waits for the followers of the log and shows how many events they have to go. */
async function untilIndexed(app: App, progress: Progress, signal: AbortSignal): Promise<void> {
  const total = await app.followers.backlog();
  let left = total;
  let movedAt = Date.now();
  while (left > 0) {
    if (signal.aborted) throw new StoppedError();
    progress.step('Search index: events', total - left, total);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    const now = await app.followers.backlog();
    if (now !== left) movedAt = Date.now();
    if (Date.now() - movedAt > STALLED_MS) throw new Error('The search index makes no progress');
    left = now;
  }
  if (total > 0) progress.step('Search index: events', total, total);
}

function report(progress: Progress, plans: readonly Plan[], written: readonly Written[]): void {
  for (const { name, unit, added, present, refused, people, ms } of written) {
    const by = people > 0 ? ` by ${count(people)} people` : '';
    const before = present > 0 ? `, ${count(present)} were there` : '';
    const not = refused > 0 ? `, ${count(refused)} deleted or replaced here and left so` : '';
    progress.say(`  ${name}: ${count(added)} ${unit}${by} added in ${duration(ms)}${before}${not}`);
  }
  for (const { folder, notes } of plans) {
    if (notes.size > 0) progress.say(`Not imported from ${folder}:`);
    for (const [what, n] of notes) progress.say(`  ${what}${n > 1 ? `: ${count(n)}` : ''}`);
  }
}

main().catch((error: unknown) => {
  const isMeant = [SeedError, ConfigError, DataFolderBusyError].some(
    (kind) => error instanceof kind,
  );
  const message =
    error instanceof StoppedError
      ? 'Stopped. Run the same command again to go on from here.'
      : isMeant
        ? (error as Error).message
        : `Seeding failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  process.stderr.write(`\n${message}\n`);
  process.exit(error instanceof StoppedError ? 130 : 1);
});
