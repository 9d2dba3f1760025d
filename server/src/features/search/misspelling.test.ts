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
