import type { FaultRecord, History, Op, Stream } from '../history.ts';
import type { FaultKind } from '../profiles.ts';
import { judge, percentile, round, type Checker } from './verdict.ts';

const APP: FaultKind[] = ['X1', 'X2', 'X3', 'X14'];
const REDIS: FaultKind[] = ['X4', 'X5', 'X6', 'X10', 'X21', 'X22'];
const DATABASE: FaultKind[] = ['X7', 'X8', 'X9', 'X15', 'X19'];
/** What the server does not notice, or must not: no trace of it is excused. */
const HARMLESS: FaultKind[] = ['X13', 'X17', 'X18', 'X22'];
/** A short run has too little calm for a 99th percentile. */
const ENOUGH = 100;
/** Milliseconds after a fault in which its traces are no surprise: what CK10 leaves for recovery. */
const AFTERMATH = 10_000;

/** The times between one fault's end and the next one's start, if only one was under way. */
function recoveries({ faults, end }: History): { fault: FaultRecord; until: number }[] {
  const ordered = [...faults].sort((a, b) => a.start - b.start);
  return ordered.flatMap((fault) => {
    const others = ordered.filter((other) => other !== fault && !HARMLESS.includes(other.kind));
    if (others.some((other) => other.start <= fault.end && other.end >= fault.end)) return [];
    const next = others.find(({ start }) => start > fault.end);
    const until = Math.min(next?.start ?? end, fault.end + 30_000);
    return until - fault.end >= 2_000 ? [{ fault, until }] : [];
  });
}

/** Milliseconds after `from` until 99 % of the requests that begin from then on are answered well. */
function timeToHealth(ops: readonly Op[], from: number, until: number): number {
  const tries = ops
    .filter(({ isCut }) => !isCut)
    .flatMap(({ attempts }) => attempts)
    .filter(({ at }) => at >= from && at < until)
    .sort((a, b) => a.at - b.at);
  let bad = 0;
  let health = tries.length > 0 ? until - from : 0;
  for (let n = tries.length - 1; n >= 0; n -= 1) {
    if (tries[n]?.result === 'unknown') bad += 1;
    if (bad <= (tries.length - n) * 0.01) health = n === 0 ? 0 : (tries[n]?.at ?? from) - from;
  }
  return health;
}

/** Milliseconds after `from` until the stream held what the log held then; null: it was away. */
function timeToCatchUp({ marks }: Stream, from: number, head: number): number | null {
  const first = marks[0];
  const last = marks.at(-1);
  if (!first || first.at > from) return null;
  if (last && last.mark !== 'apply' && last.mark !== 'reset' && last.at < from + 15_000)
    return null;
  // An event that leaves this stream behind for good counts as never.
  const reached = marks.find(
    ({ seq, mark }) => seq >= head && mark !== 'stop' && mark !== 'removed',
  );
  return reached ? Math.max(0, reached.at - from) : Infinity;
}

/** Milliseconds to health and to catching up after each fault that stood alone. */
export function recoveryTimes(history: History) {
  const { ops, streams } = history;
  return recoveries(history).map(({ fault, until }) => {
    const heads = new Map<string, number>();
    for (const { space, seq, end } of ops) {
      if (seq !== null && end !== null && end < fault.end) {
        heads.set(space, Math.max(heads.get(space) ?? 0, seq));
      }
    }
    const caughtUp = streams
      .filter(({ isSlow }) => !isSlow)
      .map((stream) => timeToCatchUp(stream, fault.end, heads.get(stream.space) ?? 0))
      .filter((time) => time !== null);
    return { fault, health: timeToHealth(ops, fault.end, until), caughtUp };
  });
}

/** CK10: writes succeed again and clients have caught up soon after each fault. */
export const recovery: Checker = (history, { slack }) => {
  const violations: string[] = [];
  const times = recoveryTimes(history);
  const all = times.flatMap(({ caughtUp }) => caughtUp);
  for (const { fault, health, caughtUp } of times) {
    const name = `${fault.kind} at ${Math.round(fault.start / 1000)} s`;
    if (health > 20_000 * slack) violations.push(`${name}: writes again after ${health} ms`);
    const worst = Math.max(0, ...caughtUp);
    if (worst > 15_000 * slack) violations.push(`${name}: a client caught up after ${worst} ms`);
  }
  const health = times.map((one) => one.health);
  const usual = percentile(health, 0.95);
  if (usual > 10_000 * slack) violations.push(`95 % of faults: writes again after ${usual} ms`);
  const p95 = percentile(all, 0.95);
  if (p95 > 5_000 * slack) violations.push(`95 % of clients caught up after ${Math.round(p95)} ms`);
  const seconds = (values: number[], share: number) => round(percentile(values, share) / 1000);
  const figures =
    `${times.length} faults alone; writes again p50 ${seconds(health, 0.5)} p95 ${seconds(health, 0.95)} ` +
    `max ${seconds(health, 1)} s; caught up p50 ${seconds(all, 0.5)} p95 ${seconds(all, 0.95)} max ${seconds(all, 1)} s`;
  return judge('CK10', 'recovery', violations, figures);
};

