import { createApp } from './app.ts';
import { ConfigError, readConfig } from './config.ts';
import { RefusedStartError } from './platform/core/refused-start.ts';
import { DataFolderBusyError } from './platform/db/data-folder-lock.ts';

/** Longest a stop may take before the process ends regardless. */
const STOP_MS = 15_000;

async function start(): Promise<void> {
  const app = await createApp(readConfig(process.env));
  const address = await app.listen();
  process.stdout.write(`\nTeamBrain is ready: ${address}\n`);

  let isStopping = false;
  const stop = (signal: string) => {
    if (isStopping) return;
    isStopping = true;
    process.stdout.write(`\n${signal}: stopping\n`);
    setTimeout(() => process.exit(1), STOP_MS).unref();
    app.close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`Stopping failed: ${String(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

start().catch((error: unknown) => {
  const isMeant =
    error instanceof ConfigError ||
    error instanceof DataFolderBusyError ||
    error instanceof RefusedStartError;
  const inUse = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
  const message = inUse
    ? 'The port is in use. Set PORT to another one, or stop what listens there.'
    : isMeant
      ? error.message
      : error instanceof Error
        ? (error.stack ?? error.message)
        : String(error);
  process.stderr.write(`\nTeamBrain did not start: ${message}\n`);
  process.exit(1);
});
