import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { passagesOf } from './passages.ts';
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
