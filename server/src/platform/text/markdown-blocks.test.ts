import fc from 'fast-check';
import { expect, it } from 'vitest';
import { blocksOf, isParagraph } from './markdown-blocks.ts';

/** Words, and what is mark or text depending on where it stands. */
const piece = fc.oneof(
  fc.lorem({ maxCount: 4 }),
  fc.constantFrom(
    ...[
      'word ',
      'Ends here. ',
      '(',
      ')',
      '"',
      "'",
      '!',
      '?',
      ',',
      ';',
      '%',
      '$',
      '^',
      '{',
      '}',
      '/',
    ],
    ...[
      '\n',
      '\n',
      ' ',
      '\u00a0',
      '\u2028',
      '\u3000',
      '\u0085',
      '\t',
      '\r',
      '\uFEFF',
      '😀',
      '漢字。',
    ],
    ...[
      '-',
      '+',
      '=',
      '#',
      ':',
      '>',
      '|',
      '1.',
      '2)',
      '12',
      ' -',
      '\n|',
      '\n :',
      '-|-',
      '---',
      '===',
    ],
    ...[
      '<',
      '< ',
      '<b',
      '/>',
      '&',
      '& ',
      '&amp;',
      '&#1;',
      '@',
      ' @ada ',
      'a@b.cd',
      'mailto:',
      'xmpp:',
    ],
    ...[
      'http:',
      '//',
      'https://a.b',
      'www',
      'www.x.yz',
      ']',
      '](x)',
      '[',
      '![',
      '[^1]',
      '*',
      '_',
      '`',
    ],
    ...['~', '\\', '\ud800', '\0'],
  ),
  fc.string({ unit: 'binary', maxLength: 3 }),
);

it('reads by itself what is a paragraph without marks, as the parser would', () => {
  // A comment is a mark, and gives no block.
  const parsed = (text: string) => blocksOf(`${text}\n\n<!-- -->`);
  const texts = fc.array(piece, { maxLength: 9 }).map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(texts, (text) => {
      fc.pre(isParagraph(text));
      expect(blocksOf(text)).toEqual(parsed(text));
    }),
    { numRuns: 1_000 },
  );
});

it('reads what follows a quote as the answer to it, as the screen shows it', () => {
  const read = (text: string) => blocksOf(text).map(({ kind, plain }) => [kind, plain.text]);
  expect(read('> Ready?\nYes, since noon.')).toEqual([
    ['quote', 'Ready?'],
    ['prose', 'Yes, since noon.'],
  ]);
  expect(read('> one\n> two\nthree\nfour')).toEqual([
    ['quote', 'one two'],
    ['prose', 'three four'],
  ]);
});
