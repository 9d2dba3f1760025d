import { describe, expect, it } from 'vitest';
import type { FaultRecord, History, Op } from '../history.ts';
import { checkers, judgeAll } from './all.ts';
import { goodHistory, ids, logged, mark, operation } from './example.ts';
import { strict, type Verdict } from './verdict.ts';

const at = <T>(list: readonly T[], index: number): T => {
  const item = list.at(index);
  if (item === undefined) throw new Error(`The example has no item ${index}`);
  return item;
};

/** What is said of the good history once it was spoiled; only the `id`'s verdict. */
function spoil(id: string, change: (history: History) => void): Verdict {
  const history = goodHistory();
  change(history);
  const verdict = judgeAll(history, strict).find((one) => one.id === id);
  if (!verdict) throw new Error(`There is no ${id}`);
  return verdict;
}

const slow = (op: Op, milliseconds: number) => {
  op.end = op.invoke + milliseconds;
  op.attempts = [{ at: op.invoke, end: op.end, status: null, result: 'ok' }];
};

const databaseFault = (history: History): void => {
  history.faults = [{ kind: 'X8', target: '', start: 90, end: 250 }];
};

/** Each checker's bad histories: what was done to the good one. */
const bad: Record<string, Record<string, (history: History) => void>> = {
  CK1: {
    'an acknowledged message is not in the log': ({ ops }) =>
      void ops.push(operation(9, { seq: 6, text: 'CNRY-space op-9' })),
    'it was acknowledged as another seq': ({ ops }) => void (at(ops, 0).seq = 9),
    'a live client stands before the head': ({ final }) => void (at(final.digests, 0).cursor = 4),
    'two answers to one write differ': ({ ops }) => void (at(ops, 0).code = 'second-seq-9'),
  },
  CK2: {
    'one write made two events': ({ final }) =>
      void final.events.push(logged(6, { clientId: 'message-1', text: 'other' })),
    'the same words stand twice under two ids': ({ final }) =>
      void final.events.push(logged(6, { clientId: 'x', text: at(final.events, 3).text })),
    'a client applied an event twice': ({ streams }) =>
      void at(streams, 0).marks.push(mark(300, 'apply', 5, 'event-space-5')),
  },
  CK3: {
    'a gap': ({ final }) => void (at(final.events, 4).seq = 6),
    'two events in each other’s place': ({ final }) =>
      void ([at(final.events, 3).seq, at(final.events, 4).seq] = [5, 4]),
    'a counter ahead of its log': ({ final }) => void (at(final.spaces, 0).lastSeq = 6),
    'a version left out': ({ final }) => void (at(final.events, 3).version = 2),
  },
  CK4: {
    'a hole': ({ streams }) => void at(streams, 0).marks.splice(1, 1),
    'the wrong order': ({ streams }) =>
      void at(streams, 1)
        .marks.reverse()
        .unshift(mark(0, 'start', 3)),
    'another event under the seq': ({ streams }) =>
      void (at(at(streams, 0).marks, 1).event = 'other'),
  },
  CK5: {
    'a state that differs': ({ final }) => void (at(final.digests, 0).digest = 'other'),
    'never the same': ({ final }) => void (final.convergedMs = null),
    'too late': ({ final }) => void (final.convergedMs = 10_001),
  },
  CK6: {
    'words that nobody wrote': ({ final }) => void (at(final.events, 3).text = 'CNRY-space op-8'),
    'a refused write in the log': ({ ops }) => void (at(ops, 0).outcome = 'fail'),
    'an event shown that is not stored': ({ final }) => void final.events.splice(4, 1),
  },
  CK7: {
    'an event after the removal': ({ arrivals }) =>
      void arrivals.push({ client: 1, user: ids.bob, space: ids.vault, seq: 5, at: 330 }),
    'a word of a space never joined': ({ arrivals }) =>
      void arrivals.push({ client: 2, user: 'user-eve', space: ids.vault, seq: -1, at: 330 }),
    'a write after the removal': ({ final }) => void (at(final.events, 9).actor = ids.bob),
    'an ended session that is accepted': ({ probes }) => void (at(probes, 0).isAccepted = true),
    'an event that came before the member did again': (history) => {
      const { final, arrivals, ops } = history;
      const vault = { space: ids.vault };
      final.events.push(
        logged(6, { ...vault, type: 'member.joined', user: ids.bob, actor: ids.bob }),
      );
      at(final.spaces, 1).lastSeq = 6;
      ops.push(
        operation(6, { ...vault, kind: 'join', user: ids.bob, subject: ids.bob, invoke: 600 }),
      );
      arrivals.push({ client: 1, user: ids.bob, ...vault, seq: 5, at: 590 });
    },
  },
  CK8: { 'a stale read': ({ reads }) => void (at(reads, 0).result = 'stale') },
  CK9: {
    'a later write before an earlier one': ({ ops, final }) => {
      [at(final.events, 3).clientId, at(final.events, 4).clientId] = ['message-2', 'message-1'];
      [at(final.events, 3).subject, at(final.events, 4).subject] = ['message-2', 'message-1'];
      at(ops, 0).seq = 5;
    },
  },
  CK10: {
    'writes that fail long after a fault': (history) => {
      history.end = 60_000;
      for (let n = 0; n < 30; n += 1) {
        const invoke = 1_000 * n + 300;
        const result = n < 21 ? 'unknown' : 'ok';
        const attempts = [{ at: invoke, end: invoke + 5, status: 503, result }] as Op['attempts'];
        history.ops.push(operation(10 + n, { invoke, kind: 'logout-all', attempts }));
      }
    },
    'a client that catches up late': (history) => {
      history.end = 60_000;
      at(at(history.streams, 0).marks, 2).at = 16_000;
    },
  },
  CK11: {
    'operations that take too long in a Redis fault': ({ ops }) => slow(at(ops, 1), 5_001),
    'requests that hang in a PostgreSQL fault': (history) => {
      databaseFault(history);
      slow(at(history.ops, 0), 5_001);
    },
    'a failure that is not said to pass': ({ ops }) =>
      void at(ops, 0).attempts.push({ at: 0, end: 1, status: 500, result: 'unknown' }),
    'events that come late in a Redis fault': ({ ops, streams }) => {
      at(ops, 1).end = 240;
      for (const { marks } of streams) {
        at(marks, 0).at = -5_000;
        at(marks, 2).at = 5_300;
      }
    },
  },
  CK12: {
    'slow answers': ({ ops }) => void ops.push(...calmTraffic(251)),
    'slow deliveries': (history) => {
      history.ops.push(...calmTraffic(10));
      for (const { marks } of history.streams)
        marks.push(mark(31_000, 'apply', 6, 'event-space-6'));
    },
  },
  CK13: {
    'too much memory': ({ samples }) => void (at(samples, 0).rssMiB = 513),
    'an end that nobody caused': ({ exits }) => void (at(exits, 0).isExpected = false),
    'an unhandled rejection': ({ alarms }) => void alarms.push('unhandledRejection'),
    'files that are never closed': (history) => {
      history.end = 400_000;
      history.samples = Array.from({ length: 100 }, (_, n) => ({
        ...at(goodHistory().samples, 0),
        at: n * 4_000,
        files: 30 + n * 5,
      }));
    },
  },
  CK14: {
    'nothing repaired': ({ mechanisms }) => void (mechanisms.gapsRepaired = 0),
    'nothing acknowledged': (history) => void (history.ops = []),
    'a standard run without every fault': (history) => void (history.profile = 'standard'),
  },
  CK15: {
    'a finding': ({ final }) => void (at(final.findings, 0).count = 1),
    'no examination': ({ final }) => void (final.findings = []),
  },
  CK17: {
    'an acknowledged reaction is not there': ({ final }) => void final.reactions.pop(),
    'one that was taken back is there': ({ ops }) =>
      void ops.push(operation(9, { kind: 'react', subject: 'message-2', emoji: '👍', on: false })),
    'one that nobody chose': ({ final }) =>
      void final.reactions.push({ message: 'message-1', user: ids.bob, emoji: '🎉' }),
  },
  CK18: {
    'an answer before what was told': ({ ops }) => void (at(ops, 4).seq = 4),
    'a mark that went back': ({ ops }) => void (at(ops, 5).seq = 4),
    'it is further back at the end': ({ final }) => void (at(final.marks, 0).seq = 3),
  },
  CK19: {
    'a file that is another': ({ final }) => void (at(final.files.read, 0).sha256 = 'b2'),
    'a file that is not there': ({ final }) => void (at(final.files.read, 0).status = 404),
    'a file of a deleted message': ({ ops }) =>
      void ops.push(operation(9, { kind: 'delete', subject: 'message-1' })),
    'bytes that stay': ({ final }) => void (final.files.left = 1),
    'bytes of nothing': ({ final }) => void (final.files.strays = 1),
  },
};

