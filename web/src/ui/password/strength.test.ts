import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { strengthOf, type Strength } from './strength.ts';

const words = ['Ada Lovelace', 'ada.l'];
const judge = (password: string) => strengthOf(password, { minimum: 8, words });

describe('the strength of a password', () => {
  it.each<[Strength, string]>([
    ['short', ''],
    ['short', 'x7$Kq9!'],
    ['easy', 'password'],
    ['easy', 'Password123!'],
    ['easy', '123456789'],
    ['easy', 'aaaaaaaaaaaaaaaaaa'],
    ['easy', 'abababababababab'],
    ['easy', 'ada.lovelace1'],
    ['easy', 'Welcome2024'],
    ['fair', 'lighthouse'],
    ['good', 'red lighthouse'],
    ['strong', 'correct horse battery staple'],
    ['strong', 'x7$Kq9!mVb2#Rt'],
  ])('is %s for “%s”', (strength, password) => {
    expect(judge(password)).toBe(strength);
  });

  it('does not fall when a word is added', () => {
    const order: Strength[] = ['short', 'easy', 'fair', 'good', 'strong'];
    const letters = fc.stringMatching(/^[a-z]{1,12}$/);
    fc.assert(
      fc.property(letters, (start) => {
        const more = `${start} lighthouse`;
        expect(order.indexOf(judge(more))).toBeGreaterThanOrEqual(order.indexOf(judge(start)));
      }),
    );
  });
});
