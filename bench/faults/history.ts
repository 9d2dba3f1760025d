import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import type { FaultKind } from './profiles.ts';

/**
 * What happened in a run, as Jepsen writes it down: each operation with its invocation and end.
 * Times are milliseconds of the driver's one monotonic clock, so that "before" can be decided.
 */
export type OpKind =
  | 'post'
  | 'edit'
  | 'delete'
  | 'entry'
  | 'entry-edit'
  | 'remove'
  | 'leave'
  | 'join'
  | 'password'
  | 'logout-all'
  | 'react'
  | 'read-mark'
  | 'upload';

/** `info`: nobody knows; it may have happened once or not at all. */
export type Outcome = 'ok' | 'fail' | 'info';

/** One request of an operation. `unknown`: no answer, or one (5xx) that does not say. */
export interface Attempt {
  at: number;
  end: number;
  status: number | null;
  result: 'ok' | 'refused' | 'limited' | 'unknown';
}

export interface Op {
  n: number;
  client: number;
  user: string;
  kind: OpKind;
  space: string;
  /** The message, entry or member it is about. */
  subject: string;
  /** What a post or an edit says; unique, as it names the operation. */
  text: string | null;
  invoke: number;
  end: number | null;
  outcome: Outcome;
  /** Of an `ok` write: the message's seq, the thing's version. */
  seq: number | null;
  version: number | null;
  /** The problem's code of a refusal. */
  code: string | null;
  /** Its answer was cut off on purpose, so that a try without an answer is no failure. */
  isCut: boolean;
  attempts: Attempt[];
  /** Of a reply: the message it answers. */
  root?: string;
  /** Of a post: the file it carries. */
  file?: { id: string; sha256: string };
  /** Of a reaction. */
  emoji?: string;
  on?: boolean;
  /** Of a read mark: the seq that was told; `seq` is what the answer said. */
  told?: number;
}

/** A read through another instance than the one that acknowledged. */
export interface Read {
  client: number;
  space: string;
  subject: string;
  at: number;
  end: number;
  /** `unanswered` when the read failed; that says nothing. */
  result: 'fresh' | 'stale' | 'unanswered';
}

/** A token or right that had ended was tried again: it must be refused. */
export interface Probe {
  what: 'ended-session';
  at: number;
  /** Milliseconds since its end was acknowledged, and how long it may still work. */
  age: number;
  grace: number;
  isAccepted: boolean;
}

/** `start`, `reset`, `skip`: the state is that of `seq`; `apply`: one event; others: no more comes. */
export interface Mark {
  at: number;
  mark: 'start' | 'apply' | 'reset' | 'removed' | 'stop';
  seq: number;
  /** Of an applied event. */
  event?: string;
}

/** What one client knew of one space, in order. */
export interface Stream {
  client: number;
  user: string;
  space: string;
  isSlow: boolean;
  marks: Mark[];
}

/** What arrived on a client's wire, before the SDK looked at it: `seq` of `space` (-1: unknown). */
export interface Arrival {
  client: number;
  user: string;
  space: string;
  seq: number;
  at: number;
}

export interface FaultRecord {
  kind: FaultKind;
  target: string;
  start: number;
  /** When everything was put right again, e.g. the process was ready. */
  end: number;
}

export interface Sample {
  at: number;
  instance: string;
  pid: number;
  rssMiB: number;
  files: number;
}

export interface ExitRecord {
  instance: string;
  at: number;
  how: string;
  isExpected: boolean;
}

export interface LoggedEvent {
  space: string;
  seq: number;
  id: string;
  type: string;
  subject: string | null;
  version: number | null;
  actor: string | null;
  clientId: string | null;
  /** Of messages; empty once deleted. */
  text: string | null;
  /** Of memberships: whom it is about. */
  user: string | null;
  everyoneJoinsAnew: boolean;
}