const calm = (milliseconds: number): Op =>
  operation(40, { invoke: 30_000, end: 30_000 + milliseconds, seq: 6 });

/** Enough of it to be judged. */
const calmTraffic = (milliseconds: number): Op[] =>
  Array.from({ length: 100 }, (_, n) => ({ ...calm(milliseconds), n: 50 + n }));

describe('the checkers', () => {
  it('find nothing in a good history', () => {
    const verdicts = judgeAll(goodHistory(), strict);
    expect(verdicts.filter(({ isOk }) => !isOk)).toEqual([]);
    // CK16 plants bugs, in runs of its own.
    const numbers = checkers.map((_, index) => (index < 15 ? index + 1 : index + 2));
    expect(verdicts.map(({ id }) => id)).toEqual(numbers.map((n) => `CK${n}`));
    expect(Object.keys(bad)).toEqual(verdicts.map(({ id }) => id));
  });

  for (const [id, cases] of Object.entries(bad)) {
    it.each(Object.entries(cases))(`${id} finds: %s`, (_, change) => {
      const verdict = spoil(id, change);
      expect(verdict.isOk).toBe(false);
      expect(verdict.examples.length).toBeGreaterThan(0);
    });
  }
});

describe('what is no fault', () => {
  it('a replay of what was written while away, to someone who joined again', () => {
    const verdict = spoil('CK7', ({ final, arrivals, ops }) => {
      const vault = { space: ids.vault };
      final.events.push(
        logged(6, { ...vault, type: 'member.joined', user: ids.bob, actor: ids.bob }),
      );
      at(final.spaces, 1).lastSeq = 6;
      ops.push(operation(6, { ...vault, kind: 'join', user: ids.bob, invoke: 600 }));
      arrivals.push({ client: 1, user: ids.bob, ...vault, seq: 5, at: 640 });
    });
    expect(verdict.examples).toEqual([]);
  });

  it('a write of unknown outcome that is not there, and slow answers during a fault', () => {
    const faults: FaultRecord[] = [{ kind: 'X8', target: '', start: 29_000, end: 31_000 }];
    const change = (history: History) => {
      history.ops.push(operation(9, { outcome: 'info', end: null, text: 'CNRY-space op-9' }));
      history.ops.push(
        ...calmTraffic(400).map((op) => ({ ...op, seq: null, kind: 'logout-all' as const })),
      );
      history.faults = faults;
    };
    for (const id of ['CK1', 'CK6', 'CK12']) expect(spoil(id, change).examples).toEqual([]);
  });

  it('a reset, after which a client goes on elsewhere', () => {
    const verdict = spoil('CK4', ({ streams }) => {
      at(streams, 0).marks.splice(
        1,
        2,
        mark(125, 'reset', 4),
        mark(225, 'apply', 5, 'event-space-5'),
      );
    });
    expect(verdict.examples).toEqual([]);
  });
});
