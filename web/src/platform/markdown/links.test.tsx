import { linksOf } from '@teambrain/contract/links.ts';
import fc from 'fast-check';
import { createElement, type ReactElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { toReact } from './to-react.ts';

const ADA = '01910000-0000-7000-8000-00000000000a';
const link = `[@Ada](/people/${ADA})`;

const components = {
  a: ({ href, children }: { href?: string; children?: unknown }) =>
    createElement('a', { href }, children as ReactElement),
};
const isShown = (text: string) => {
  const html = renderToStaticMarkup(toReact(text, { look: 'chat', range: null, components }));
  return html.includes(`<a href="/people/${ADA}">`);
};
const isFound = (text: string) => linksOf(text).length > 0;

const words = [
  'a',
  ' ',
  ' ',
  '\n',
  '\n',
  '\n\n',
  '    ',
  '  ',
  '\t',
  '`',
  '``',
  '```',
  '~~~',
  '> ',
  '- ',
  '1. ',
  '3) ',
  '# ',
  '---',
  '===',
  '*',
  '**',
  '_',
  '[',
  ']',
  '(',
  ')',
  '!',
  '\\',
  '<b>',
  '</b>',
  '<div>',
  '<!-- ',
  ' -->',
  '<a title="',
  '">',
  '|',
  '|-|',
  '[x]: ',
  'https://x.example/',
  '<https://x',
  link,
  link,
  link,
];
const texts = fc
  .array(fc.constantFrom(...words), { minLength: 1, maxLength: 14 })
  .map((parts) => parts.join(''));

it('shows as a link whatever the contract takes for one', { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(texts, (text) => {
      fc.pre(isFound(text));
      expect([text, isShown(text)]).toEqual([text, true]);
    }),
    { numRuns: Number(process.env['RUNS'] ?? 300) },
  );
});
