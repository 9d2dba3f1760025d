import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Flow, Line, Target } from './proxy.ts';

export interface NetworkOptions {
  /** What the balancer spreads the clients' connections over. */
  instances: Target[];
  /** How many clients have a line of their own to the balancer. */
  links: number;
  /** Ports of PostgreSQL and Redis, to which each instance has a line; null where there is none. */
  database: number | null;
  redis: number | null;
  /** For what becomes of hints. */
  seed: number;
}

/** The ports of the lines, as the process opened them. */
export interface Opened {
  links: number[];
  toDatabase: number[];
  toRedis: number[];
}

type Method = Exclude<keyof Line, 'port'>;
export type Request =
  | { line: number; method: Method; args: unknown[] }
  | { ask: 'balance' | 'tampered' }
  | { ask: 'tamper'; isOn: boolean };

export interface Network {
  /** One per client, so that each one's line can fail alone. */
  links: Line[];
  /** Per instance; empty on the embedded database. */
  toDatabase: Line[];
  toRedis: Line[];
  /** Begins to look which instances can serve. */
  balance(): void;
  /** Whether hints on their way from Redis are dropped, doubled and swapped (X21). */
  tamper(isOn: boolean): void;
  /** How many were. */
  tampered(): Promise<number>;
  close(): Promise<void>;
}

const MAIN = fileURLToPath(new URL('network.process.ts', import.meta.url));

/**
 * Opens every line of a run in a process of its own: were they on the driver's event loop, what the
 * clients do with their events would hold up the instances' statements, and with them their locks.
 */
export async function openNetwork(options: NetworkOptions): Promise<Network> {
  const child = fork(MAIN, [JSON.stringify(options)], { execArgv: ['--import', 'tsx'] });
  const ask = (request: Request) => void child.send(request);
  const [opened] = (await once(child, 'message')) as [Opened];
  let next = 0;
  const lineAt = (port: number): Line => {
    const line = next++;
    const order = (method: Method, ...args: unknown[]) => ask({ line, method, args });
    return {
      port,
      setFlow: (flow: Flow) => order('setFlow', flow),
      limit: (bandwidth) => order('limit', bandwidth),
      hold: () => order('hold'),
      reset: (which = {}) => order('reset', which),
      cutNextAnswer: () => order('cutNextAnswer'),
    };
  };
  return {
    links: opened.links.map(lineAt),
    toDatabase: opened.toDatabase.map(lineAt),
    toRedis: opened.toRedis.map(lineAt),
    balance: () => ask({ ask: 'balance' }),
    tamper: (isOn) => ask({ ask: 'tamper', isOn }),
    async tampered() {
      ask({ ask: 'tampered' });
      const [count] = (await once(child, 'message')) as [number];
      return count;
    },
    async close() {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}
