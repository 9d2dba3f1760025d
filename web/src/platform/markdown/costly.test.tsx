// @vitest-environment jsdom
import { MantineProvider } from '@mantine/core';
import { cleanup, render, screen } from '@testing-library/react';
import { isTooCostly } from '@teambrain/contract/markdown-guard.ts';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Markdown } from './markdown.tsx';

beforeAll(() => {
  window.matchMedia = (query: string) =>
    ({ matches: false, media: query, addEventListener() {}, removeEventListener() {} }) as never;
});
afterEach(cleanup);

const SIZE = 200_000;
const filled = (piece: string) => piece.repeat(Math.ceil(SIZE / piece.length));

/** Each alone keeps a browser busy for seconds, and most of them for minutes, when parsed. */
const hostile = [
  ...['[', ']', '> ', '>', '1. ', '- a\n', '**a*', '*a ', '[a][b]', '[^a]', '[^1]: a\n\n', '<!--'],
  ...['`a``', '&a', '_a', '<script ', '~', '![', 'a|b\n', '|a|b|\n|-|-|\n', '# a\n', 'a\n\n', '\n'],
  `|${'a|'.repeat(500)}\n|${'-|'.repeat(500)}\n`,
];

const show = (text: string, range?: { start: number; end: number }) =>
  render(
    <MantineProvider>
      <Markdown text={text} range={range ?? null} />
    </MantineProvider>,
  ).container;

describe('Markdown made to freeze the page', () => {
  it.each(hostile)('is shown as it was written, in no time: %j', (piece) => {
    const text = filled(piece);
    const before = process.cpuUsage().user;
    const container = show(text);
    // Microseconds of this process: the wall clock depends on what else runs.
    expect(process.cpuUsage().user - before).toBeLessThan(2e6);
    expect(screen.getByRole('note').textContent).toContain('too complex to be formatted');
    expect(container.querySelector('pre')?.textContent).toBe(text);
  });

  it('still shows the words that are cited', () => {
    const text = `${filled('[')} the cited words ${filled(']')}`;
    const start = text.indexOf('the cited');
    const container = show(text, { start, end: start + 'the cited words'.length });
    expect(container.querySelector('mark')?.textContent).toBe('the cited words');
  });
});

describe('a short text made to freeze the page', () => {
  const staircase = Array.from({ length: 400 }, (_, n) => `${'  '.repeat(n)}- a`).join('\n');
  it.each([
    ...['===\n', '__<!--|a|\n|-|\n[a][b]-- ', '|-# <![CDATA[[^a]: b\n'].map((piece) =>
      piece.repeat(40_000 / piece.length),
    ),
    staircase,
  ])('is known too: %#', (text) => expect(isTooCostly(text)).toBe(true));
});

describe('Markdown that people write', () => {
  const prose =
    'This is some **prose** of a usual [kind](https://example.org/x) with `code` in it, and so on.\n';
  const part = `## Part\n\n${prose.repeat(5)}\n- item **one**\n- item two\n\n`;

  it('is formatted, however long it is', () => {
    expect(isTooCostly(part.repeat(Math.floor(SIZE / part.length)))).toBe(false);
    expect(isTooCostly(`\`\`\`js\n${'const a = b; // what\n'.repeat(4_000)}\`\`\`\n`)).toBe(false);
    const container = show(part.repeat(3));
    expect(container.querySelectorAll('strong')).toHaveLength(18);
    expect(screen.queryByRole('note')).toBeNull();
  });
});
