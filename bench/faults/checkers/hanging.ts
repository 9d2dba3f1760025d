import type { History, Op } from '../history.ts';
import { groupBy, judge, type Checker } from './verdict.ts';

/** Whether an operation may have been done, by an answer or by a request that got none. */
const mayBeDone = ({ outcome, attempts }: Op) =>
  outcome !== 'fail' || attempts.some(({ result }) => result === 'unknown');

/** Messages that were deleted, or may have been. */
const deletedIn = ({ ops }: History) =>
  new Set(ops.filter((op) => op.kind === 'delete' && mayBeDone(op)).map(({ subject }) => subject));

/**
 * CK17: a reaction that was acknowledged is there, one taken back is not, and none is there that
 * nobody chose. Of requests without an answer both may be so.
 */
export const reactions: Checker = (history) => {
  const { ops, final } = history;
  const violations: string[] = [];
  const keyOf = (message: string, user: string, emoji = '') => `${message} ${user} ${emoji}`;
  const stored = new Set(final.reactions.map((one) => keyOf(one.message, one.user, one.emoji)));
  const deleted = deletedIn(history);
  const chosen = groupBy(
    ops.filter(({ kind }) => kind === 'react'),
    ({ subject, user, emoji }) => keyOf(subject, user, emoji),
  );
  let settled = 0;
  for (const [key, own] of chosen) {
    const isThere = stored.has(key);
    const last = own.findLast(({ outcome }) => outcome === 'ok');
    const unsure = own.filter(({ outcome, attempts }) =>
      outcome === 'info' ? true : attempts.some(({ result }) => result === 'unknown'),
    );
    const allowed = new Set([last?.on ?? false, ...unsure.map(({ on }) => on ?? false)]);
    if (allowed.size === 1) settled += 1;
    if (allowed.has(isThere) || (!isThere && deleted.has(own[0]?.subject ?? ''))) continue;
    violations.push(
      `${key}: ${isThere ? 'is there, taken back' : 'was acknowledged, is not there'}`,
    );
  }
  for (const key of stored) if (!chosen.has(key)) violations.push(`${key}: nobody chose it`);
  return judge('CK17', 'reactions', violations, `${chosen.size} chosen, ${settled} certain`);
};

/** CK18: a read mark is where its reader said or further on, and never goes back. */
export const readMarks: Checker = ({ ops, final }) => {
  const violations: string[] = [];
  const told = ops.filter(({ kind, outcome }) => kind === 'read-mark' && outcome === 'ok');
  const stored = new Map(final.marks.map(({ space, user, seq }) => [`${space} ${user}`, seq]));
  for (const [key, own] of groupBy(told, ({ space, user }) => `${space} ${user}`)) {
    for (const op of own) {
      const before = own.filter(({ end }) => end !== null && end < op.invoke);
      const least = Math.max(op.told ?? 0, ...before.map(({ seq }) => seq ?? 0));
      if ((op.seq ?? 0) >= least) continue;
      violations.push(`op ${op.n}: the mark of ${key} is ${op.seq}, and was ${least}`);
    }
    const most = Math.max(...own.map(({ seq }) => seq ?? 0));
    const now = stored.get(key);
    if (now !== undefined && now < most) violations.push(`${key} ends at ${now}, and was ${most}`);
  }
  return judge('CK18', 'read marks', violations, `${told.length} marks told`);
};

/**
 * CK19: a file whose message was acknowledged is read as it was sent; one of a deleted message by
 * nobody, and its bytes are gone within a minute.
 */
export const files: Checker = (history) => {
  const { ops, final } = history;
  const violations: string[] = [];
  const deleted = deletedIn(history);
  const gone = new Set(
    ops.filter((op) => op.kind === 'delete' && op.outcome === 'ok').map(({ subject }) => subject),
  );
  const read = new Map(final.files.read.map((one) => [one.id, one]));
  const posted = ops.filter((op) => op.file && op.outcome === 'ok');
  let whole = 0;
  for (const { n, subject, file } of posted) {
    const found = read.get(file?.id ?? '');
    if (!found) continue;
    if (gone.has(subject)) {
      if (found.status !== 404) violations.push(`op ${n}: deleted, and answered ${found.status}`);
    } else if (!deleted.has(subject)) {
      whole += 1;
      if (found.status !== 200) violations.push(`op ${n}: its file is answered ${found.status}`);
      else if (found.sha256 !== file?.sha256) violations.push(`op ${n}: its file is another`);
    }
  }
  const { left, strays } = final.files;
  if (left > 0) violations.push(`${left} files of deleted messages are there after a minute`);
  if (strays > 0) violations.push(`${strays} files in the store belong to nothing`);
  const figures = `${posted.length} posted, ${whole} read whole, ${posted.length - whole} others`;
  return judge('CK19', 'files', violations, figures);
};
