import type { History } from '../history.ts';

/** What a checker says of a history. Checkers are pure: the history is all they look at. */
export interface Verdict {
  id: string;
  what: string;
  isOk: boolean;
  /** The figures it rests on, in words. */
  detail: string;
  /** The first few violations. */
  examples: string[];
}

export type Checker = (history: History, limits: Limits) => Verdict;

/** How the figures of time and size are judged. */
export interface Limits {
  /** Multiplies every time limit: 1 on an idle machine. */
  slack: number;
  /** Mechanisms that need not have been at work (CK14), as the profile cannot bring them about. */
  optional: readonly string[];
  /** Checkers whose figures are shown and not judged: one process alone is away while it starts. */
  unjudged: readonly string[];
}

export const strict: Limits = { slack: 1, optional: [], unjudged: [] };

const SHOWN = 5;

/** A verdict that holds when there is no violation. */
export function judge(id: string, what: string, violations: string[], figures = ''): Verdict {
  const count = `${violations.length} violations`;
  return {
    id,
    what,
    isOk: violations.length === 0,
    detail: figures ? `${count}; ${figures}` : count,
    examples: violations.slice(0, SHOWN),
  };
}

/** The value below which `share` of the sorted values lie; 0 of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

export const round = (value: number) => Math.round(value * 10) / 10;

export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
