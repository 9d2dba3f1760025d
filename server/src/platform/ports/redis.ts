import { createHash } from 'node:crypto';
import { Redis } from 'ioredis';
import type { Log } from '../core/log.ts';
import { createPatience, TooLateError } from './redis-patience.ts';

const PROBE_MS = 250;
/** A connection that answers no probe for this long is replaced. */
const HUNG_MS = 1_500;
const MAX_RETRY_MS = 1_000;
/** After answers were slow, Redis is left alone for so long. */
const SLOW_MS = 2_000;
/** A refusal (out of memory, read-only replica …) is logged at most this often. */
const REFUSALS_MS = 60_000;

/** Redis cannot be used now; whoever asked goes on without it. */
export class RedisAwayError extends Error {
  constructor(reason: string) {
    super(`Redis is away: ${reason}`);
    this.name = 'RedisAwayError';
  }
}

/** One connection with a circuit breaker: while Redis is away, uses fail at once. */
export interface RedisLink {
  readonly client: Redis;
  isUp(): boolean;
  /**
   * Uses the connection; settles within 100 ms. Uses one after the other that are all slow make
   * Redis count as away after some 150 ms, so that is what a request pays at most.
   * @throws RedisAwayError when Redis is away or too late, and Redis's own refusals
   */
  run<T>(task: (client: Redis) => Promise<T>): Promise<T>;
  /**
   * Sends without waiting, also while Redis counts as away for being slow: for what others should
   * hear as soon as they can.
   */
  send(task: (client: Redis) => Promise<unknown>): void;
  /** Calls `listener` whenever Redis went away or came back; the result ends that. */
  onChange(listener: (isUp: boolean) => void): () => void;
  /** Resolves when Redis is there, or after `ms` without it. */
  ready(ms: number): Promise<void>;
  close(): void;
}

/**
 * Connects and stays connected: reconnects with growing pauses (at most a second), and probes every
 * 250 ms, so that a hung Redis is noticed without a request paying for it and no request is the one
 * to find out whether it is back.
 *
 * @param name what the connection is for, in the log
 */
export function connectRedis(url: string, name: string, log: Log): RedisLink {
  const client = new Redis(url, {
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 1_000,
    disconnectTimeout: 100,
    // For the handshake; uses have the shorter deadline of `run`.
    commandTimeout: 1_000,
    disableClientInfo: true,
    retryStrategy: (times) => Math.min(MAX_RETRY_MS, 25 * 2 ** times) * (0.5 + Math.random() / 2),
  });
  const listeners = new Set<(isUp: boolean) => void>();
  let state: 'starting' | 'up' | 'away' | 'closed' = 'starting';
  let awaySince = Date.now();
  let refusedAt = -REFUSALS_MS;
  let slowUntil = 0;
  const patience = createPatience();

  function change(next: 'up' | 'away', reason = 'connection closed'): void {
    if (state === next || state === 'closed') return;
    state = next;
    awaySince = Date.now();
    if (next === 'up') log.info({ connection: name }, 'Redis is connected');
    else log.warn({ connection: name, reason }, 'Redis is away; going on without it');
    for (const listener of [...listeners]) listener(next === 'up');
  }

  function lose(error: unknown): void {
    if (error instanceof TooLateError && state === 'up') slowUntil = performance.now() + SLOW_MS;
    change('away', reasonOf(error));
  }

  async function probe(): Promise<void> {
    if (state === 'closed') return;
    if (client.status === 'end') client.connect().catch(() => undefined); // `error` reports it
    if (client.status !== 'ready') return;
    let isSlow = false;
    try {
      await patience.wait(client.ping(), () => (isSlow = true));
      if (state !== 'up' && (isSlow || performance.now() < slowUntil)) return;
      if (state !== 'up') patience.renew();
      change('up');
    } catch (error) {
      lose(error);
      if (Date.now() - awaySince > HUNG_MS) client.disconnect(true);
    }
  }

  function reportRefusal(reason: string): void {
    if (performance.now() - refusedAt < REFUSALS_MS) return;
    refusedAt = performance.now();
    log.warn({ connection: name, reason }, 'Redis refused a command; going on without it');
  }

  client.on('error', (error) => change('away', reasonOf(error)));
  client.on('close', () => change('away'));
  client.on('ready', () => void probe());
  const timer = setInterval(() => void probe(), PROBE_MS);
  timer.unref();

  const link: RedisLink = {
    client,
    isUp: () => state === 'up',
    async run(task) {
      if (state !== 'up') throw new RedisAwayError(state);
      try {
        return await patience.wait(task(client));
      } catch (error) {
        // A refusal is an answer: Redis is there. So is what is thrown but no error (a limit).
        if (!(error instanceof Error)) throw error;
        if (error.name === 'ReplyError') {
          reportRefusal(error.message);
          throw error;
        }
        lose(error);
        throw new RedisAwayError(error.message);
      }
    },
    send(task) {
      if (client.status === 'ready') void task(client).catch(() => undefined);
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    ready: (ms) => readyIn(link, ms),
    close() {
      state = 'closed';
      clearInterval(timer);
      listeners.clear();
      client.disconnect();
    },
  };
  return link;
}

function readyIn(link: RedisLink, ms: number): Promise<void> {
  if (link.isUp()) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      off();
      resolve();
    };
    const off = link.onChange((isUp) => isUp && done());
    const timer = setTimeout(done, ms);
  });
}

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** A Lua script, sent whole only where Redis does not know it yet. */
export function redisScript(lua: string) {
  const sha = createHash('sha1').update(lua).digest('hex');
  return async (client: Redis, keys: string[], values: (string | number)[]): Promise<unknown> => {
    try {
      return await client.evalsha(sha, keys.length, ...keys, ...values);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return client.eval(lua, keys.length, ...keys, ...values);
    }
  };
}
