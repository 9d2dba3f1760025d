import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const START_MS = 60_000;
/** Ticks of /proc/…/stat per second, the same on every Linux. */
const TICKS = 100;

/** A server under test in a process of its own. */
export interface Served {
  port: number;
  /** Milliseconds from spawn to ready. */
  startedIn: number;
  /** Resident memory, bytes; of the process alone, without its children. */
  memory(): number;
  /** Processor time used so far, in seconds. */
  cpu(): number;
  stop(): Promise<void>;
}

/** Starts a script and waits for the line with its port. @throws with its output when it ends */
export async function serve(
  script: string,
  env: Record<string, string> = {},
  nodeArguments: string[] = [],
): Promise<Served> {
  const began = performance.now();
  const loader = script.endsWith('.ts') ? ['--import', 'tsx'] : [];
  const child = spawn(process.execPath, [...nodeArguments, ...loader, script], {
    cwd: root,
    env: { PATH: process.env['PATH'] ?? '', NODE_ENV: 'production', ...env },
  });
  const port = await readyOn(child, script);
  const ended = new Promise((resolve) => child.on('exit', resolve));
  const proc = (file: string) => readFileSync(`/proc/${child.pid}/${file}`, 'utf8');
  return {
    port,
    startedIn: performance.now() - began,
    memory: () => Number(/VmRSS:\s+(\d+)/.exec(proc('status'))?.[1]) * 1024,
    cpu() {
      const fields = proc('stat').split(') ')[1]?.split(' ') ?? [];
      return (Number(fields[11]) + Number(fields[12])) / TICKS;
    },
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
      await ended;
      clearTimeout(timer);
    },
  };
}

function readyOn(child: ChildProcess, script: string): Promise<number> {
  let output = '';
  return new Promise((resolve, reject) => {
    const fail = (why: string) => {
      child.kill('SIGKILL');
      reject(new Error(`${script} ${why}:\n${output}`));
    };
    const timer = setTimeout(() => fail('did not start in time'), START_MS);
    const read = (data: Buffer) => {
      output = (output + data.toString()).slice(-20_000);
      const port = /ready: http:\/\/\S+?:(\d+)/.exec(output)?.[1];
      if (!port) return;
      clearTimeout(timer);
      resolve(Number(port));
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.on('exit', (code) => {
      clearTimeout(timer);
      fail(`ended with ${code}`);
    });
  });
}