export interface StoredMessage {
  space: string;
  id: string;
  seq: number;
  version: number;
  text: string;
  /** Not a reply, or one that the space shows as well. */
  inStream: boolean;
}

/** A file as it was read at the end. */
export interface FileRead {
  id: string;
  status: number;
  sha256: string;
}

export interface FinalFiles {
  read: FileRead[];
  /** Files of deleted messages whose bytes are there a minute later. */
  left: number;
  /** Files in the store that no row knows. */
  strays: number;
}

export interface StoredSpace {
  id: string;
  visibility: 'public' | 'protected';
  lastSeq: number;
  owner: string;
}

/** A client's state of a space at the end: of messages with a seq from `floor` on. */
export interface Digest {
  client: number;
  space: string;
  floor: number;
  digest: string;
  cursor: number;
  isFresh: boolean;
}

export interface Finding {
  check: string;
  count: number;
}

export interface FinalState {
  /** In the order of space and seq. */
  events: LoggedEvent[];
  spaces: StoredSpace[];
  messages: StoredMessage[];
  reactions: { message: string; user: string; emoji: string }[];
  marks: { space: string; user: string; seq: number }[];
  files: FinalFiles;
  digests: Digest[];
  /** Milliseconds until every live client had everything; null: not within the time. */
  convergedMs: number | null;
  findings: Finding[];
}

/** Things that must have happened, or the run proves nothing. */
export interface Mechanisms {
  gapsRepaired: number;
  retriesDeduplicated: number;
  resets: number;
  pulls: number;
  hintsTampered: number;
}

export interface History {
  seed: number;
  profile: string;
  /** From the first operation to the last. */
  start: number;
  end: number;
  ops: Op[];
  reads: Read[];
  probes: Probe[];
  streams: Stream[];
  arrivals: Arrival[];
  faults: FaultRecord[];
  samples: Sample[];
  exits: ExitRecord[];
  /** Lines of an instance's output that no fault explains (unhandled rejections, broken contracts). */
  alarms: string[];
  mechanisms: Mechanisms;
  final: FinalState;
}

/** Writes a history as JSON lines: one per operation start and end, fault, stream and so on. */
export async function saveHistory(history: History, path: string): Promise<void> {
  const out = createWriteStream(path);
  const write = (line: object) => out.write(`${JSON.stringify(line)}\n`);
  const { seed, profile, start, end, ops, final, streams, arrivals, ...lists } = history;
  write({ type: 'run', seed, profile, start, end, mechanisms: history.mechanisms });
  const lines: { at: number; line: object }[] = [];
  for (const op of ops) {
    const { invoke, end: ended, outcome, attempts, seq, version, code, ...what } = op;
    lines.push({ at: invoke, line: { type: 'invoke', at: invoke, ...what } });
    const at = ended ?? end;
    lines.push({ at, line: { type: outcome, at, n: op.n, seq, version, code, attempts } });
  }
  for (const fault of lists.faults) {
    lines.push({ at: fault.start, line: { type: 'fault', ...fault } });
  }
  for (const read of lists.reads) lines.push({ at: read.at, line: { type: 'read', ...read } });
  for (const probe of lists.probes) lines.push({ at: probe.at, line: { type: 'probe', ...probe } });
  for (const exit of lists.exits) lines.push({ at: exit.at, line: { type: 'exit', ...exit } });
  for (const { line } of lines.sort((a, b) => a.at - b.at)) write(line);
  for (const alarm of lists.alarms) write({ type: 'alarm', alarm });
  for (const stream of streams) write({ type: 'stream', ...stream });
  for (const sample of lists.samples) write({ type: 'sample', ...sample });
  for (const arrival of arrivals) write({ type: 'arrival', ...arrival });
  for (const event of final.events) write({ type: 'event', event });
  for (const digest of final.digests) write({ type: 'digest', ...digest });
  write({ type: 'final', convergedMs: final.convergedMs, findings: final.findings });
  out.end();
  await once(out, 'finish');
}
