import type { Fault } from '../../grounded/verify.ts';
import type { ModelUsage } from './model.ts';

export type ModelCounts = ReturnType<typeof createModelCounts>;

/** What was spent on models, and what became of their sentences; for metrics. */
export function createModelCounts() {
  const tokens = new Map<string, number>();
  const sentences = new Map<string, number>();
  const add = (to: Map<string, number>, key: string, count: number) =>
    to.set(key, (to.get(key) ?? 0) + count);
  return {
    /** Tokens by direction: `input`, `output`. */
    tokens: tokens as ReadonlyMap<string, number>,
    /** Sentences by what became of them: `shown`, `gone`, or the fault they were dropped for. */
    sentences: sentences as ReadonlyMap<string, number>,
    spend(usage: ModelUsage | null): void {
      if (!usage) return;
      add(tokens, 'input', usage.input);
      add(tokens, 'output', usage.output);
    },
    sentence: (outcome: Fault | 'shown' | 'gone') => void add(sentences, outcome, 1),
  };
}
