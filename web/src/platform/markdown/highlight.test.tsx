// @vitest-environment jsdom
import { MantineProvider } from '@mantine/core';
import { cleanup, render } from '@testing-library/react';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Markdown } from './markdown.tsx';

beforeAll(() => {
  window.matchMedia = (query: string) =>
    ({ matches: false, media: query, addEventListener() {}, removeEventListener() {} }) as never;
});
afterEach(cleanup);

/** The marked words when the range is that of `quote` in `text`. */
function marked(text: string, quote: string, look: 'chat' | 'document' = 'document') {
  const start = text.indexOf(quote);
  expect(start).toBeGreaterThanOrEqual(0);
  const range = { start, end: start + quote.length };
  const { container } = render(
    <MantineProvider>
      <Markdown text={text} look={look} range={range} />
    </MantineProvider>,
  );
  return [...container.querySelectorAll('mark')].map((mark) => mark.textContent);
}

describe('highlighted ranges', () => {
  it('marks plain words', () => {
    expect(marked('One two three.', 'two')).toEqual(['two']);
  });

  it('goes across inline markup', () => {
    expect(
      marked('Say **hello there** to [all](https://x.org) of us', 'there** to [all]('),
    ).toEqual(['there', ' to ', 'all']);
  });

  it('marks only the overlap with a text', () => {
    expect(marked('First line.\n\nSecond line.', 'line.\n\nSecond')).toEqual(['line.', 'Second']);
  });

  it('finds the second of two equal lines in chat, where breaks lose positions', () => {
    const text = 'again\nagain\nagain';
    const range = { start: 6, end: 11 };
    const { container } = render(
      <MantineProvider>
        <Markdown text={text} look="chat" range={range} />
      </MantineProvider>,
    );
    const mark = container.querySelector('mark');
    expect(container.querySelectorAll('mark')).toHaveLength(1);
    expect(mark?.previousElementSibling?.tagName).toBe('BR');
    expect(mark?.nextElementSibling?.tagName).toBe('BR');
  });

  it('keeps count across escapes and entities', () => {
    expect(marked('A \\* B &amp; C wanted end', 'wanted')).toEqual(['wanted']);
    cleanup();
    expect(marked('Fish &amp; chips', '&amp; chips')).toEqual(['& chips']);
  });

  it('marks in inline code and in code blocks', () => {
    expect(marked('Run `npm start` now', 'npm start')).toEqual(['npm start']);
    cleanup();
    expect(marked('Do:\n\n```sh\nnpm ci\nnpm start\n```\n', 'npm start')).toEqual(['npm start']);
  });

  it('marks in lists, tables and quotes', () => {
    expect(marked('- a\n- the point\n  goes on\n', 'point\n  goes')).toEqual(['point\ngoes']);
    cleanup();
    expect(marked('| a | b |\n| - | - |\n| cell | other |\n', 'other')).toEqual(['other']);
    cleanup();
    expect(marked('> quoted *word* here', 'word')).toEqual(['word']);
  });

  it('never halves a character', () => {
    const text = 'Go 🚀 now';
    const { container } = render(
      <MantineProvider>
        <Markdown text={text} range={{ start: 0, end: 4 }} />
      </MantineProvider>,
    );
    expect(container.querySelector('mark')?.textContent).toBe('Go 🚀');
  });

  it('marks nothing for an empty range', () => {
    expect(marked('abc', '')).toEqual([]);
  });
});

describe('what people write', () => {
  const html = (text: string) =>
    render(
      <MantineProvider>
        <Markdown text={text} look="chat" />
      </MantineProvider>,
    ).container;

  it('leaves raw HTML as text', () => {
    const container = html('<img src=x onerror=alert(1)> <b>hi</b>\n\n<script>alert(1)</script>');
    expect(container.querySelector('img, b, script')).toBeNull();
  });

  it.each([
    'javascript:alert(1)',
    'java\tscript:alert(1)',
    ' javascript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
  ])('makes no link of %j', (address) => {
    expect(html(`[x](<${address}>)`).querySelector('a')).toBeNull();
  });

  it('opens foreign links apart and loads no image', () => {
    const container = html('[x](https://example.org/) ![cat](https://example.org/cat.png)');
    const [link, image] = container.querySelectorAll('a');
    expect(link?.rel).toBe('noopener noreferrer');
    expect(link?.target).toBe('_blank');
    expect(image?.textContent).toContain('cat');
    expect(container.querySelector('img')).toBeNull();
  });
});
