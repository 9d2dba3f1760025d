import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sentencesOf } from './sentences.ts';

const texts = (markdown: string) => sentencesOf(markdown).map((sentence) => sentence.text);
const quotes = (markdown: string) =>
  sentencesOf(markdown).map(({ start, end }) => markdown.slice(start, end));

/** Without halves of surrogate pairs, which no database takes. */
const isWhole = (text: string) => !/\p{Cs}/u.test(text);

/** Markdown made of the pieces that matter, plus arbitrary Unicode. */
const markdownArbitrary = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...['# ', '## ', '- ', '1. ', '> ', '    ', '```\n', '~~~js\n', '\n', '\n\n', '\r\n', '\t'],
        ...[
          '**',
          '*',
          '_',
          '`',
          '~~',
          '[',
          '](',
          ')',
          '![',
          '|',
          '\n|-|-|\n',
          '<b>',
          '<!--',
          '-->',
        ],
        ...[
          '---\n',
          'a: b\n',
          '&amp;',
          '&nbsp;',
          '&#128512;',
          '\\*',
          '\\\n',
          '  \n',
          '[^1]',
          '[^1]: ',
        ],
        ...[
          '. ',
          '? ',
          '! ',
          'e.g. ',
          'Dr. Who',
          'v1.2.3',
          'https://a.b/c?d=e.f ',
          'a@b.cd',
          'www.x.yz',
        ],
        ...[
          'The quick fox. ',
          'It runs? ',
          'word ',
          '漢字。',
          '😀',
          '\u200d',
          '\ud800',
          '\0',
          '\uFEFF',
        ],
      ),
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.lorem({ maxCount: 6, mode: 'words' }),
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''));

