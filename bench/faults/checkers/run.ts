import { allKinds } from '../schedule.ts';
import { groupBy, judge, type Checker } from './verdict.ts';

const MAX_RSS = 512;

/** CK13: memory and files stay bounded, and no process ends or stumbles that was not made to. */
export const resources: Checker = ({ samples, exits, alarms, start, end }) => {
  const violations = alarms.map((line) => `alarm: ${line}`);
  for (const { instance, at, how, isExpected } of exits) {
    if (!isExpected)
      violations.push(`${instance} ended by itself (${how}) at ${Math.round(at)} ms`);
  }
  const rss = Math.max(0, ...samples.map(({ rssMiB }) => rssMiB));
  for (const { instance, rssMiB, at } of samples) {
    if (rssMiB > MAX_RSS) violations.push(`${instance} used ${rssMiB} MiB at ${Math.round(at)} ms`);
  }
  const growth: string[] = [];
  for (const [name, own] of groupBy(samples, ({ instance, pid }) => `${instance} (${pid})`)) {
    // Only a process that saw most of the run has a beginning and an end to compare.
    const span = (own.at(-1)?.at ?? 0) - (own[0]?.at ?? 0);
    if (span < (end - start) * 0.5 || span < 60_000) continue;
    const quarter = Math.ceil(own.length / 4);
    const median = (list: typeof own) =>
      list.map(({ files }) => files).sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0;
    const [before, after] = [median(own.slice(0, quarter)), median(own.slice(-quarter))];
    growth.push(`${before}→${after}`);
    // A balancer spreads sockets unevenly after each fault: a leak grows far beyond that.
    if (after > before * 2 + 100)
      violations.push(`${name} had ${before} files open, then ${after}`);
  }
  const figures = `at most ${rss} MiB, files ${growth.join(' ') || 'not compared (short run)'}, ${exits.length} ends`;
  return judge('CK13', 'resources', violations, figures);
};

/** CK14: what the run is about did happen; otherwise it proves nothing. */
export const exercised: Checker = ({ mechanisms, faults, profile, ops }, { optional }) => {
  const violations: string[] = [];
  for (const [name, count] of Object.entries(mechanisms)) {
    if (count === 0 && !optional.includes(name)) violations.push(`${name} never happened`);
  }
  if (profile === 'standard') {
    for (const kind of allKinds) {
      if (!faults.some((fault) => fault.kind === kind)) violations.push(`${kind} never happened`);
    }
    if (faults.length < 30) violations.push(`only ${faults.length} faults`);
  }
  if (!ops.some(({ outcome }) => outcome === 'ok'))
    violations.push('nothing was ever acknowledged');
  const figures = Object.entries(mechanisms).map(([name, count]) => `${name} ${count}`);
  return judge('CK14', 'exercised', violations, figures.join(', '));
};

/** CK15: no invariant of the stored data is broken. */
export const doctor: Checker = ({ final }) => {
  const violations = final.findings
    .filter(({ count }) => count !== 0)
    .map(({ check, count }) => `${check}: ${count}`);
  if (final.findings.length === 0) violations.push('nothing was examined');
  return judge('CK15', 'doctor', violations, `${final.findings.length} checks`);
};
