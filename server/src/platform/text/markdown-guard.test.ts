import { describe, expect, it } from 'vitest';
import { sentencesOf } from './sentences.ts';

describe('long and hostile Markdown', () => {
  it('keeps a long document and a long code block whole', () => {
    const code = `\`\`\`c\n${'  *p[i] = a[i] & ~m; /* x_y */\n'.repeat(500)}\`\`\``;
    const sections = Array.from(
      { length: 400 },
      (_, i) => `## Part ${i}\n\nText **of** part ${i}.`,
    );
    const found = sentencesOf(`${sections.join('\n\n')}\n\n${code}\n\nThe end.`);
    const count = (kind: string) => found.filter((sentence) => sentence.kind === kind).length;
    expect([count('heading'), count('prose')]).toEqual([400, 401]);
    expect(found.at(-1)).toMatchObject({ text: 'The end.', headings: ['Part 399'] });
  });

  it('reads hostile text of 100 kB in bounded time', { timeout: 120_000 }, () => {
    const hostile = [
      '[',
      ']',
      '> ',
      '>',
      '1. ',
      '- a\n',
      '**a*',
      '[a][b]',
      '[^a]',
      '<!--',
      '`a``',
      '(',
    ];
    for (const piece of [
      ...hostile,
      'a.',
      '. ',
      ' ',
      '\n',
      '<script ',
      'A. ',
      '|a|\n',
      '"',
      '&a',
    ]) {
      const start = process.cpuUsage().user;
      sentencesOf(piece.repeat(Math.ceil(100_000 / piece.length)));
      // Microseconds of this process: the wall clock depends on what else runs.
      expect(process.cpuUsage().user - start, piece).toBeLessThan(6e6);
    }
  });
});
