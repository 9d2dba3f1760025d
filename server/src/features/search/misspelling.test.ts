import { expect, it } from 'vitest';
import { isMisspelling } from './misspelling.ts';

it.each([
  ['anual', 'annual', true],
  ['reciev', 'receiv', true],
  ['leav', 'lead', true],
  ['same', 'same', true],
  ['kubernets', 'kubernetes', true],
  ['kubrnets', 'kubernetes', true],
  ['cat', 'dog', false],
  ['leave', 'lease', true],
  ['leave', 'elves', false],
  ['travel', 'trip', false],
])('%s for %s: %s', (a, b, is) => {
  expect(isMisspelling(a, b)).toBe(is);
  expect(isMisspelling(b, a)).toBe(is);
});
