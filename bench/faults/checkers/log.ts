import type { History, LoggedEvent, Op } from '../history.ts';
import { groupBy, judge, type Checker } from './verdict.ts';

const posted = ({ type }: LoggedEvent) => type === 'message.posted';

/** The event that an acknowledged write made, if it is in the log. */
function eventFinder({ final }: History) {
  const bySubject = groupBy(final.events, ({ space, subject }) => `${space} ${subject}`);
  return (op: Op): LoggedEvent | undefined => {
    const events = bySubject.get(`${op.space} ${op.subject}`) ?? [];
    switch (op.kind) {
      case 'post':
        return events.find((event) => posted(event) && event.clientId === op.subject);
      case 'delete':
        return events.find(({ type }) => type === 'message.deleted');
      case 'edit':
      case 'entry':
      case 'entry-edit':
        return events.find(({ version }) => version === op.version);
      case 'remove':
      case 'leave':
      case 'join': {
        const type = { remove: 'member.removed', leave: 'member.left', join: 'member.joined' };
        return events.find((event) => event.type === type[op.kind as keyof typeof type]);
      }
      default:
        return final.events.find(
          (event) => event.space === op.space && event.type === 'space.password-changed',
        );
    }
  };
}

/** What leaves no event of its own: of sessions; and what CK17 to CK19 look for. */
const ELSEWHERE = new Set<Op['kind']>(['logout-all', 'react', 'read-mark', 'upload']);

/** CK1: every acknowledged write is in the database and has reached every live, authorised client. */
export const lost: Checker = (history) => {
  const violations: string[] = [];
  const find = eventFinder(history);
  const acked = history.ops.filter(({ outcome, kind }) => outcome === 'ok' && !ELSEWHERE.has(kind));
  for (const op of acked) {
    const event = find(op);
    if (!event) violations.push(`op ${op.n} (${op.kind}) was acknowledged and is not in the log`);
    else if (op.kind === 'post' && op.seq !== event.seq) {
      violations.push(`op ${op.n} was acknowledged as ${op.seq} and is ${event.seq}`);
    }
    if (op.code?.startsWith('second-seq')) violations.push(`op ${op.n} has two places: ${op.code}`);
  }
  const heads = new Map(history.final.spaces.map(({ id, lastSeq }) => [id, lastSeq]));
  for (const { client, space, cursor } of history.final.digests) {
    const head = heads.get(space) ?? 0;
    if (cursor < head)
      violations.push(`client ${client} stands at ${cursor} of ${head} in ${space}`);
  }
  return judge('CK1', 'lost', violations, `${acked.length} acknowledged`);
};

/** CK2: a write makes one event, however often it was sent, and a client applies an event once. */
export const doubled: Checker = ({ ops, streams, final }) => {
  const violations: string[] = [];
  const known = groupBy(final.events.filter(posted), (e) => `${e.actor} ${e.clientId}`);
  for (const [key, events] of known) {
    if (events.length > 1) violations.push(`${key} made ${events.length} events`);
  }
  // The words name the operation, so a second event under another id is found as well.
  const said = groupBy(
    final.events.filter((event) => posted(event) && event.text),
    ({ text }) => text ?? '',
  );
  for (const [text, events] of said) {
    if (events.length > 1)
      violations.push(`“${text.slice(41, 55)}” was posted ${events.length} times`);
  }
  for (const { client, space, marks } of streams) {
    const applied = new Set<string>();
    for (const { mark, event, seq } of marks) {
      if (mark === 'reset') applied.clear();
      if (event === undefined) continue;
      if (applied.has(event)) violations.push(`client ${client} applied ${seq} of ${space} twice`);
      applied.add(event);
    }
  }
  const again = ops.filter(({ attempts }) => attempts.length > 1).length;
  return judge('CK2', 'doubled', violations, `${again} writes sent more than once`);
};

/** CK3: seq is 1 to n in each space, and versions of a thing grow by one with its words. */
export const logOrder: Checker = ({ final }) => {
  const violations: string[] = [];
  const bySpace = groupBy(final.events, ({ space }) => space);
  for (const { id, lastSeq } of final.spaces) {
    const events = bySpace.get(id) ?? [];
    events.forEach(({ seq }, index) => {
      if (seq !== index + 1) violations.push(`${id}: ${seq} stands where ${index + 1} should`);
    });
    if (lastSeq !== events.length) {
      violations.push(`${id}: the counter says ${lastSeq}, the log holds ${events.length}`);
    }
    const versions = new Map<string, number>();
    for (const { subject, version, seq, type } of events) {
      if (!subject || version === null || !/^(?:message|entry)\./.test(type)) continue;
      const before = versions.get(subject) ?? 0;
      const isOfWords = !/^(?:entry\.(?:moved|deleted|restored)|message\.(?:reacted|pinned))$/.test(
        type,
      );
      if (version !== before + (isOfWords ? 1 : 0))
        violations.push(`${id} ${seq}: version ${version} after ${before}`);
      versions.set(subject, version);
    }
  }
  return judge('CK3', 'log order', violations, `${final.events.length} events`);
};

/** CK6: nothing is shown or stored that nobody sent; what was refused never appears. */
export const phantoms: Checker = ({ ops, streams, final }) => {
  const violations: string[] = [];
  const writes = new Map(ops.flatMap((op) => (op.text ? [[op.text, op]] : [])));
  for (const { text, seq, space, type } of final.events) {
    if (!text || !type.startsWith('message.')) continue;
    const op = writes.get(text);
    if (!op) violations.push(`${space} ${seq} says what nobody wrote`);
    else if (op.outcome === 'fail')
      violations.push(`op ${op.n} was refused and is ${seq} of ${space}`);
  }
  const stored = new Map(final.events.map(({ id, space, seq }) => [id, `${space} ${seq}`]));
  for (const { client, space, marks } of streams) {
    for (const { event, seq } of marks) {
      if (event === undefined || stored.get(event) === `${space} ${seq}`) continue;
      violations.push(`client ${client} was shown ${seq} of ${space}, which is not in the log`);
    }
  }
  const unknown = ops.filter(({ outcome }) => outcome === 'info').length;
  return judge('CK6', 'phantoms', violations, `${unknown} writes of unknown outcome`);
};

/** CK9: what was acknowledged before another write began stands before it in the log. */
export const realTime: Checker = (history) => {
  const violations: string[] = [];
  const find = eventFinder(history);
  const kinds = ['post', 'edit', 'entry', 'entry-edit'];
  const placed = history.ops.flatMap((op) => {
    const event = op.outcome === 'ok' && kinds.includes(op.kind) ? find(op) : undefined;
    return event && op.end !== null ? [{ op, end: op.end, seq: event.seq }] : [];
  });
  for (const own of groupBy(placed, ({ op }) => op.space).values()) {
    const byEnd = [...own].sort((a, b) => a.end - b.end);
    const byStart = [...own].sort((a, b) => a.op.invoke - b.op.invoke);
    let at = 0;
    let latest: (typeof own)[number] | null = null;
    for (const { op, seq } of byStart) {
      for (let done = byEnd[at]; done && done.end < op.invoke; done = byEnd[++at]) {
        if (!latest || done.seq > latest.seq) latest = done;
      }
      if (latest && latest.seq > seq) {
        violations.push(
          `op ${latest.op.n} (${latest.seq}) was over before op ${op.n} (${seq}) began`,
        );
      }
    }
  }
  return judge('CK9', 'real-time order', violations, `${placed.length} writes placed`);
};