const during = (faults: readonly FaultRecord[], kinds: readonly FaultKind[]) => {
  const own = faults.filter(({ kind }) => kinds.includes(kind));
  const others = faults.filter(({ kind }) => ![...kinds, ...HARMLESS].includes(kind));
  const isIn = (list: readonly FaultRecord[], at: number, margin: number) =>
    list.some(({ start, end }) => at >= start && at <= end + margin);
  return (at: number) => isIn(own, at, 0) && !isIn(others, at, AFTERMATH);
};

/**
 * CK11: while an instance or Redis fails, 99 % of operations succeed within 5 s and 95 % of
 * deliveries take no longer than 3 s in any space; while PostgreSQL fails, every request is answered within 5 s.
 */
export const availability: Checker = (history, { slack }) => {
  const { ops, faults } = history;
  const violations: string[] = [];
  const within = 5_000 * slack;
  const isApp = during(faults, [...APP, ...REDIS]);
  const isWell = ({ outcome, end, invoke }: Op) =>
    outcome !== 'info' && end !== null && end - invoke <= within;
  const app = ops.filter(({ invoke }) => isApp(invoke));
  const bad = app.filter((op) => !isWell(op));
  const share = app.length > 0 ? 1 - bad.length / app.length : 1;
  if (share < 0.99) {
    violations.push(`${bad.length} of ${app.length} operations did not succeed in ${within} ms`);
  }
  const isDatabase = during(faults, DATABASE);
  const tries = ops.flatMap(({ attempts }) => attempts).filter(({ at }) => isDatabase(at));
  const hung = tries.filter(({ at, end }) => end === 0 || end - at > within);
  for (const { at, end } of hung) {
    violations.push(
      `a request at ${Math.round(at)} ms took ${end === 0 ? 'for ever' : Math.round(end - at)}`,
    );
  }
  // Whatever is away, that is said as such: 503 and when to come again.
  for (const { n, kind, attempts } of ops) {
    if (attempts.some(({ status }) => status === 500))
      violations.push(`op ${n} (${kind}) was answered 500`);
  }
  const late = lateDeliveries(history, during(faults, REDIS), 3_000 * slack);
  violations.push(...late.slow);
  const figures =
    `${app.length} operations in instance and Redis faults, ${round(share * 100)} % in time; ` +
    `${tries.length} requests in PostgreSQL faults, ${hung.length} late; ` +
    `${late.count} deliveries in Redis faults, p95 ${round(late.p95 / 1000)} s in the slowest space`;
  return judge('CK11', 'availability', violations, figures);
};

/**
 * From acknowledgement to each live client, space by space: a busy space is mended by its own next
 * event, a quiet one only by those who look. `slow`: spaces of which 5 % took longer than `within`.
 */
function lateDeliveries(history: History, isMeant: (at: number) => boolean, within: number) {
  const slow: string[] = [];
  let p95 = 0;
  let count = 0;
  for (const { id } of history.final.spaces) {
    const streams = history.streams.filter(({ space }) => space === id);
    const times = deliveryTimes({ ...history, streams }, isMeant);
    const own = percentile(times, 0.95);
    count += times.length;
    p95 = Math.max(p95, own);
    if (own > within)
      slow.push(`5 % of deliveries in ${id} took longer than ${Math.round(own)} ms`);
  }
  return { slow, p95, count };
}

/** Milliseconds from the acknowledgement of a message to each client that was live then. */
function deliveryTimes({ ops, streams }: History, isMeant: (at: number) => boolean): number[] {
  const acked = new Map<string, number>();
  for (const { kind, space, seq, end } of ops) {
    if (kind === 'post' && seq !== null && end !== null && isMeant(end))
      acked.set(`${space} ${seq}`, end);
  }
  const times: number[] = [];
  for (const { space, marks, isSlow } of streams) {
    const first = marks[0];
    if (!first || isSlow) continue;
    for (const { mark, seq, at } of marks) {
      if (mark !== 'apply') continue;
      const end = acked.get(`${space} ${seq}`);
      // Who came later was not live then.
      if (end !== undefined && first.at < end - 5_000) times.push(Math.max(0, at - end));
    }
  }
  return times;
}

/** CK12: without a fault, and once recovered from the last one (CK10), answers and deliveries are quick. */
export const latency: Checker = (history, { slack }) => {
  const { ops, faults } = history;
  const violations: string[] = [];
  const isCalm = (at: number) =>
    at - history.start > 3_000 &&
    faults.every(({ start, end }) => at < start - 1_000 || at > end + AFTERMATH);
  const acks = ops.flatMap(({ attempts }) =>
    attempts.flatMap(({ at, end, result }) => (result === 'ok' && isCalm(at) ? [end - at] : [])),
  );
  const deliveries = deliveryTimes(history, isCalm);
  const ack = percentile(acks, 0.99);
  const delivery = percentile(deliveries, 0.99);
  const isJudged = acks.length >= ENOUGH;
  if (isJudged && ack > 250 * slack) {
    violations.push(`1 % of answers took longer than ${Math.round(ack)} ms`);
  }
  if (isJudged && delivery > 500 * slack) {
    violations.push(`1 % of deliveries took longer than ${Math.round(delivery)} ms`);
  }
  const figures = `${acks.length} answers p50 ${round(percentile(acks, 0.5))} p99 ${round(ack)} ms; ${deliveries.length} deliveries p50 ${round(percentile(deliveries, 0.5))} p99 ${round(delivery)} ms`;
  return judge('CK12', 'latency in calm', violations, figures);
};
