/** What a measured loop gave; latencies in milliseconds. */
export interface Measured {
  perSecond: number;
  p50: number;
  p95: number;
  p99: number;
}

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** The value below which `share` of the sorted numbers lie. */
const quantile = (sorted: readonly number[], share: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

export function summary(latencies: number[], seconds: number): Measured {
  const sorted = latencies.toSorted((a, b) => a - b);
  return {
    perSecond: latencies.length / seconds,
    p50: quantile(sorted, 0.5),
    p95: quantile(sorted, 0.95),
    p99: quantile(sorted, 0.99),
  };
}

/**
 * A closed loop: `workers` that do one operation after the other for `seconds`, after a warm-up
 * that is not counted. A failed operation ends the measurement.
 */
export async function drive(
  workers: number,
  seconds: number,
  operation: (worker: number) => Promise<void>,
): Promise<Measured> {
  const latencies: number[] = [];
  const from = performance.now() + Math.min(500, seconds * 200);
  const until = from + seconds * 1000;
  await Promise.all(
    Array.from({ length: workers }, async (_, worker) => {
      for (let start = performance.now(); start < until;) {
        await operation(worker);
        const end = performance.now();
        if (start >= from && end <= until) latencies.push(end - start);
        start = end;
      }
    }),
  );
  return summary(latencies, seconds);
}

/** The middle one by rate of several runs of the same measurement. */
export function middle(runs: readonly Measured[]): Measured {
  const sorted = runs.toSorted((a, b) => a.perSecond - b.perSecond);
  const chosen = sorted[Math.floor((sorted.length - 1) / 2)];
  if (!chosen) throw new Error('Nothing was measured');
  return chosen;
}
