import type { Measured } from './drive.ts';

export interface Line {
  what: string;
  /** What TeamBrain gave, what the baseline gave (if there is one), both written out. */
  figure: string;
  baseline?: string;
  ratio?: number;
  /** The least ratio that is aimed at. */
  target?: number;
}

const whole = (value: number) => Math.round(value).toLocaleString('en');
export const ms = (value: number) => `${value < 10 ? value.toFixed(1) : whole(value)} ms`;
export const kib = (bytes: number) => `${(bytes / 1024).toFixed(0)} KiB`;

/** A rate and the spread of its latencies. */
export const spread = ({ perSecond, p50, p95, p99 }: Measured) =>
  `${whole(perSecond)}/s (p50 ${ms(p50)}, p95 ${ms(p95)}, p99 ${ms(p99)})`;
export const latencies = ({ p50, p95, p99 }: Measured) =>
  `p50 ${ms(p50)}, p95 ${ms(p95)}, p99 ${ms(p99)}`;
export const rate = (perSecond: number) => `${whole(perSecond)}/s`;

/** Lines as a Markdown table. */
export function table(lines: readonly Line[]): string {
  const rows = lines.map(({ what, figure, baseline = '', ratio, target }) => {
    const aim = target === undefined ? '' : `≥ ${target} ${isMet({ ratio, target }) ? '✓' : '✗'}`;
    return `| ${what} | ${figure} | ${baseline} | ${ratio?.toFixed(2) ?? ''} | ${aim} |`;
  });
  return [
    '| what | TeamBrain | baseline | ratio | target |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

export const isMet = ({ ratio, target }: { ratio: number | undefined; target: number }) =>
  ratio !== undefined && ratio >= target;
