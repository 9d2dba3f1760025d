import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import type { ExitRecord, Sample } from '../history.ts';

export interface InstanceOptions {
  name: string;
  main: string;
  port: number;
  env: Record<string, string>;
  /** The driver's clock. */
  now(): number;
  onExit(exit: ExitRecord): void;
  onAlarm(line: string): void;
}

/** What an instance's output must not hold, whatever fails around it. */
const ALARMS = /unhandled|uncaught|broke its contract|heap out of memory|MaxListenersExceeded/i;
const START_MS = 60_000;
const KEPT = 40_000;

/** One real server process that this bench started, ended and looked at by its pid. */
export class Instance {
  readonly name: string;
  readonly port: number;
  readonly #options: InstanceOptions;
  #child: ChildProcess | null = null;
  #isEndMeant = false;
  #isFrozen = false;
  #output = '';

  constructor(options: InstanceOptions) {
    this.#options = options;
    this.name = options.name;
    this.port = options.port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The end of what it wrote. */
  get output(): string {
    return this.#output;
  }

  get isRunning(): boolean {
    return this.#child !== null;
  }

  /** Starts it and waits until it listens. @throws with its output when it does not */
  async start(nodeArguments: readonly string[] = []): Promise<void> {
    if (this.#child) return;
    const { main, env } = this.#options;
    const child = spawn(process.execPath, ['--enable-source-maps', ...nodeArguments, main], {
      env: { PATH: process.env['PATH'] ?? '', PORT: String(this.port), LOG_LEVEL: 'warn', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    // Whatever ends the driver ends what it started.
    const killAtExit = () => void child.kill('SIGKILL');
    process.once('exit', killAtExit);
    child.once('exit', () => process.off('exit', killAtExit));
    this.#isEndMeant = false;
    const ready = new Promise<boolean>((resolve) => {
      const hear = (data: Buffer) => {
        const text = data.toString();
        this.#output = (this.#output + text).slice(-KEPT);
        for (const line of text.split('\n')) {
          if (ALARMS.test(line)) this.#options.onAlarm(`${this.name}: ${line.slice(0, 500)}`);
        }
        if (text.includes('TeamBrain is ready')) resolve(true);
      };
      child.stdout?.on('data', hear);
      child.stderr?.on('data', hear);
      child.once('exit', (code, signal) => {
        this.#child = null;
        this.#isFrozen = false;
        const how = signal ?? `code ${code}`;
        const { now, onExit, onAlarm } = this.#options;
        if (!this.#isEndMeant) onAlarm(`${this.name} ended:\n${this.#output.slice(-2_000)}`);
        onExit({ instance: this.name, at: now(), how, isExpected: this.#isEndMeant });
        resolve(false);
      });
      setTimeout(() => resolve(false), START_MS).unref();
    });
    if (!(await ready) && !this.#isEndMeant) {
      throw new Error(`${this.name} did not start:\n${this.#output.slice(-3_000)}`);
    }
  }

  /** Ends it by a signal and waits for its end. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child;
    if (!child) return;
    this.#isEndMeant = true;
    const ended = once(child, 'exit');
    child.kill(signal);
    if (this.#isFrozen) child.kill('SIGCONT');
    await ended;
  }

  freeze(): void {
    this.#isFrozen = this.#child?.kill('SIGSTOP') ?? false;
  }

  thaw(): void {
    this.#child?.kill('SIGCONT');
    this.#isFrozen = false;
  }

  /** Memory and open files of the process now; null while it is down. */
  sample(): Sample | null {
    const pid = this.#child?.pid;
    if (pid === undefined) return null;
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      const rss = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
      const files = readdirSync(`/proc/${pid}/fd`).length;
      const at = this.#options.now();
      return { at, instance: this.name, pid, rssMiB: Math.round(rss), files };
    } catch {
      return null; // it ended between the two lines
    }
  }

  /** Lets it open no more files than it has open now (`more`: than it had before). */
  async limitFiles(more: number | null): Promise<void> {
    const pid = this.#child?.pid;
    if (pid === undefined) return;
    const soft = more === null ? 20_000 : readdirSync(`/proc/${pid}/fd`).length + more;
    await promisify(execFile)('prlimit', ['--pid', String(pid), `--nofile=${soft}:`]);
  }
}
