import { RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';
import {
  limitsWith,
  type LimitName,
  type LimitOverrides,
  type LimitPolicy,
} from '@teambrain/contract/limit.ts';
import type { Hold, Limits, LimitState } from './limits.ts';

/** Makes a counter that allows `points` per `duration` seconds and key. */
export type OpenCounter = (name: string, points: number, duration: number) => RateLimiterAbstract;

/** Takes one of `width` places of a key, wherever those are counted. */
export type TakePlace = (key: string, width: number) => Promise<Hold>;

interface Bucket {
  quota: number;
  window: number;
  counter: RateLimiterAbstract;
  /** How often in a row the quota was used up, where waits grow. */
  strikes: { counter: RateLimiterAbstract; growsTo: number } | null;
}

/** How the table differs from the built-in one. */
export interface LimitOptions {
  /** Multiplies every quota, of which at least one request is left (load tests, seeds, stand-ins). */
  factor?: number | undefined;
  /** An administrator's numbers. */
  overrides?: LimitOverrides | undefined;
}

/** How long strikes are remembered, in seconds; longer than any wait they lead to. */
const MEMORY = 86_400;
const NO_BOUND: Hold = { isAllowed: true, release: () => Promise.resolve() };

/** The table of policies over counters, wherever those count. */
export function createLimits(
  open: OpenCounter,
  takePlace: TakePlace,
  { factor = 1, overrides = {} }: LimitOptions,
): Limits {
  const policies = limitsWith(overrides);
  const buckets = new Map<LimitName, Bucket[]>();
  for (const [name, policy] of Object.entries(policies) as [LimitName, LimitPolicy][]) {
    const { burst, growsTo } = policy;
    const parts = [openBucket(open, name, factor, policy, growsTo)];
    if (burst) parts.push(openBucket(open, `${name}:burst`, factor, burst));
    buckets.set(name, parts);
  }

  return {
    take(policy, key) {
      const own = buckets.get(policy) ?? [];
      const [only] = own;
      if (!only) throw new Error(`No rate-limit policy ${policy}`);
      return own.length === 1 ? takeFrom(only, key) : takeFromAll(own, key);
    },
    enter(policy, key) {
      const { atOnce } = policies[policy];
      if (atOnce === undefined) return Promise.resolve(NO_BOUND);
      return takePlace(`${policy}:${key}`, Math.ceil(atOnce * factor));
    },
    async forgive(policy, key) {
      for (const { counter, strikes } of buckets.get(policy) ?? []) {
        await counter.delete(key);
        await strikes?.counter.delete(key);
      }
    },
    close: () => Promise.resolve(),
  };
}

function openBucket(
  open: OpenCounter,
  name: string,
  factor: number,
  { quota, window }: { quota: number; window: number },
  growsTo?: number,
): Bucket {
  const points = Math.ceil(quota * factor);
  return {
    quota: points,
    window,
    counter: open(name, points, window),
    strikes:
      growsTo === undefined ? null : { growsTo, counter: open(`${name}:strikes`, 1, MEMORY) },
  };
}

async function takeFromAll(own: readonly Bucket[], key: string): Promise<LimitState> {
  const states = await Promise.all(own.map((bucket) => takeFrom(bucket, key)));
  const isAllowed = states.every((state) => state.isAllowed);
  if (isAllowed) return states.reduce((a, b) => (b.remaining < a.remaining ? b : a));
  // Trying again makes sense once no bucket is empty.
  const empty = states.filter(({ remaining }) => remaining === 0);
  const longest = empty.reduce((a, b) => (b.resetSeconds > a.resetSeconds ? b : a));
  return { ...longest, isAllowed };
}

async function takeFrom(bucket: Bucket, key: string): Promise<LimitState> {
  const { quota, window, counter } = bucket;
  const state = (result: RateLimiterRes, isAllowed: boolean): LimitState => ({
    isAllowed,
    quota,
    window,
    remaining: Math.max(0, result.remainingPoints),
    resetSeconds: Math.max(1, Math.ceil(result.msBeforeNext / 1000)),
  });
  try {
    return state(await counter.consume(key), true);
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return state(await prolong(bucket, key, refusal), false);
    throw refusal;
  }
}

/** The first refusal of a window is a strike; from the second strike on it lasts longer. */
async function prolong(bucket: Bucket, key: string, refusal: RateLimiterRes) {
  const { quota, window, counter, strikes } = bucket;
  if (!strikes || refusal.consumedPoints !== quota + 1) return refusal;
  const { consumedPoints: count } = await strikes.counter.penalty(key);
  const wait = Math.min(strikes.growsTo, window * 2 ** (count - 1));
  return count > 1 ? counter.block(key, wait) : refusal;
}
