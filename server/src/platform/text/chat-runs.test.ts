import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chatRunsOf as runsOf, type ChatMessage } from './chat-runs.ts';
import { cutMessage } from './cuts.ts';

const chatRunsOf = (messages: ChatMessage[]) => runsOf(messages, cutMessage);

const words = (count: number) => `${'some plain words here '.repeat(Math.ceil(count / 4)).trim()}.`;

const message = (seq: number, count: number, minute: number): ChatMessage => ({
  id: `m${seq}`,
  seq,
  author: seq % 2 ? 'Ana' : 'Ben',
  text: words(count),
  createdAt: new Date(minute * 60_000),
  version: 1,
});

describe('chatRunsOf', () => {
  it('breaks at about 160 words and at a silence of more than 30 minutes', () => {
    const runs = chatRunsOf([
      ...[0, 1, 2, 3, 4].map((seq) => message(seq, 40, seq)),
      message(5, 8, 34),
      message(6, 8, 65),
    ]);
    expect(runs.map((run) => run.messages.map(({ id }) => id).join(' '))).toEqual([
      'm0 m1 m2 m3',
      'm4 m5',
      'm6',
    ]);
    expect(runs[2]?.text).toBe('Ben: some plain words here some plain words here.');
  });

  it('spreads a very long message over runs of its own', () => {
    const long = { ...message(1, 0, 1), text: `${words(20)} `.repeat(30) };
    const runs = chatRunsOf([message(0, 8, 0), long, message(2, 8, 2)]);
    expect(runs.map((run) => run.messages.map(({ id }) => id).join(' '))).toEqual([
      'm0',
      'm1',
      'm1',
      'm1',
      'm2',
    ]);
    expect(runs.flatMap(({ messages }) => messages.flatMap((m) => m.sentences))).toHaveLength(32);
  });

  const turns = fc.array(fc.tuple(fc.nat(300), fc.nat(40)), { maxLength: 40 }).map((list) => {
    let minute = 0;
    return list.map(([count, gap], seq) => message(seq, count, (minute += gap)));
  });

  it('never changes earlier runs when messages are appended', () => {
    fc.assert(
      fc.property(turns, fc.nat(40), (messages, cut) => {
        const all = chatRunsOf(messages);
        const before = chatRunsOf(messages.slice(0, cut));
        expect(all.slice(0, Math.max(0, before.length - 1))).toEqual(before.slice(0, -1));
      }),
      { numRuns: 50 },
    );
  });

  it('gives the same runs when built again from the first message of any run', () => {
    fc.assert(
      fc.property(turns, (messages) => {
        const all = chatRunsOf(messages);
        for (const [i, run] of all.entries()) {
          const first = run.messages[0]?.seq ?? 0;
          if (all[i - 1]?.messages.at(-1)?.seq === first) continue;
          expect(chatRunsOf(messages.filter(({ seq }) => seq >= first))).toEqual(all.slice(i));
        }
      }),
      { numRuns: 30 },
    );
  });
});
