import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sentencesOf } from '../../platform/text/sentences.ts';
import { excerptOf as excerptIn, windowAround } from './context.ts';

function excerptOf(markdown: string, quote: { start: number; end: number }) {
  const window = windowAround(markdown, quote);
  const text = markdown.slice(window.start, window.end);
  return excerptIn(markdown, quote, { window, sentences: sentencesOf(text, { joinShort: true }) });
}

/** The lines shown for the words, each with the first letter of its role. */
function shown(markdown: string, words: string): string[] {
  const start = markdown.indexOf(words);
  const lines = excerptOf(markdown, { start, end: start + words.length })?.lines ?? [];
  for (const { start: from, end, text } of lines) {
    expect(markdown.slice(from, end).replace(/\s+/g, ' ')).toContain(text.split(' ')[0]);
  }
  return lines.map(({ role, number, text }) => `${role[0]}${number ?? ''} ${text}`);
}

const STEPS = `# Guide

Some words before.

## Set up the printer

1. Open the settings.
2. Choose *Printers*.
   - On old laptops, choose Devices.
3. Click **Add**.

It takes a minute. Ask Ana if it fails.

## Elsewhere

Other words.`;

describe('a quote is shown with', () => {
  it('all its steps, numbered as displayed, when it is one', () => {
    expect(shown(STEPS, 'Choose *Printers*.')).toEqual([
      'c1 Open the settings.',
      'q2 Choose Printers.',
      'c On old laptops, choose Devices.',
      'c3 Click Add.',
    ]);
    const lazy = '1. One step here.\n1. Two steps here.\n1. Three steps here.';
    expect(shown(lazy, 'Three steps here.')).toEqual([
      'c1 One step here.',
      'c2 Two steps here.',
      'q3 Three steps here.',
    ]);
  });

  it('the list, rows or code that its colon introduces', () => {
    const list = 'You need these things:\n\n- a badge\n- a phone\n\nNothing else.';
    expect(shown(list, 'You need these things:')).toEqual([
      'q You need these things:',
      'p a badge',
      'p a phone',
    ]);
    const code = 'Run this command:\n\n```sh\nnpm ci\nnpm start\n```\n\nThen wait.';
    expect(shown(code, 'Run this command:')).toEqual([
      'q Run this command:',
      'p npm ci\nnpm start',
    ]);
    const prose = 'The rule is simple:\n\nEverybody must ask first. Then they may act.';
    expect(shown(prose, 'The rule is simple:')).toEqual([
      'q The rule is simple:',
      'p Everybody must ask first.',
    ]);
  });

  it('the deeper items alone, when an item ends in a colon', () => {
    const list =
      '- One thing:\n  - small\n\n    ```\n    code here\n    ```\n  - smaller\n- Another thing here';
    expect(shown(list, 'One thing:')).toEqual([
      'q One thing:',
      'p small',
      'p code here',
      'p smaller',
    ]);
  });

  it('what introduces its list, and not the other items', () => {
    const list = 'You can leave early on:\n\n- Fridays in summer\n- days before a holiday';
    expect(shown(list, 'days before a holiday')).toEqual([
      'c You can leave early on:',
      'q days before a holiday',
    ]);
  });

  it('the header of its table', () => {
    const table = '| Level | Hours |\n| --- | --- |\n| Junior | 20 |\n| Senior | 30 |';
    expect(shown(table, 'Senior | 30').at(0)).toBe('c Level | Hours');
  });

  it('the sentence after it, and the one it leans on', () => {
    expect(shown(STEPS, 'It takes a minute.')).toEqual([
      'q It takes a minute.',
      'c Ask Ana if it fails.',
    ]);
    const text =
      'Leave is counted in hours. It expires in June each year. Everybody may ask HR about it.';
    expect(shown(text, 'It expires in June each year.').slice(0, 2)).toEqual([
      'c Leave is counted in hours.',
      'q It expires in June each year.',
    ]);
  });

  it('the nearest heading', () => {
    const start = STEPS.indexOf('Click');
    const found = excerptOf(STEPS, { start, end: start + 'Click **Add**.'.length });
    expect(found?.heading).toBe('Set up the printer');
  });

  it('at most so many lines', () => {
    const long = `These are all:\n\n${'- one more item of many\n'.repeat(400)}`;
    const lines = excerptOf(long, { start: 0, end: 14 })?.lines ?? [];
    expect(lines.length).toBeGreaterThan(5);
    expect(lines.length).toBeLessThanOrEqual(12);
  });
});

it('whatever the text and range, lines are in order, without overlap and within the text', () => {
  const piece = fc.constantFrom(
    '- a b c.',
    '1. x y z:',
    '# H',
    'Some text here.',
    '```',
    '| a |',
    '',
  );
  fc.assert(
    fc.property(fc.array(piece), fc.nat(80), fc.nat(40), (pieces, start, length) => {
      const markdown = pieces.join('\n');
      let at = 0;
      for (const line of excerptOf(markdown, { start, end: start + length })?.lines ?? []) {
        expect(line.start).toBeGreaterThanOrEqual(at);
        expect(line.end).toBeGreaterThan(line.start);
        at = line.end;
      }
      expect(at).toBeLessThanOrEqual(markdown.length);
    }),
  );
});
