import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMadeOf } from '@teambrain/contract/auth.ts';
import { paths } from './paths.ts';
import { fieldProblem } from './problem.ts';

/** Spaces, and characters without a width: between the letters of a word they hide it from nobody. */
const INVISIBLE = /[\p{Z}\p{Cc}\p{Cf}]+/gu;

let common: ReadonlySet<string> | undefined;

/** The most used passwords, in lower case; see server/assets/README.md. */
function mostUsed(): ReadonlySet<string> {
  common ??= new Set(readFileSync(join(paths.assets, 'common-passwords.txt'), 'utf8').split('\n'));
  return common;
}

/**
 * Refuses a new password that is among the first guesses: one of the most used, or made of words that
 * everyone knows who knows what it protects.
 * @param words each with what to call it, e.g. `{ 'your name': 'Ada' }`
 * @throws weak-password, beside the field `password`
 */
export function requireGoodPassword(password: string, words: Record<string, string>): void {
  const shown = password.normalize('NFKC').replace(INVISIBLE, '').toLowerCase();
  if (shown === '') refuse('Nothing of this can be seen; choose another');
  if (mostUsed().has(shown)) refuse('This is one of the most used passwords; choose another');
  for (const [what, word] of Object.entries({
    ...words,
    'the name of this software': 'TeamBrain',
  })) {
    if (isMadeOf(password, [word])) refuse(`This is made of ${what}; choose another`);
  }
  const all = Object.values(words);
  if (isMadeOf(password, all)) {
    refuse(`This is made of ${Object.keys(words).join(' and ')}; choose another`);
  }
}

function refuse(detail: string): never {
  throw fieldProblem('weak-password', '/password', detail);
}
