/**
 * ROUGE-1 and ROUGE-2 (Lin 2004) as in shared/data/BASELINES.md: lower case, runs of a–z and 0–9,
 * Porter stems of tokens longer than three characters, F1 of clipped n-grams, times 100.
 */
import { stem } from '../../server/src/platform/text/stem.ts';

export interface Rouge {
  r1: number;
  r2: number;
}

export function rougeTokens(text: string): string[] {
  const tokens = text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return tokens.map((token) => (token.length > 3 ? stem(token) : token));
}

function grams(tokens: string[], n: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (let i = 0; i + n <= tokens.length; i++) {
    const gram = tokens.slice(i, i + n).join(' ');
    counts.set(gram, (counts.get(gram) ?? 0) + 1);
  }
  return counts;
}

function f1(candidate: string[], reference: string[], n: number): number {
  const a = grams(candidate, n);
  const b = grams(reference, n);
  let common = 0;
  for (const [gram, count] of a) common += Math.min(count, b.get(gram) ?? 0);
  if (common === 0) return 0;
  const precision = common / (candidate.length - n + 1);
  const recall = common / (reference.length - n + 1);
  return (200 * precision * recall) / (precision + recall);
}

/** The best of several references, for each measure on its own. */
export function rouge(candidate: string, references: string[]): Rouge {
  const tokens = rougeTokens(candidate);
  const best: Rouge = { r1: 0, r2: 0 };
  for (const reference of references.map(rougeTokens)) {
    best.r1 = Math.max(best.r1, f1(tokens, reference, 1));
    best.r2 = Math.max(best.r2, f1(tokens, reference, 2));
  }
  return best;
}

export function mean(scores: Rouge[]): Rouge {
  const sum = (key: keyof Rouge) => scores.reduce((total, score) => total + score[key], 0);
  return { r1: sum('r1') / scores.length, r2: sum('r2') / scores.length };
}
