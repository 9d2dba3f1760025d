import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { excerptOf } from './excerpt.ts';

describe('an excerpt', () => {
  it('is the first words without marks, headings and frames of tables', () => {
    const text =
      '## Oil\n\nThe **lamp** burns [nine litres](https://x.example) a night.\n\n- [x] Cloths\n\n| Month | Litres |\n| --- | --- |\n| May | 3 |';
    expect(excerptOf(text)).toBe('The lamp burns nine litres a night. Cloths');
  });

  it('tells items of a list apart, and shows a table where there is nothing else', () => {
    expect(excerptOf('Bring:\n\n1. a tent\n2. two lamps\n\nAnd water.')).toBe(
      'Bring: a tent · two lamps And water.',
    );
    expect(excerptOf('| Month | Litres |\n| --- | --- |\n| May | 3 |')).toBe('Month Litres May 3');
  });

  it.each([
    ['Choose *fair*, or _team_.', 'Choose fair, or team.'],
    ['See the decision *Trains before planes*.', 'See the decision Trains before planes.'],
    ['2 * 3 is snake_case_name', '2 * 3 is snake_case_name'],
  ])('takes marks of emphasis from %s', (markdown, text) => {
    expect(excerptOf(markdown)).toBe(text);
  });

  it('ends at a word', () => {
    const long = excerptOf('wave '.repeat(100));
    expect(long).toMatch(/^(?:wave )*wave…$/);
    expect(long.length).toBeLessThanOrEqual(161);
  });

  it('is one line of bounded length, whatever is written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (text) => {
        const excerpt = excerptOf(text);
        expect([...excerpt].length).toBeLessThanOrEqual(161);
        expect(excerpt).not.toContain('\n');
      }),
    );
  });
});
