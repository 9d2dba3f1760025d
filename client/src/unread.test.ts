import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ReadMark } from '@teambrain/contract/unread.ts';
import { countOf, mentionsOf, noteDeletion, noteMessage, readTo, takeMark } from './unread.ts';

const mark = (change: Partial<ReadMark>): ReadMark => ({
  spaceId: 'space',
  threadId: null,
  seq: 0,
  version: 1,
  unread: 0,
  mentions: 0,
  head: 0,
  ...change,
});
const message = (seq: number) => ({ id: `m${seq}`, seq });

it('a message counts once, whether it was counted by the server or told by the log', () => {
  let state = takeMark(undefined, mark({ seq: 3, unread: 2, head: 6 }));
  for (const seq of [5, 6, 7, 7, 8]) state = noteMessage(state, message(seq));
  expect(countOf(state)).toBe(4);
  // An answer that was on its way longer than the events is completed by them.
  state = takeMark(state, mark({ seq: 5, unread: 1, head: 7 }));
  expect(countOf(state)).toBe(2);
});

it('an answer from before is not taken over one from later, nor over what was read here', () => {
  const state = takeMark(undefined, mark({ seq: 3, unread: 5, head: 9 }));
  expect(takeMark(state, mark({ seq: 3, unread: 1, head: 5 }))).toBe(state);
  const read = readTo(state, 8, { left: 1, head: 9 });
  expect(countOf(read)).toBe(1);
  expect(takeMark(read, mark({ seq: 5, unread: 4, head: 9 }))).toBe(read);
  const back = takeMark(read, mark({ seq: 1, version: 2, unread: 6, head: 9 }));
  expect([back.seq, countOf(back)]).toEqual([1, 6]);
  expect(takeMark(back, mark({ seq: 9, version: 1, unread: 0, head: 9 }))).toBe(back);
});

it('mentions are what the server counted, and never more than what is left', () => {
  let state = takeMark(undefined, mark({ seq: 3, unread: 5, mentions: 3, head: 9 }));
  state = noteMessage(state, message(10));
  expect([countOf(state), mentionsOf(state)]).toEqual([6, 3]);
  expect(mentionsOf(readTo(state, 8, { left: 2, head: 10 }))).toBe(2);
  const read = readTo(state, 10, { left: 0, head: 10 });
  expect(mentionsOf(read)).toBe(0);
  expect(mentionsOf(takeMark(read, mark({ seq: 10, head: 10 })))).toBe(0);
  expect(mentionsOf(noteMessage(takeMark(read, mark({ seq: 10, head: 10 })), message(11)))).toBe(0);
});

it('a deletion of what came since lowers the count; of what was counted only the server knows', () => {
  let state = takeMark(undefined, mark({ seq: 3, unread: 2, head: 6 }));
  state = noteMessage(noteMessage(state, message(6)), message(7));
  const known = noteDeletion(state, 'm7');
  expect([countOf(known.state), known.isUnsure]).toEqual([2, false]);
  expect(noteDeletion(state, 'm6').isUnsure).toBe(true);
  expect(noteDeletion(state, 'm4').isUnsure).toBe(true);
  const none = takeMark(undefined, mark({ seq: 6, head: 6 }));
  expect(noteDeletion(none, 'm4').isUnsure).toBe(false);
});

it('however events, answers and reading come between each other, the count is that of the log', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('post' as const), own: fc.boolean() }),
    fc.record({ kind: fc.constant('answer' as const), age: fc.nat(5) }),
    fc.record({ kind: fc.constant('read' as const), by: fc.nat(4) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const log: boolean[] = [];
      const others = (from: number, to: number) => log.slice(from, to).filter(Boolean).length;
      let state = takeMark(undefined, mark({}));
      for (const one of steps) {
        if (one.kind === 'post') {
          log.push(!one.own);
          if (!one.own) state = noteMessage(state, message(log.length));
        } else if (one.kind === 'answer') {
          const head = Math.max(0, log.length - one.age);
          const seq = Math.min(state.seq, head);
          state = takeMark(state, mark({ seq, head, unread: others(seq, head) }));
        } else {
          const seq = Math.min(log.length, state.seq + one.by);
          state = readTo(state, seq, { left: others(seq, log.length), head: log.length });
        }
        expect(countOf(state)).toBe(others(state.seq, log.length));
      }
    }),
  );
});
