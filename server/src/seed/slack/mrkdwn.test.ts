import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { partsOfText } from '../text.ts';
import { markdownOf } from './mrkdwn.ts';

const names = {
  user: (id: string) =>
    new Map([
      ['U1', 'ana'],
      ['U2', '_ben_*'],
    ]).get(id),
  channel: (id: string) => (id === 'C1' ? 'general' : undefined),
};
const md = (text: string) => markdownOf(text, names);

describe('markdownOf', () => {
  it.each([
    ['<@U1> and <@U9>', '@ana and @U9'],
    ['<@U2>', '@\\_ben\\_\\*'],
    ['<@U1|annie>', '@annie'],
    ['<#C1> <#C9|random>', '#general #random'],
    ['<!here> <!channel|channel> <!subteam^S1|@ops>', '@here channel @ops'],
    ['<!date^1392734382^{date}|Feb 18>', 'Feb 18'],
    ['see <https://a.example/x?a=1&amp;b=2>', 'see <https://a.example/x?a=1&b=2>'],
    ['<https://a.example/x_(y)|the [docs]>', '[the \\[docs\\]](https://a.example/x_%28y%29)'],
    ['<mailto:a@b.example|a@b.example>', 'a@b.example'],
    ['<javascript:alert(1)|click>', 'click (javascript:alert(1))'],
    ['<script>x', '\\<script\\>x'],
    ['&gt; can we?\nNo.', '> can we?\n\nNo.'],
    ['&gt;&gt;&gt; all of\nthis is\n\nquoted', '> all of\n> this is\n>\n> quoted'],
    ['&gt; see ```a\nb``` x', '> see \n> ```\n> a\n> b\n> ```\n>  x'],
    ['a\n&gt;b\n&gt; c\nd', 'a\n\n> b\n> c\n\nd'],
    ['- one\n- two\nafter', '- one\n- two\n\nafter'],
    ['    starts *bold*', '\u00a0\u00a0\u00a0\u00a0starts **bold**'],
    ['log:\n\tERROR', 'log:\n\u00a0\u00a0\u00a0\u00a0ERROR'],
    ['+ plus\n1) paren\n1986. A year', '\\+ plus\n1\\) paren\n1986\\. A year'],
    ['a | b\n--- | ---', 'a | b\n\\--- | ---'],
    ['Shipped :tada: :rocket:', 'Shipped 🎉 🚀'],
    [':wave::skin-tone-3: :+1::skin-tone-6:', '👋🏼 👍🏿'],
    [':heart::tada: お疲れ:tada:', '❤️🎉 お疲れ🎉'],
    [':party_parrot: 10:30:45 C::D 10:100:45', ':party_parrot: 10:30:45 C::D 10:100:45'],
    ['`:tada:` <https://x.example/:tada:>', '`:tada:` <https://x.example/:tada:>'],
    ['*bold* and _it_ and ~gone~', '**bold** and _it_ and ~~gone~~'],
    ['*see <https://a.example|this>*', '**see [this](https://a.example)**'],
    ['2*3*4 and * not bold *', '2\\*3\\*4 and * not bold *'],
    ['a &lt; b &amp;&amp; c &gt; d', 'a < b && c > d'],
    ['&lt;div&gt; &amp;lt;', '\\<div> \\&lt;'],
    ['`a &lt; <@U1>`', '`a < @ana`'],
    ['run ```x = *y*\nz &lt; 1``` now', 'run \n```\nx = *y*\nz < 1\n```\n now'],
    ['# not a heading', '\\# not a heading'],
    ['__init__', '\\_\\_init\\_\\_'],
    ['C:\\*.txt', 'C:\\\\\\*.txt'],
    ['text\n---', 'text\n\\---'],
    ['<``````> <b\n>', '<\\`\\`\\`\\`\\`\\`> \\<b\n\\>'],
    ['a\0b \uD800', 'ab \uFFFD'],
  ])('%j becomes %j', (mrkdwn, markdown) => expect(md(mrkdwn)).toBe(markdown));

  it('never fails, and gives text that can be stored', () => {
    const sign = fc.constantFrom(
      '<',
      '>',
      '|',
      '*',
      '_',
      '~',
      '`',
      '```',
      '&lt;',
      '&',
      '@U1',
      '#',
      '\n',
      '\\',
      ' ',
      'a',
      '\uE000',
      '\uD800',
      '\0',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(sign).map((s) => s.join('')),
        ),
        (text) => {
          const markdown = md(text);
          expect(markdown).not.toMatch(/\0|\p{Surrogate}|[\uE000-\uE003]/u);
          expect(markdown.length).toBeLessThanOrEqual(4 * text.length + 20);
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each(['*a', '<', '```', '`', '&lt;', '~ ~a', '<@U1', '\\_*'])(
    'is quick on many %j',
    (part) => {
      const started = performance.now();
      md(part.repeat(100_000 / part.length));
      expect(performance.now() - started).toBeLessThan(2_000);
    },
  );
});

it('cuts long texts without loss and never within a character', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', minLength: 1 }),
      fc.integer({ min: 2, max: 9 }),
      (text, most) => {
        const parts = partsOfText(text, most);
        const bare = (s: string) => s.replace(/\s/g, '');
        expect(bare(parts.join(''))).toBe(bare(text));
        for (const part of parts) expect(part.length).toBeLessThanOrEqual(most);
      },
    ),
  );
  expect(partsOfText('one two three', 8)).toEqual(['one two', 'three']);
});
