import { ProblemError, ResponseError } from '@teambrain/client/errors.ts';
import type { Arrival, Attempt, Mark, Op, OpKind, Probe, Read, Stream } from '../history.ts';
import { Names, Tape } from './tape.ts';

/** What the clients of a run write down as it happens. */
export interface Recorder {
  /** Milliseconds of the run's one clock. */
  now(): number;
  ops: Op[];
  /** Posts whose own event has not come yet, by message. */
  posts: Map<string, Op>;
  reads: Read[];
  probes: Probe[];
  counts: { resets: number; pulls: number; deduplicated: number };
  begin(what: Pick<Op, 'client' | 'user' | 'kind' | 'space' | 'subject' | 'text'>): Op;
  /** Begins to write down what a client knows of a space; gives what marks it. */
  follow(stream: Omit<Stream, 'marks'>): MarkStream;
  arrived(arrival: Omit<Arrival, 'at'>): void;
  /** What was written down of streams and arrivals. */
  heard(): { streams: Stream[]; arrivals: Arrival[] };
}

export type MarkStream = (mark: Mark['mark'], seq: number, event?: string) => void;

const MARKS: Mark['mark'][] = ['start', 'apply', 'reset', 'removed', 'stop'];

export function createRecorder(now: () => number): Recorder {
  const ops: Op[] = [];
  const posts = new Map<string, Op>();
  return {
    now,
    ops,
    posts,
    reads: [],
    probes: [],
    counts: { resets: 0, pulls: 0, deduplicated: 0 },
    begin(what) {
      const op: Op = {
        n: ops.length,
        ...what,
        invoke: now(),
        end: null,
        outcome: 'info',
        seq: null,
        version: null,
        code: null,
        isCut: false,
        attempts: [],
      };
      ops.push(op);
      if (op.kind === 'post') posts.set(op.subject, op);
      return op;
    },
    ...createTapes(now),
  };
}

/** Of what comes by the million. */
function createTapes(now: () => number): Pick<Recorder, 'follow' | 'arrived' | 'heard'> {
  const names = new Names();
  const streams: Omit<Stream, 'marks'>[] = [];
  const marks = new Tape(5);
  const arrivals = new Tape(5);
  return {
    follow(stream) {
      const n = streams.push(stream) - 1;
      return (mark, seq, event = '') =>
        marks.push([n, now(), MARKS.indexOf(mark), seq, names.numberOf(event)]);
    },
    arrived({ client, user, space, seq }) {
      arrivals.push([client, now(), seq, names.numberOf(user), names.numberOf(space)]);
    },
    heard() {
      const found: Stream[] = streams.map((stream) => ({ ...stream, marks: [] }));
      for (const [n = 0, at = 0, kind = 0, seq = 0, event] of marks) {
        const mark = MARKS[kind] ?? 'stop';
        const what = mark === 'apply' ? { event: names.nameOf(event) } : {};
        found[n]?.marks.push({ at, mark, seq, ...what });
      }
      const arrived: Arrival[] = [];
      for (const [client = 0, at = 0, seq = 0, user, space] of arrivals) {
        arrived.push({ client, user: names.nameOf(user), space: names.nameOf(space), seq, at });
      }
      return { streams: found, arrivals: arrived };
    },
  };
}

/** What an answer means for whether the write happened. */
export function resultOf(error: unknown): Attempt['result'] {
  if (error instanceof ProblemError || error instanceof ResponseError) {
    if (error.status === 429) return 'limited';
    return error.status < 500 && error instanceof ProblemError ? 'refused' : 'unknown';
  }
  return 'unknown';
}

export const statusOf = (error: unknown): number | null =>
  error instanceof ProblemError || error instanceof ResponseError ? error.status : null;

interface Numbered {
  seq?: number;
  version?: number;
}

/** Makes one request of an operation and writes down how it went. Rethrows what it fails with. */
export async function attempt<T>(
  { now, counts }: Recorder,
  op: Op,
  request: () => Promise<T>,
): Promise<T> {
  const one: Attempt = { at: now(), end: 0, status: null, result: 'unknown' };
  op.attempts.push(one);
  try {
    const answer = await request();
    one.result = 'ok';
    settle(op, now(), answer ?? {}, counts);
    return answer;
  } catch (error) {
    one.result = resultOf(error);
    one.status = statusOf(error);
    if (one.result === 'refused') refuse(op, now(), error);
    throw error;
  } finally {
    one.end = now();
  }
}

function settle(op: Op, at: number, { seq, version }: Numbered, counts: Recorder['counts']): void {
  const wasMaybeDone = op.attempts.some(({ result, end }) => result === 'unknown' && end > 0);
  if (op.outcome === 'ok' || (wasMaybeDone && op.kind === 'post')) counts.deduplicated += 1;
  if (op.outcome === 'ok') {
    // Two answers to one write must be the same one.
    if (seq !== undefined && op.seq !== null && seq !== op.seq) op.code = `second-seq-${seq}`;
    return;
  }
  op.outcome = 'ok';
  op.end = at;
  op.seq = seq ?? null;
  op.version = version ?? null;
}

/** A refusal says that nothing was done, unless an earlier request may have been. */
function refuse(op: Op, at: number, error: unknown): void {
  if (op.outcome === 'ok') return;
  const mayBeDone = op.attempts.some(({ result, end }) => result === 'unknown' && end > 0);
  const isRunning = op.attempts.filter(({ end }) => end === 0).length > 1;
  op.end = at;
  op.code = error instanceof ProblemError ? error.problem.code : null;
  op.outcome = mayBeDone || isRunning ? 'info' : 'fail';
}

export const opsOf = (ops: readonly Op[], ...kinds: OpKind[]) =>
  ops.filter(({ kind }) => kinds.includes(kind));
