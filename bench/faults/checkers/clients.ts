import type { History, LoggedEvent } from '../history.ts';
import { digestOfMessages } from '../clients/state.ts';
import { groupBy, judge, round, type Checker } from './verdict.ts';

/** CK4: what a client applied has no hole and no second run, and is what the log holds there. */
export const contiguous: Checker = ({ streams, final }) => {
  const violations: string[] = [];
  const ids = new Map(final.events.map(({ space, seq, id }) => [`${space} ${seq}`, id]));
  let count = 0;
  for (const { client, space, marks } of streams) {
    let cursor = 0;
    for (const { mark, seq, event } of marks) {
      if (mark === 'start' || mark === 'reset') cursor = seq;
      if (mark !== 'apply') continue;
      count += 1;
      const what = seq > cursor + 1 ? 'skipped' : seq <= cursor ? 'repeated or reordered' : null;
      if (what) violations.push(`client ${client} ${what}: ${seq} after ${cursor} in ${space}`);
      else if (ids.get(`${space} ${seq}`) !== event) {
        violations.push(`client ${client} applied another event as ${seq} of ${space}`);
      }
      cursor = seq;
    }
  }
  return judge('CK4', 'skipped, repeated, reordered', violations, `${count} events applied`);
};

/** CK5: after the faults every client's state is that of the database, within 10 s. */
export const convergence: Checker = ({ final }, { slack }) => {
  const violations: string[] = [];
  const bySpace = groupBy(final.messages, ({ space }) => space);
  for (const { client, space, floor, digest, isFresh } of final.digests) {
    const kept = (bySpace.get(space) ?? []).filter((one) => one.inStream && one.seq >= floor);
    if (digestOfMessages(kept) === digest) continue;
    violations.push(`${isFresh ? 'a fresh client' : `client ${client}`} differs in ${space}`);
  }
  const within = 10_000 * slack;
  const { convergedMs } = final;
  if (convergedMs === null || convergedMs > within)
    violations.push(`not the same within ${within} ms`);
  const figures = `${final.digests.length} states, the same after ${round((convergedMs ?? NaN) / 1000)} s`;
  return judge('CK5', 'convergence', violations, figures);
};

interface Absence {
  /** No event after this seq may reach them … */
  from: number;
  /** … before this one, at which they joined again. */
  to: number;
}

/** When each person was no member of each space, by the log alone. */
export function absencesIn(events: readonly LoggedEvent[]): Map<string, Absence[]> {
  const absences = new Map<string, Absence[]>();
  const members = new Map<string, Set<string>>();
  const owners = new Map<string, string>();
  const end = (space: string, user: string, seq: number) => {
    const own = absences.get(`${space} ${user}`) ?? [];
    own.push({ from: seq, to: Infinity });
    absences.set(`${space} ${user}`, own);
    members.get(space)?.delete(user);
  };
  for (const { space, type, user, actor, seq, everyoneJoinsAnew } of events) {
    if (type === 'space.created' && actor) owners.set(space, actor);
    if (type === 'member.joined' && user) {
      const last = absences.get(`${space} ${user}`)?.at(-1);
      if (last) last.to = seq;
      members.set(space, (members.get(space) ?? new Set()).add(user));
    } else if ((type === 'member.left' || type === 'member.removed') && user) {
      end(space, user, seq);
    } else if (type === 'space.password-changed' && everyoneJoinsAnew) {
      for (const member of [...(members.get(space) ?? [])]) {
        if (member !== owners.get(space)) end(space, member, seq);
      }
    }
  }
  return absences;
}

/**
 * CK7: who lost a space receives no later event of it and writes none; nobody receives a word of a
 * space that they may not read; an ended session opens nothing.
 */
export const authorization: Checker = (history) => {
  const { final, arrivals, probes, ops } = history;
  const violations: string[] = [];
  const absences = absencesIn(final.events);
  const absentAt = (space: string, user: string, seq: number) =>
    absences.get(`${space} ${user}`)?.find(({ from, to }) => seq > from && seq < to);
  for (const { space, seq, actor, type } of final.events) {
    if (actor && type !== 'member.joined' && absentAt(space, actor, seq)) {
      violations.push(`${seq} of ${space} was written by someone who had lost it`);
    }
  }
  const notBefore = commitBounds(history);
  const joins = groupBy(
    ops.filter(({ kind, outcome }) => kind === 'join' && outcome !== 'fail'),
    ({ space, user }) => `${space} ${user}`,
  );
  const isProtected = new Set(
    final.spaces.flatMap(({ id, visibility }) => (visibility === 'protected' ? [id] : [])),
  );
  const everJoined = new Set(
    final.events.flatMap(({ type, space, user }) =>
      type === 'member.joined' ? [`${space} ${user}`] : [],
    ),
  );
  for (const { client, user, space, seq, at } of arrivals) {
    if (!isProtected.has(space)) continue;
    if (!everJoined.has(`${space} ${user}`)) {
      violations.push(`client ${client} received ${space}, where they never were`);
      continue;
    }
    const absence = seq < 0 ? undefined : absentAt(space, user, seq);
    if (!absence) continue;
    // Whoever joined again may read what was written meanwhile, but not before they joined.
    const lossAt = notBefore(space, absence.from);
    const own = joins.get(`${space} ${user}`) ?? [];
    const starts = own.flatMap(({ invoke, end }) => ((end ?? Infinity) >= lossAt ? [invoke] : []));
    const joinedAt = Math.max(notBefore(space, absence.to), Math.min(Infinity, ...starts));
    if (at < joinedAt)
      violations.push(`client ${client} received ${seq} of ${space} after losing it`);
  }
  for (const { age, isAccepted } of probes) {
    if (isAccepted) violations.push(`a session was accepted ${Math.round(age)} ms after its end`);
  }
  const figures = `${arrivals.length} arrivals, ${absences.size} members shut out, ${probes.length} old tokens tried`;
  return judge('CK7', 'foreign', violations, figures);
};

/**
 * The earliest an event can have been committed: after every write that stands before it began.
 * What never happened (`Infinity`) is committed never.
 */
function commitBounds({ ops, final }: History): (space: string, seq: number) => number {
  const bounds = new Map<string, number[]>();
  for (const { id, lastSeq } of final.spaces) bounds.set(id, Array<number>(lastSeq + 2).fill(0));
  for (const { kind, space, seq, invoke } of ops) {
    const own = bounds.get(space);
    if (kind === 'post' && own && seq !== null) own[seq + 1] = Math.max(own[seq + 1] ?? 0, invoke);
  }
  for (const own of bounds.values()) {
    for (let at = 1; at < own.length; at += 1) own[at] = Math.max(own[at] ?? 0, own[at - 1] ?? 0);
  }
  return (space, seq) => (seq === Infinity ? Infinity : (bounds.get(space)?.[seq] ?? 0));
}

/** CK8: whatever was acknowledged is there in a read that begins later, through any instance. */
export const readYourWrites: Checker = ({ reads }) => {
  const stale = reads.filter(({ result }) => result === 'stale');
  const violations = stale.map(({ client, subject }) => `client ${client} did not find ${subject}`);
  const answered = reads.filter(({ result }) => result !== 'unanswered').length;
  return judge('CK8', 'stale reads', violations, `${answered} reads`);
};
