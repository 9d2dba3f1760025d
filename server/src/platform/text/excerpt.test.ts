import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { excerptOf } from './excerpt.ts';

describe('an excerpt', () => {
  it('is the first words without marks, headings and frames of tables', () => {
    const text =
      '## Oil\n\nThe **lamp** burns [nine litres](https://x.example) a night.\n\n- [x] Cloths\n\n| Month | Litres |\n| --- | --- |\n| May | 3 |';
    expect(excerptOf(text)).toBe('The lamp burns nine litres a night. Cloths Month Litres May 3');
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
