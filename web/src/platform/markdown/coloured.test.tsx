// @vitest-environment jsdom
import { MantineProvider } from '@mantine/core';
import { cleanup, render, waitFor } from '@testing-library/react';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Markdown } from './markdown.tsx';

beforeAll(() => {
  window.matchMedia = (query: string) =>
    ({ matches: false, media: query, addEventListener() {}, removeEventListener() {} }) as never;
});
afterEach(cleanup);

const show = (text: string, range?: { start: number; end: number }) =>
  render(
    <MantineProvider>
      <Markdown text={text} look="chat" range={range ?? null} />
    </MantineProvider>,
  ).container;

describe('code', () => {
  it('of a known language is coloured, and says what it said', async () => {
    const code = 'const port = 8080; // <b>free</b>';
    const page = show(`\`\`\`ts\n${code}\n\`\`\``);
    await waitFor(() => expect(page.querySelector('.hljs-keyword')?.textContent).toBe('const'));
    expect(page.querySelector('pre')?.textContent).toBe(`${code}\n`);
    expect(page.querySelector('pre b')).toBeNull();
  });

  it.each([
    ['without a language', '```\nconst a = 1\n```'],
    ['of a language nobody knows', '```klingon\nconst a = 1\n```'],
    ['too long to colour', `\`\`\`ts\n${'const a = 1;\n'.repeat(2_000)}\`\`\``],
  ])('%s is shown as it is', async (_, text) => {
    const page = show(`${text}\n\n\`\`\`js\nlet known = 1\n\`\`\``);
    await waitFor(() => expect(page.querySelector('.hljs-keyword')?.textContent).toBe('let'));
    expect(page.querySelector('pre')?.querySelector('[class^="hljs"]')).toBeNull();
    expect(page.querySelector('pre')?.textContent).toContain('const a = 1');
  });

  it('that a citation marks keeps the mark', async () => {
    const text = '```js\nlet cited = 1\n```\n\n```js\nlet other = 1\n```';
    const page = show(text, { start: 10, end: 15 });
    await waitFor(() => expect(page.querySelector('.hljs-keyword')?.textContent).toBe('let'));
    expect(page.querySelector('mark')?.textContent).toBe('cited');
  });
});
