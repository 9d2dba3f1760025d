import { expect, it } from 'vitest';
import { shownText } from './shown-text.ts';

it.each([
  ['Ask in {% slack_channel "admins-docker" %} for access.', 'Ask in admins-docker for access.'],
  ['See [software]({% page "x/y" %}) first.', 'See software first.'],
  ['{% image "_img/a.png" "a cat" %} Hello', 'a cat Hello'],
  ['**Bold start and no end', 'Bold start and no end'],
  ['a snake_case_name and 2 * 3 * 4', 'a snake_case_name and 2 * 3 * 4'],
  ['use `npm ci` now', 'use npm ci now'],
  ['- [ ] (R) Test plan', '(R) Test plan'],
  ['Hours <b>per</b> week', 'Hours per week'],
  ['if a < b and c > d', 'if a < b and c > d'],
  ['plain words', 'plain words'],
])('%s → %s', (text, shown) => expect(shownText(text)).toBe(shown));

it('is linear on hostile text', () => {
  for (const piece of ['[', '[a](', '{%', '{{', '<a', '**', '_', '`', '![', '[a][', '(']) {
    const text = piece.repeat(100_000 / piece.length);
    const start = performance.now();
    shownText(text);
    expect(performance.now() - start, piece).toBeLessThan(2_000);
  }
});
