import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inject, onTestFinished } from 'vitest';
import { connectFolder, connectServer, type Connection } from '../platform/db/connection.ts';
import { newDataFolder } from './server-process.ts';
import { createServerDatabase } from './template.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Of installations on a server, which do not make their own. */
const SECRET = 'Zm9yIHRlc3RzIG9ubHksIGJ1dCBsb25nIGVub3VnaCBmb3I=';

export type Environment = Record<string, string>;

export interface Ended {
  /** Exit code, or the signal that ended it. */
  code: number | NodeJS.Signals;
  stdout: string;
  stderr: string;
}

/** A command line under way. */
export interface Running {
  ended: Promise<Ended>;
  /** What it said on standard error so far. */
  readonly said: string;
  kill(signal: NodeJS.Signals): void;
}

/** Starts the built `teambrain …args`, with this environment and nothing else. */
export function startCli(args: readonly string[], env: Environment): Running {
  const child = spawn(process.execPath, [join(inject('builtDir'), 'teambrain.js'), ...args], {
    cwd: root,
    env: { PATH: process.env['PATH'] ?? '', ...env },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
  onTestFinished(() => void child.kill('SIGKILL'));
  return {
    ended: new Promise((resolve) =>
      child.on('close', (code, signal) => resolve({ code: code ?? signal ?? -1, stdout, stderr })),
    ),
    get said() {
      return stderr;
    },
    kill: (signal) => void child.kill(signal),
  };
}

/** Runs `teambrain …args` to its end. */
export const runCli = (args: readonly string[], env: Environment): Promise<Ended> =>
  startCli(args, env).ended;

/** Runs it with `--json`; gives its report. @throws with what it said when it fails */
export async function reportOf<T>(args: readonly string[], env: Environment): Promise<T> {
  const { code, stdout, stderr } = await runCli([...args, '--json'], env);
  if (code !== 0) throw new Error(`teambrain ${args.join(' ')} ended with ${code}:\n${stderr}`);
  return JSON.parse(stdout) as T;
}

/** The environment of an empty TeamBrain on whatever database this test project runs. */
export async function newInstallation(): Promise<Environment> {
  const template = inject('serverTemplate');
  // People of a test come from addresses of their own, so that limits on sign-in leave them alone.
  const env = { DATA_DIR: newDataFolder(), TRUSTED_PROXIES: '127.0.0.1' };
  if (!template) return env;
  const { url, drop } = await createServerDatabase(template);
  onTestFinished(async () => void (await drop()));
  return { ...env, DATABASE_URL: url, SECRET };
}

/** Works on the database of an installation that does not run. */
export async function withDatabase<T>(
  { DATA_DIR = '', DATABASE_URL }: Environment,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const { connection, close } = DATABASE_URL
    ? await connectServer(DATABASE_URL, 'test')
    : await connectFolder(DATA_DIR);
  try {
    return await work(connection);
  } finally {
    await close();
  }
}
