import { expect, it } from 'vitest';
import { plain } from './plain-text.ts';

it.each(['[', '\n', '[](', 'x\n', '*', '`'])('reads no more of %j than a preview shows', (part) => {
  const text = part.repeat(200_000 / part.length);
  const began = performance.now();
  plain(text);
  expect(performance.now() - began).toBeLessThan(1_000);
});

it.each([
  ['Kept for **35 days**, see `--list`', 'Kept for 35 days, see --list'],
  ['# Title\n\n- one\n- [two](https://x.org)', 'Title one two'],
  ['2 * 3 * 4 and snake_case_name', '2 * 3 * 4 and snake_case_name'],
  ['Choose *fair*, or _team_.', 'Choose fair, or team.'],
  ['```sh\nnpm ci\n```', 'npm ci'],
])('%j reads %j', (markdown, text) => expect(plain(markdown)).toBe(text));