describe('sentencesOf', () => {
  it('maps sentences to exact offsets of the Markdown', () => {
    const markdown =
      'We use **Redis 7**. See [the *guide*](https://x.y/z) for `a.b. C` &amp; more!';
    expect(texts(markdown)).toEqual(['We use Redis 7.', 'See the guide for a.b. C & more!']);
    expect(quotes(markdown)).toEqual([
      'We use **Redis 7**.',
      'See [the *guide*](https://x.y/z) for `a.b. C` &amp; more!',
    ]);
  });

  it.each(['\uFEFF', '\uFEFF\uFEFF', '\uFEFF\uFEFF\uFEFF'])(
    'maps them beside byte order marks too: %j',
    (marks) => {
      expect(quotes(`${marks}Half \u{10000} of it.`)).toEqual(['Half \u{10000} of it.']);
    },
  );

  it('keeps inline markup balanced where a sentence holds all of it', () => {
    expect(quotes('**Bold start** goes on. This is **bold.** And *two. Three.* End.')).toEqual([
      '**Bold start** goes on.',
      'This is **bold.**',
      'And *two.',
      'Three.* End.'.slice(0, 6),
      'End.',
    ]);
  });

  it('does not end a sentence at abbreviations, initials, versions and numbers', () => {
    for (const sentence of [
      'Use a cache, e.g. Redis, or ask Dr. Smith of Foo Inc. about it.',
      'J. R. Miller wrote No. 5 of the U.S. Army notes.',
      'Upgrade to v2.3.1 of https://a.b/c?d=E.f soon.',
      'See Fig. 3 (cf. Sec. 4. It is short) for approx. 30 ms.',
    ]) {
      expect(texts(`${sentence} Next one.`)).toEqual([sentence, 'Next one.']);
    }
  });

  it('splits lower-case chat style and lines that were meant as lines', () => {
    expect(texts('i tried it. it failed. should we revert? yes')).toEqual([
      'i tried it.',
      'it failed.',
      'should we revert?',
      'yes',
    ]);
    expect(texts('Deployed v2.3 to staging\nAll tests pass\nRolling out at 5pm')).toHaveLength(3);
    const wrapped =
      'This is a long line of text which was wrapped at a fixed width by\nAnna when she wrote it.';
    expect(texts(wrapped)).toHaveLength(1);
  });

  it('gives kinds and heading paths; skips front matter, comments and definitions', () => {
    const markdown = [
      '---\ntitle: x\n---\n# Guide\nIntro.\n\n## Setup\n- one item\n- two items\n\n> quoted words',
      '<!-- hidden -->\n\n| a | b |\n|---|---|\n| c | d |\n\n```js\ncode();\n```\n\n[x]: http://y',
    ].join('\n\n');
    expect(
      sentencesOf(markdown).map(({ kind, text, headings }) => [kind, text, headings.join('/')]),
    ).toEqual([
      ['heading', 'Guide', ''],
      ['prose', 'Intro.', 'Guide'],
      ['heading', 'Setup', 'Guide'],
      ['list', 'one item', 'Guide/Setup'],
      ['list', 'two items', 'Guide/Setup'],
      ['quote', 'quoted words', 'Guide/Setup'],
      ['table', 'a | b', 'Guide/Setup'],
      ['table', 'c | d', 'Guide/Setup'],
      ['code', 'code();', 'Guide/Setup'],
    ]);
  });

  it('joins short sentences to a neighbour of the same block on request', () => {
    const markdown = 'Yes. We moved the service to Berlin. Really.\n\nOk.';
    expect(sentencesOf(markdown, { joinShort: true }).map(({ text }) => text)).toEqual([
      'Yes. We moved the service to Berlin. Really.',
      'Ok.',
    ]);
  });

  it('steps over the marks of continued quote lines', () => {
    const markdown = '> one two\n> three *four\n> five* &lt;six&gt;.';
    expect(texts(markdown)).toEqual(['one two three four five <six>.']);
    expect(quotes(markdown)).toEqual([markdown.slice(2)]);
  });

  it('bounds the length of a sentence', () => {
    const long = sentencesOf('word '.repeat(1000));
    expect(Math.max(...long.map(({ text }) => text.length))).toBeLessThanOrEqual(600);
    expect(long.map(({ text }) => text).join(' ')).toBe('word '.repeat(1000).trim());
  });

  it('gives valid, ordered, trimmed ranges for any text', () => {
    fc.assert(
      fc.property(markdownArbitrary, fc.boolean(), (markdown, joinShort) => {
        let last = 0;
        for (const { start, end, text } of sentencesOf(markdown, { joinShort })) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(markdown.length);
          expect(markdown.slice(start, end).trim()).toBe(markdown.slice(start, end));
          expect(text.trim()).not.toBe('');
          expect(!isWhole(markdown) || (isWhole(text) && isWhole(markdown.slice(start, end)))).toBe(
            true,
          );
          last = end;
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('covers every word of plain paragraphs, lists and quotes', () => {
    const word = fc.constantFrom(
      'alpha',
      'Beta',
      'gamma,',
      'Delta.',
      'epsilon?',
      '(zeta',
      'eta)',
      '7.',
    );
    const block = fc.tuple(
      fc.constantFrom('', '- ', '> ', '## ', '1. '),
      fc.array(word, { minLength: 1, maxLength: 40 }),
    );
    fc.assert(
      fc.property(fc.array(block, { maxLength: 8 }), (blocks) => {
        const lines = blocks.map(([mark, words]) => `${mark}x ${words.join(' ')}`);
        const expected = lines.map((line) => line.replace(/^(?:- |> |## |1\. )/, '')).join(' ');
        expect(texts(lines.join('\n\n')).join(' ')).toBe(expected);
      }),
    );
  });

  it('quotes exactly its text where there is no markup', () => {
    const plain = fc.array(fc.constantFrom('One', 'two.', 'three?', 'U.S.', 'É', '日本。'), {
      minLength: 1,
    });
    fc.assert(
      fc.property(plain, (words) => {
        const markdown = words.join(' ');
        for (const { start, end, text } of sentencesOf(markdown)) {
          expect(markdown.slice(start, end)).toBe(text);
        }
      }),
    );
  });
});
