import { createApp, type App } from '../app.ts';
import { ConfigError, readConfig } from '../config.ts';
import { tidy } from '../platform/db/upkeep.ts';
import { DataFolderBusyError } from '../platform/db/folder/data-folder-lock.ts';
import { lookAt, untilIndexed } from './indexing.ts';
import { createScanner } from './markdown/scanner.ts';
import { isPassing, patientApp, patiently } from './patience.ts';
import { count, createProgress, duration, type Progress } from './progress.ts';
import { recognise, type Plan } from './recognise.ts';
import { report } from './report.ts';
import { SeedError } from './source/source.ts';
import { StoppedError } from './write-run.ts';
import { writeSeed, type Written } from './write-seed.ts';

const USAGE = `Fills TeamBrain with what you have: Slack exports and Markdown, in folders or zip files.

  npm run seed -- [--new-spaces] <folder or zip> [<folder or zip> …]
  npm run seed -- --sample

  --new-spaces   puts everything into new spaces, beside those of earlier imports

Stop TeamBrain first. Running it again adds only what is missing. docs/guides/importing.md says what
is understood, what is kept as text, and how to read the report.`;

async function main(): Promise<void> {
  const { sources, areNew } = readArguments(process.argv.slice(2));
  const progress = createProgress(process.stdout);
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  process.once('SIGTERM', () => stop.abort());

  const scanner = createScanner();
  const plans: Plan[] = [];
  try {
    // Everything is read first: a folder that cannot be used leaves the instance as it was.
    for (const source of sources) {
      // npm changes into the package's folder and leaves the caller's here.
      const cwd = process.env['INIT_CWD'] ?? process.cwd();
      const found = await recognise(source, cwd, scanner.scan);
      for (const { path, what } of found) progress.say(`${path}: ${what}`);
      plans.push(...found);
    }
    const config = readConfig(process.env);
    const app = await createApp({
      ...config,
      logLevel: process.env['LOG_LEVEL'] === undefined ? 'warn' : config.logLevel,
    });
    try {
      await fill(app, plans, { progress, signal: stop.signal, areNew });
    } finally {
      await app.close();
    }
  } finally {
    for (const plan of plans) await plan.close();
    await scanner.close();
  }
}

function readArguments(given: readonly string[]) {
  const options = given.filter((argument) => argument.startsWith('-'));
  const sources = given.filter((argument) => !argument.startsWith('-'));
  const unknown = options.filter((option) => option !== '--new-spaces');
  if (sources.length === 0 || unknown.length > 0) throw new SeedError(USAGE);
  return { sources, areNew: options.length > 0 };
}

interface Filling {
  progress: Progress;
  signal: AbortSignal;
  areNew: boolean;
}

async function fill(app: App, plans: Plan[], { progress, signal, areNew }: Filling) {
  const started = performance.now();
  const written: Written[] = [];
  const patient = patientApp(app, signal);
  for (const { seeds, path, ledger } of plans) {
    const run = {
      app: patient,
      progress,
      signal,
      ledger,
      ...(areNew ? { newSpacesFrom: path } : {}),
    };
    for (const seed of seeds) written.push(await writeSeed(run, seed));
  }
  const indexing = performance.now();
  const left = await untilIndexed(lookAt(app, signal), progress, signal);
  await tidy(app.database.db).catch((error: unknown) => {
    // On PostgreSQL it may take longer than a statement may; the server does it by itself there.
    if (!isPassing(error)) throw error;
  });
  report(progress, plans, written);
  const total = duration(performance.now() - started);
  progress.say(
    `Done in ${total}, of which ${duration(performance.now() - indexing)} for the search index.`,
  );
  if (left > 0) {
    progress.say(
      `Everything is saved. The search index has ${count(left)} events to go and did not move for ` +
        'some minutes: TeamBrain finishes it when it runs.',
    );
  }
  if ((await patiently(() => app.auth.instance(), signal)).isEmpty) {
    progress.say('There is no account yet: the first person to register becomes administrator.');
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
