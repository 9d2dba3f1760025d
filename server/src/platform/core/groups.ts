import { problem } from './problem.ts';

export interface GroupOptions<T, R> {
  /** Does the work of all of them at once; gives their results in their order. */
  run(items: readonly T[]): Promise<readonly R[]>;
  /** How many groups may be under way; what comes meanwhile gathers for the next. */
  flights: number;
  /** A further one sets off only once the last has been under way for so long (milliseconds). */
  spareAfterMs?: number;
  /** Most items, and most weight, of one group; an item alone may weigh more. */
  maxItems: number;
  maxWeight?: number;
  weigh?(item: T): number;
  /** Beyond so many waiting items, further ones are refused. */
  maxWaiting: number;
  /** Longest wait for a group, in milliseconds; without end unless given. */
  patienceMs?: number;
}

interface Waiting<T, R> {
  item: T;
  /** When it came (performance.now). */
  since: number;
  resolve(result: R): void;
  reject(error: unknown): void;
}

type Outcome<R> = { results: readonly R[] } | { error: unknown };

export interface Groups<T, R> {
  /**
   * The item's own result, once its group is done. Its work begins after this call, never before.
   * @throws busy when too many wait, or for too long; what `run` throws, for every item of that group
   */
  add(item: T): Promise<R>;
  /** Whether nothing waits and nothing is under way. */
  readonly isIdle: boolean;
}

function handOut<T, R>(group: readonly Waiting<T, R>[], outcome: Outcome<R>): void {
  for (const [n, { resolve, reject }] of group.entries()) {
    if ('results' in outcome) resolve(outcome.results[n] as R);
    else reject(outcome.error);
  }
}

const busy = () => problem('busy', { retryAfter: 1 });

/**
 * Gathers calls into groups: at rest a call is a group of its own and starts at once, under load
 * those that wait for the ones before them go together. In the order of the calls.
 */
export function createGroups<T, R>(options: GroupOptions<T, R>): Groups<T, R> {
  const { run, flights, maxItems, maxWaiting, patienceMs = Infinity, spareAfterMs = 0 } = options;
  const waiting: Waiting<T, R>[] = [];
  let underWay = 0;
  let startedAt = -Infinity;

  /**
   * The next group, after one of so many. Where only one is under way at a time, half of all who come
   * again and again: while the database works for one half, the other is answered and asks anew. All
   * together would be followed by one alone, and each side would wait for the other.
   */
  function take(before: number): Waiting<T, R>[] {
    const tooOld = performance.now() - patienceMs;
    while (waiting[0] && waiting[0].since < tooOld) waiting.shift()?.reject(busy());
    const { maxWeight = Infinity, weigh = () => 1 } = options;
    const most = flights > 1 ? maxItems : Math.min(maxItems, (waiting.length + before) / 2);
    let weight = 0;
    let count = 0;
    for (const { item } of waiting) {
      weight += weigh(item);
      if (count > 0 && (count >= most || weight > maxWeight)) break;
      count += 1;
    }
    return waiting.splice(0, count);
  }

  async function fly(): Promise<void> {
    underWay += 1;
    // A turn later: what arrived in the same turn goes together.
    await Promise.resolve();
    let group = take(0);
    let results = group.length > 0 ? begin(group) : null;
    while (results) {
      const outcome = await results;
      // The next one sets off before the results of this one are handed out.
      const next = take(group.length);
      results = next.length > 0 ? begin(next) : null;
      handOut(group, outcome);
      group = next;
    }
    underWay -= 1;
  }

  const mayFly = () =>
    underWay === 0 || (underWay < flights && performance.now() - startedAt >= spareAfterMs);

  async function begin(group: readonly Waiting<T, R>[]): Promise<Outcome<R>> {
    startedAt = performance.now();
    try {
      const results = await run(group.map(({ item }) => item));
      if (results.length !== group.length) throw new Error('A group gave other results than items');
      return { results };
    } catch (error) {
      return { error };
    }
  }

  return {
    add(item) {
      if (waiting.length >= maxWaiting) {
        return Promise.reject(busy());
      }
      return new Promise((resolve, reject) => {
        waiting.push({ item, since: performance.now(), resolve, reject });
        if (mayFly()) void fly();
      });
    },
    get isIdle() {
      return waiting.length === 0 && underWay === 0;
    },
  };
}
