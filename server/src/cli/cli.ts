import { resolve } from 'node:path';
import { ConfigError, readStorage, type Storage } from '../config.ts';
import { RefusedStartError } from '../platform/core/refused-start.ts';
import { DataFolderBusyError } from '../platform/db/folder/data-folder-lock.ts';
import { count } from '../seed/progress.ts';
import { parseCommand, type Invocation } from './arguments.ts';
import { backup, type BackupReport } from './backup.ts';
import type { Finding } from './doctor.store.ts';
import { doctor, type DoctorReport } from './doctor.ts';
import { exitCodes, RefusedError, StoppedError, UsageError } from './failures.ts';
import { migrate } from './migrate.ts';
import { restore, type RestoreReport } from './restore.ts';
import { createTask, type Task } from './task.ts';

interface Report {
  /** For people, on standard output. */
  lines: string[];
  json: object;
  code: number;
}

async function main(): Promise<number> {
  process.umask(0o077); // backups and data folders are for this user alone
  const invocation = parseCommand(process.argv.slice(2));
  if ('help' in invocation) {
    process.stdout.write(`${invocation.help}\n`);
    return exitCodes.done;
  }
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());
  const { lines, json, code } = await run(
    invocation,
    readStorage(process.env),
    // npm changes into the package's folder and leaves the caller's here.
    process.env['INIT_CWD'] ?? process.cwd(),
    createTask(stop.signal),
  );
  process.stdout.write(invocation.isJson ? `${JSON.stringify(json)}\n` : `${lines.join('\n')}\n`);
  return code;
}

async function run(
  { command, operand, isReplacing, isWithDeleted }: Invocation,
  storage: Storage,
  cwd: string,
  task: Task,
): Promise<Report> {
  if (command === 'backup') {
    const report = await backup(storage, operand, cwd, task);
    const written = `${report.file}: ${sum(report.tables)}, ${count(report.bytes)} bytes`;
    const lines = [written, ...sayBucket(report), ...report.findings.flatMap(sayFinding)];
    return { lines, json: report, code: exitCodes.done };
  }
  if (command === 'restore') {
    const file = resolve(cwd, operand ?? '');
    const options = { isReplacing, isWithDeleted, endsSessions: true };
    const report = await restore(storage, file, options, task);
    const { kept, notes, tables, deletions, backup: from } = report;
    const lines = [
      `Restored the backup of ${from.createdAt}: ${sum(tables)}, all compared. Everyone signs in again.`,
      ...(kept === null ? [] : [`What was there is kept: ${kept}`]),
      ...(deletions === null ? [] : [sayDeletions(deletions)]),
      ...notes,
      ...report.findings.flatMap(sayFinding),
    ];
    return { lines, json: report, code: exitCodes.done };
  }
  if (command === 'doctor') {
    const report = await doctor(storage, task);
    const code = report.findings.length > 0 ? exitCodes.faults : exitCodes.done;
    return { lines: describe(report), json: report, code };
  }
  if (storage.databaseUrl === null) {
    throw new ConfigError('DATABASE_URL is not set: it names the database to move to.');
  }
  const report = await migrate(storage.dataDir, storage.databaseUrl, task);
  const lines = [`Moved ${report.from}: ${sum(report.tables)}, all compared.`, ...report.notes];
  return { lines, json: report, code: exitCodes.done };
}

function sayDeletions({
  spaces,
  content,
  memberships,
  areRepeated,
}: NonNullable<RestoreReport['deletions']>): string {
  const things = Object.entries({ ...content, spaces }).map(([name, n]) => `${count(n)} ${name}`);
  const what = `${things.join(', ')}; ${count(memberships)} memberships`;
  return areRepeated
    ? `Deleted or ended since the backup, and so again: ${what}.`
    : `Back, although deleted or ended since the backup: ${what}.`;
}

const sum = (tables: readonly { rows: number }[]): string =>
  `${count(tables.reduce((total, { rows }) => total + rows, 0))} rows in ${tables.length} tables`;

function describe({ checked, findings }: DoctorReport): string[] {
  if (findings.length === 0) return [`All is well: ${checked} checks found nothing.`];
  return findings.flatMap(sayFinding);
}

const sayFinding = ({ name, law, count: n, examples }: Finding): string[] => [
  `FAULT ${name}: it does not hold that ${law} (${count(n)})`,
  ...examples.map((example) => `  ${example}`),
];

const sayBucket = ({ bucket }: BackupReport): string[] =>
  bucket
    ? [
        `The bytes of ${count(bucket.files)} files (${count(bucket.bytes)} bytes) stay in the ${bucket.place}: the backup has their list.`,
      ]
    : [];

function codeOf(error: unknown): number {
  if (error instanceof UsageError || error instanceof ConfigError) return exitCodes.usage;
  if (error instanceof StoppedError) return exitCodes.stopped;
  const isRefusal = [RefusedError, RefusedStartError, DataFolderBusyError].some(
    (kind) => error instanceof kind,
  );
  return isRefusal ? exitCodes.refused : exitCodes.failed;
}

function messageOf(error: unknown): string {
  if (error instanceof StoppedError) return 'Stopped. Nothing was changed.';
  if (!(error instanceof Error)) return String(error);
  if (codeOf(error) !== exitCodes.failed) return error.message;
  const { code } = error as { code?: string };
  return `It failed: ${error.message || 'no reason given'}${code ? ` (${code})` : ''}`;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`\n${messageOf(error)}\n`);
    process.exit(codeOf(error));
  },
);
