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

const shown = (text: string, look: 'chat' | 'document') =>
  render(
    <MantineProvider>
      <Markdown text={text} look={look} />
    </MantineProvider>,
  ).container;

describe.each(['chat', 'document'] as const)('lists in a %s', (look) => {
  it('go on with the number they were written with', () => {
    const lists = shown('1. one\n2. two\n\nWords between.\n\n3. three\n4. four', look);
    const starts = [...lists.querySelectorAll('ol')].map((list) => list.start);
    expect(starts).toEqual([1, 3]);
  });

  it('keep code inside their items', () => {
    const page = shown('- first\n\n  ```sh\n  npm start\n  ```\n\n- second', look);
    const items = [...page.querySelectorAll('ul > li')];
    expect(items).toHaveLength(2);
    expect(items[0]?.querySelector('pre')?.textContent).toContain('npm start');
    expect(items[1]?.textContent?.trim()).toBe('second');
  });

  it('stand in each other', () => {
    const page = shown('1. one\n   - inside\n     - deeper\n2. two', look);
    expect(page.querySelectorAll('ol > li > ul > li > ul > li')).toHaveLength(1);
    expect(page.querySelectorAll('ol > li')).toHaveLength(2);
  });
});
