import fc from 'fast-check';
import { expect, it } from 'vitest';
import { slipsBetween } from './misspelling.ts';

it.each([
  ['anual', 'annual', 1],
  ['reciev', 'receiv', 1],
  ['leav', 'lead', 1],
  ['same', 'same', 0],
  ['kubernets', 'kubernetes', 1],
  ['kubrnets', 'kubernetes', 2],
  ['cat', 'dog', null],
  ['leave', 'lease', 1],
  ['leave', 'elves', null],
  ['travel', 'trip', null],
])('%s for %s: %s', (a, b, slips) => {
  expect(slipsBetween(a, b)).toBe(slips);
  expect(slipsBetween(b, a)).toBe(slips);
});

/** The whole table, without any bound. */
function distance(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) =>
    Array.from({ length: b.length + 1 }, (_, j) => (i === 0 ? j : i)),
  );
  const at = (i: number, j: number) => rows[i]?.[j] ?? Infinity;
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const row = rows[i];
      if (!row) continue;
      row[j] = Math.min(
        at(i - 1, j) + 1,
        at(i, j - 1) + 1,
        at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1),
        isSwap ? at(i - 2, j - 2) + 1 : Infinity,
      );
    }
  }
  return at(a.length, b.length);
}

it('gives what the whole table gives, within the bound', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(word, word, (a, b) => {
      const most = Math.min(a.length, b.length) >= 7 ? 2 : 1;
      const whole = distance(a, b);
      expect(slipsBetween(a, b)).toBe(whole <= most ? whole : null);
    }),
    { numRuns: 5_000 },
  );
});
