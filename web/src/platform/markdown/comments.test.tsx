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
  ).container.querySelector('[data-look]')?.textContent ?? '';

describe('HTML comments', () => {
  const text =
    'Before <!-- one --> after\n\n<!-- two\n\nlines -->\n\n- item <!-- three -->\n\n`<!-- code -->` <b>bold</b>';

  it('are not shown in documents, whose other HTML is text', () => {
    const page = shown(text, 'document');
    expect(page).not.toMatch(/one|two|lines|three/);
    expect(page).toContain('Before');
    expect(page).toContain('<!-- code -->');
    expect(page).toContain('<b>bold</b>');
  });

  it('are what somebody said in a chat', () => {
    expect(shown(text, 'chat')).toContain('<!-- one -->');
  });
});
