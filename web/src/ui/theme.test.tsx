// @vitest-environment jsdom
import { MantineProvider, Textarea, TextInput } from '@mantine/core';
import { render, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { theme } from './theme.ts';

it('has what is typed take its direction from itself', () => {
  window.matchMedia = (query: string) =>
    ({ matches: false, media: query, addEventListener() {}, removeEventListener() {} }) as never;
  render(
    <MantineProvider theme={theme}>
      <TextInput label="Name" />
      <Textarea label="Message" />
    </MantineProvider>,
  );
  for (const label of ['Name', 'Message']) {
    expect(screen.getByLabelText(label).getAttribute('dir')).toBe('auto');
  }
});
