// @vitest-environment jsdom
import { MantineProvider } from '@mantine/core';
import { cleanup, render } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Markdown } from './markdown.tsx';

beforeEach(() => {
  window.matchMedia = (query: string) =>
    ({ matches: false, media: query, addEventListener() {}, removeEventListener() {} }) as never;
});
afterEach(cleanup);

/** What stands in quotes, and what stands beside them. */
function read(text: string, look: 'chat' | 'document' = 'chat') {
  const { container } = render(
    <MantineProvider>
      <Markdown text={text} look={look} />
    </MantineProvider>,
  );
  const words = (element: Element) => element.textContent?.replace(/\s+/g, ' ').trim() ?? '';
  const root = container.querySelector('[data-look]');
  const quotes = [...(root?.querySelectorAll('blockquote') ?? [])];
  const quoted = quotes.filter((one) => !one.parentElement?.closest('blockquote')).map(words);
  for (const one of quotes) one.remove();
  return [quoted, root ? words(root) : ''];
}

describe('text after a quote', () => {
  it.each([
    ['> Ready?\nYes, it is.', ['Ready?'], 'Yes, it is.'],
    ['> one\n> two\nthree\nfour', ['one two'], 'three four'],
    ['> **bold\nnot bold**', ['**bold'], 'not bold**'],
    ['>> deep\n> less deep\noutside', ['deep less deep'], 'outside'],
    ['>> deep\noutside', ['deep'], 'outside'],
    ['> - item\noutside', ['item'], 'outside'],
    ['- > quoted\noutside', ['quoted'], 'outside'],
    ['- > quoted\n  in the item', ['quoted'], 'in the item'],
    ['> quoted\n    far to the right', ['quoted'], 'far to the right'],
    ['> a\nb\n> c\nd', ['a', 'c'], 'b d'],
    ['>\n> a\n>\n> b\nc', ['a b'], 'c'],
    ['>a\n===', ['a'], '==='],
  ])('%j', (text, quoted, beside) => {
    expect(read(text)).toEqual([quoted, beside]);
    expect(read(text, 'document')).toEqual([quoted, beside]);
  });

  it('leaves other paragraphs and lists as they are', () => {
    expect(read('one\ntwo')).toEqual([[], 'one two']);
    expect(read('- item\ngoes on')[1]).toBe('item goes on');
    expect(read('> a\n\nb\nc')).toEqual([['a'], 'b c']);
    expect(read('> ```\n> code\n> ```\nafter')[1]).toBe('after');
  });
});
