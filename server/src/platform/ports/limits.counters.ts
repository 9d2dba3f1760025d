import {
  limitsWith,
  type LimitName,
  type LimitOverrides,
  type LimitPolicy,
} from '@teambrain/contract/limit.ts';
import { chain, together, type MaybePromise } from '../core/maybe-promise.ts';
import type { Hold, Limits, LimitState } from './limits.ts';

/** What a key has used in its window, and the milliseconds until that ends. */
export interface Count {
  used: number;
  msLeft: number;
}

/** Counts per key in fixed windows, each from a key's first use on. */
export interface Counter {
  add(key: string): MaybePromise<Count>;
  /** Takes one use back. */
  subtract(key: string): MaybePromise<unknown>;
  /** Lets the key's window last for so many seconds from now on. */
  prolong(key: string, seconds: number): MaybePromise<Count>;
  delete(key: string): MaybePromise<unknown>;
}

/** Makes a counter with windows of `duration` seconds, of which `quota` is the most that is allowed. */
export type OpenCounter = (name: string, quota: number, duration: number) => Counter;

/** Takes one of `width` places of a key, wherever those are counted. */
export type TakePlace = (key: string, width: number) => Promise<Hold>;

interface Bucket {
  quota: number;
  window: number;
  counter: Counter;
  /** How often in a row the quota was used up, where waits grow. */
  strikes: { counter: Counter; growsTo: number } | null;
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
    async giveBack(policy, key) {
      for (const { counter } of buckets.get(policy) ?? []) await counter.subtract(key);
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

function takeFromAll(own: readonly Bucket[], key: string): MaybePromise<LimitState> {
  return chain(together(own.map((bucket) => takeFrom(bucket, key))), (states) => {
    const isAllowed = states.every((state) => state.isAllowed);
    if (isAllowed) return states.reduce((a, b) => (b.remaining < a.remaining ? b : a));
    // Trying again makes sense once no bucket is empty.
    const empty = states.filter(({ remaining }) => remaining === 0);
    const longest = empty.reduce((a, b) => (b.resetSeconds > a.resetSeconds ? b : a));
    return { ...longest, isAllowed };
  });
}

function takeFrom(bucket: Bucket, key: string): MaybePromise<LimitState> {
  const { quota, window, counter } = bucket;
  return chain(counter.add(key), (count) => {
    const isAllowed = count.used <= quota;
    return chain(isAllowed ? count : strike(bucket, key, count), ({ used, msLeft }) => ({
      isAllowed,
      quota,
      window,
      remaining: Math.max(0, quota - used),
      resetSeconds: Math.max(1, Math.ceil(msLeft / 1000)),
    }));
  });
}

/** The first refusal of a window is a strike; from the second strike on it lasts longer. */
function strike(bucket: Bucket, key: string, refusal: Count): MaybePromise<Count> {
  const { quota, window, counter, strikes } = bucket;
  if (!strikes || refusal.used !== quota + 1) return refusal;
  return chain(strikes.counter.add(key), ({ used: times }) =>
    times > 1
      ? counter.prolong(key, Math.min(strikes.growsTo, window * 2 ** (times - 1)))
      : refusal,
  );
}
