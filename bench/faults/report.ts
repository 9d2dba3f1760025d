import { percentile, type Verdict } from './checkers/verdict.ts';
import { recoveryTimes } from './checkers/times.ts';
import type { History } from './history.ts';
import { faultKinds } from './profiles.ts';

const seconds = (milliseconds: number) => (milliseconds / 1000).toFixed(1);

/** The table of a run, as lines of text. */
export function describeRun(history: History, verdicts: readonly Verdict[]): string[] {
  return [
    '',
    `Run ${history.profile}, seed ${history.seed}, ${seconds(history.end - history.start)} s`,
    ...describeTraffic(history),
    '',
    ...describeFaults(history),
    '',
    ...verdicts.flatMap(describeVerdict),
    '',
    describeCounts(verdicts),
  ];
}

function describeTraffic({ ops, streams, arrivals, mechanisms }: History): string[] {
  const by = (outcome: string) => ops.filter((op) => op.outcome === outcome).length;
  const delivered = streams.reduce(
    (sum, { marks }) => sum + marks.filter(({ mark }) => mark === 'apply').length,
    0,
  );
  const requests = ops.reduce((sum, { attempts }) => sum + attempts.length, 0);
  return [
    `Operations ${ops.length} (ok ${by('ok')}, refused ${by('fail')}, unknown ${by('info')}), requests ${requests}`,
    `Of them ${describeMix(ops)}`,
    `Events delivered ${delivered}, arrived on the wire ${arrivals.length}, resets ${mechanisms.resets}`,
  ];
}

/** What was acknowledged besides posts and edits. */
function describeMix(ops: History['ops']): string {
  const of = (is: (op: History['ops'][number]) => boolean) =>
    ops.filter((op) => op.outcome === 'ok' && is(op)).length;
  return [
    `replies ${of((op) => op.root !== undefined)}`,
    `reactions ${of((op) => op.kind === 'react')}`,
    `read marks ${of((op) => op.kind === 'read-mark')}`,
    `files ${of((op) => op.file !== undefined)}`,
    `deletions ${of((op) => op.kind === 'delete')}`,
  ].join(', ');
}

function describeFaults(history: History): string[] {
  const times = recoveryTimes(history);
  const lines = [
    'fault   times  what                                                    writes again  caught up p95 / max',
  ];
  for (const [kind, what] of Object.entries(faultKinds)) {
    const own = history.faults.filter((fault) => fault.kind === kind);
    if (own.length === 0) continue;
    const alone = times.filter(({ fault }) => fault.kind === kind);
    const health = Math.max(0, ...alone.map((one) => one.health));
    const caughtUp = alone.flatMap((one) => one.caughtUp);
    const figures =
      alone.length === 0
        ? 'not measured (another followed at once)'
        : `${seconds(health).padStart(6)} s      ${seconds(percentile(caughtUp, 0.95))} / ${seconds(percentile(caughtUp, 1))} s`;
    lines.push(
      `${kind.padEnd(6)} ${String(own.length).padStart(5)}  ${what.slice(0, 56).padEnd(56)} ${figures}`,
    );
  }
  lines.push(
    `${history.faults.length} faults of ${new Set(history.faults.map(({ kind }) => kind)).size} kinds`,
  );
  return lines;
}

function describeVerdict({ id, what, isOk, detail, examples }: Verdict): string[] {
  const line = `${isOk ? 'ok    ' : 'FAILED'} ${id.padEnd(5)} ${what.padEnd(28)} ${detail}`;
  return [line, ...examples.map((example) => `         ${example}`)];
}

function describeCounts(verdicts: readonly Verdict[]): string {
  const count = (id: string) =>
    /^(\d+)/.exec(verdicts.find((verdict) => verdict.id === id)?.detail ?? '')?.[1] ?? '?';
  const failed = verdicts.filter(({ isOk }) => !isOk).map(({ id }) => id);
  const counts = `lost ${count('CK1')}, doubled ${count('CK2')}, reordered ${count('CK4')}, foreign ${count('CK7')}`;
  return `${counts}; ${failed.length === 0 ? 'every checker holds' : `FAILED: ${failed.join(', ')}`}`;
}
