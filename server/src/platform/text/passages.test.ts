import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chatRunsOf, passagesOf, type ChatMessage } from './passages.ts';
import { countWords } from './words.ts';

const words = (count: number) => `${'some plain words here '.repeat(Math.ceil(count / 4)).trim()}.`;

describe('passagesOf', () => {
  it('gives one empty passage to a document with a title only', () => {
    expect(passagesOf('Wi-Fi password', ' \n')).toEqual([
      { heading: '', text: '', sentences: [], start: 0, end: 0 },
    ]);
    expect(passagesOf(' ', '')).toEqual([]);
  });

  it('merges short siblings under their common path and keeps their headings in the text', () => {
    const markdown = `# Guide\n\n## Ports\n\nUse 8080.\n\n## Paths\n\nUse /data.`;
    const [passage, ...rest] = passagesOf('Guide', markdown);
    expect(rest).toEqual([]);
    expect(passage).toMatchObject({ heading: '', text: 'Ports\nUse 8080.\nPaths\nUse /data.' });
    expect(passage?.sentences.map(({ text }) => text)).toEqual(['Use 8080.', 'Use /data.']);
  });

  it('keeps sections of their own length apart, with their heading path', () => {
    const markdown = `# A\n\n${words(120)}\n\n## B\n\n${words(150)}\n\n# C\n\n${words(110)}`;
    expect(passagesOf('T', markdown).map(({ heading }) => heading)).toEqual(['A', 'A › B', 'C']);
  });

  it('keeps every question of an FAQ alone', () => {
    const markdown = '## How long is leave?\n\n30 days.\n\n## Who approves it?\n\nYour lead.';
    expect(passagesOf('FAQ', markdown).map(({ heading, text }) => [heading, text])).toEqual([
      ['How long is leave?', '30 days.'],
      ['Who approves it?', 'Your lead.'],
    ]);
  });

  it('leaves out a table of contents', () => {
    const markdown = '- [Setup](#setup)\n  - [Ports](#ports)\n\n## Setup\n\nRun it.';
    expect(passagesOf('T', markdown).map(({ text }) => text)).toEqual(['Run it.']);
  });

  it('cuts a long section between blocks into passages of 100 to 200 words', () => {
    const passages = passagesOf('T', `# Long\n\n${`${words(40)}\n\n`.repeat(15)}`);
    for (const { text, heading } of passages) {
      expect(heading).toBe('Long');
      expect(countWords(text)).toBeGreaterThanOrEqual(100);
      expect(countWords(text)).toBeLessThanOrEqual(200);
    }
  });

  it('loses no sentence and keeps order for any document', () => {
    const line = fc.tuple(
      fc.constantFrom('# ', '## ', '### ', '', '- ', '> '),
      fc.nat(90),
      fc.boolean(),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), (lines) => {
        const markdown = lines
          .map(([mark, count, asks], i) =>
            mark.includes('#')
              ? `${mark}Heading ${i}${asks ? '?' : ''}`
              : `${mark}Line ${i} ${words(count)}`,
          )
          .join('\n\n');
        const passages = passagesOf('', markdown);
        const found = passages.map(({ text, heading }) => `${heading}\n${text}`).join('\n');
        for (const [i] of lines.entries())
          expect(found).toMatch(new RegExp(`(Heading|Line) ${i}\\b`));
        let last = 0;
        for (const { start, end, sentences, text } of passages) {
          expect(start).toBeGreaterThanOrEqual(last);
          last = end;
          expect(countWords(text)).toBeLessThanOrEqual(260);
          for (const sentence of sentences) {
            expect(sentence.start >= start && sentence.end <= end).toBe(true);
          }
        }
      }),
    );
  });
});

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
