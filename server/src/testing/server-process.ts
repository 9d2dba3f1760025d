import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inject, onTestFinished, vi } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const WITHIN = { timeout: 60_000, interval: 20 };

export interface ServerProcess {
  /** Where it listens; empty until it is ready. */
  readonly url: string;
  /** Everything it printed so far. */
  readonly output: string;
  /** The lines of its standard output so far. */
  readonly lines: readonly string[];
  /** Waits until it listens. @throws with its output when it ends instead */
  ready(): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  /** Waits for its end; gives the exit code, or the signal that ended it. */
  ended(): Promise<number | NodeJS.Signals>;
}

/** A new data folder of this test, which shares the generated model with the others. */
export function newDataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'teambrain-data-'));
  const models = join(inject('modelDir'), 'models');
  mkdirSync(models, { recursive: true });
  symlinkSync(models, join(folder, 'models'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts the built TeamBrain as `npm start` would, with this environment and nothing else. */
export function startServer(env: Record<string, string>): ServerProcess {
  const child = spawn(process.execPath, [join(inject('builtDir'), 'main.js')], {
    cwd: root,
    env: { PATH: process.env['PATH'] ?? '', PORT: '0', LOG_LEVEL: 'warn', ...env },
  });
  let [output, stdout] = ['', ''];
  let end: number | NodeJS.Signals | null = null;
  child.stdout.on('data', (data: Buffer) => {
    output += data.toString();
    stdout += data.toString();
  });
  child.stderr.on('data', (data: Buffer) => (output += data.toString()));
  child.on('close', (code, signal) => (end = code ?? signal ?? -1));
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines = () => stdout.split('\n').slice(0, -1);
  const url = () => addressIn(lines());
  return {
    get url() {
      return url();
    },
    get output() {
      return output;
    },
    get lines() {
      return lines();
    },
    async ready() {
      await vi.waitFor(() => url() || end !== null || fail('it does not listen yet'), WITHIN);
      if (!url()) throw new Error(`It ended with ${String(end)}:\n${output}`);
    },
    kill: (signal) => void child.kill(signal),
    ended: () => vi.waitFor(() => end ?? fail('it runs on'), WITHIN),
  };
}

/** The address in the line that says `"event":"ready"` (platform/observability/announce.ts). */
function addressIn(lines: readonly string[]): string {
  const ready = lines.find((line) => line.includes('"event":"ready"'));
  return ready ? (JSON.parse(ready) as { address: string }).address : '';
}

function fail(what: string): never {
  throw new Error(what);
}
