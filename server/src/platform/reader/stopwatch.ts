import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';

export interface Stopwatch {
  stop(): void;
}

export interface StopwatchOptions {
  /** Milliseconds of computing; by the clock where that cannot be told. */
  ms: number;
  /** The process whose computing is counted, and how many microseconds it had computed before. */
  of?: { pid: number; cpu: number };
  onOver(): void;
}

/** On a busy machine a process gets a small share of the time only. */
const PATIENCE = 20;
/** Where computing cannot be counted. */
const BLIND_PATIENCE = 3;
/** The kernel counts in steps of ten milliseconds. */
const TICK_MS = 10;

/** Calls `onOver` once the process has computed for so long, unless stopped before. */
export function startStopwatch({ ms, of, onOver }: StopwatchOptions): Stopwatch {
  const began = performance.now();
  const check = () => {
    const passed = performance.now() - began;
    const total = of ? computed(of.pid) : null;
    const spent = of && total !== null ? total - of.cpu / 1_000 : passed / BLIND_PATIENCE;
    if (spent >= ms || passed >= PATIENCE * ms) onOver();
    else timer = setTimeout(check, Math.max(TICK_MS, ms - spent));
  };
  let timer = setTimeout(check, ms);
  return { stop: () => clearTimeout(timer) };
}

/** Milliseconds a process has computed so far; null where the system does not tell. */
function computed(pid: number): number | null {
  if (process.platform !== 'linux') return null;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // Behind the name in brackets, which could hold anything: state is the 3rd field, times the 14th and 15th.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  } catch {
    return null;
  }
}
