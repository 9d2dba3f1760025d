/** Rows of the quality table, and what they are computed with. */

export interface Row {
  set: string;
  measure: string;
  /** The product's figure. */
  value: number;
  /** At least (or, with `isCeiling`, at most) so much. */
  target?: number;
  isCeiling?: boolean;
  /** Other systems on the same questions. */
  others?: Record<string, number>;
}

const shown = (value: number) => (value >= 10 ? value.toFixed(1) : value.toFixed(3));

/** The table in Markdown. */
export function tableOf(rows: readonly Row[]): string {
  const lines = rows.map(({ set, measure, value, target, isCeiling, others }) => {
    const goal = target === undefined ? '' : `${isCeiling ? '≤' : '≥'} ${target}`;
    const isHeld = target === undefined || (isCeiling ? value <= target : value >= target);
    const beside = Object.entries(others ?? {}).map(([name, other]) => `${name} ${shown(other)}`);
    const verdict = target === undefined ? '' : isHeld ? 'yes' : 'no';
    return `| ${[set, measure, shown(value), goal, verdict, beside.join(', ')].join(' | ')} |`;
  });
  const head =
    '| set | measure | TeamBrain | target | held | beside it |\n| --- | --- | --- | --- | --- | --- |';
  return [head, ...lines].join('\n');
}

export const meanOf = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

/** nDCG@10 with linear gains, as shared/data/BASELINES.md has it. */
export function ndcg(ranked: readonly string[], relevant: ReadonlyMap<string, number>): number {
  const gain = (grades: number[]) =>
    grades.reduce((sum, grade, place) => sum + grade / Math.log2(place + 2), 0);
  const ideal = [...relevant.values()].sort((a, b) => b - a).slice(0, 10);
  return gain(ranked.slice(0, 10).map((id) => relevant.get(id) ?? 0)) / gain(ideal);
}

/** The chance that one of the first list scores above one of the second. */
export function auroc(positive: readonly number[], negative: readonly number[]): number {
  let wins = 0;
  for (const a of positive) for (const b of negative) wins += a > b ? 1 : a === b ? 0.5 : 0;
  return wins / Math.max(1, positive.length * negative.length);
}
