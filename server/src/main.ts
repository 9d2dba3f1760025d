import { createApp, type App } from './app.ts';
import { ConfigError, readConfig } from './config.ts';
import {
  explainFailure,
  refusedListening,
  RefusedStartError,
} from './platform/core/refused-start.ts';
import { DataFolderBusyError } from './platform/db/folder/data-folder-lock.ts';
import { announce } from './platform/observability/announce.ts';
import { greeting } from './platform/observability/greeting.ts';
import { answerWhileStarting } from './platform/observability/starting.ts';

/** Longest a stop may take before the process ends regardless. */
const STOP_MS = 15_000;

let app: App | null = null;
let isStopping = false;

async function start(): Promise<void> {
  process.umask(0o077); // whatever is written is for this user alone
  // A person at a terminal reads that it is ready; of the log only what is wrong.
  const quiet = process.stdout.isTTY ? { LOG_LEVEL: 'warn' } : {};
  const config = readConfig({ ...quiet, ...process.env });
  const refuse = (error: unknown) => Promise.reject(refusedListening(error, config));
  const starting = await answerWhileStarting(config.port, config.host).catch(refuse);
  const built = await createApp(config).finally(() => starting.end());
  app = built;
  const address = await built.listen().catch(refuse);
  const { isEmpty } = await built.auth.instance();
  const dataDir = config.databaseUrl === null ? config.dataDir : null;
  const block = greeting({ address, host: config.host, dataDir, isEmpty });
  announce(process.stdout, 'ready', `TeamBrain is ready: ${address}`, { address }, block);
}

/** Stops in order; before the start is through there is nothing yet that could be lost. */
function stop(signal: string): void {
  if (isStopping) return;
  isStopping = true;
  announce(process.stdout, 'stopping', `${signal}: stopping`);
  if (!app) process.exit(0);
  setTimeout(() => process.exit(1), STOP_MS).unref();
  app.close().then(
    () => process.exit(0),
    (error: unknown) => {
      announce(process.stderr, 'failed', `Stopping failed: ${String(error)}`);
      process.exit(1);
    },
  );
}
process.on('SIGINT', stop);
process.on('SIGTERM', stop);

start().catch((error: unknown) => {
  const isMeant =
    error instanceof ConfigError ||
    error instanceof DataFolderBusyError ||
    error instanceof RefusedStartError;
  const isVerbose = ['debug', 'trace'].includes(process.env['LOG_LEVEL'] ?? '');
  const message = isMeant ? error.message : explainFailure(error, isVerbose);
  announce(process.stderr, 'failed', `TeamBrain did not start: ${message}`);
  process.exit(1);
});
