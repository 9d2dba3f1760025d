import { isMadeOf } from '@teambrain/contract/auth.ts';

export type Strength = 'short' | 'easy' | 'fair' | 'good' | 'strong';

/** What many passwords are made of; each counts as little as one letter. The server knows more of them. */
const COMMON =
  /password|passwort|qwerty(?:uiop)?|qwertz|azerty|asdfgh?|zxcvbn?|welcome|letmein|iloveyou|admin|login|master|dragon|monkey|football|baseball|sunshine|princess|superman|batman|shadow|michael|jordan|secret|hello|trustno|changeme|1q2w3e4r?|abc|123(?:4(?:5(?:6(?:7(?:89?0?)?)?)?)?)?|(?:19|20)\d\d/g;

const KINDS = [/\p{Ll}/u, /\p{Lu}/u, /\p{N}/u, /[^\p{L}\p{N}\s]/u];

/** Bits that one more character of each kind adds; letters in words can be guessed by their neighbours. */
function bitsOf(character: string): number {
  if (/\p{Ll}/u.test(character)) return 3;
  if (/\p{Lu}/u.test(character)) return 3.6;
  if (/\p{N}/u.test(character)) return 3.3;
  return /\s/.test(character) ? 2 : 4.5;
}

/**
 * A rough idea of how hard a password is to guess, for the hint beside its field. Length counts most;
 * common words, repetitions and names that everybody knows count for little.
 * @param words names and the like that the password must not be made of
 */
export function strengthOf(
  password: string,
  { minimum, words }: { minimum: number; words: readonly string[] },
): Strength {
  const typed = password.normalize('NFC');
  if ([...typed].length < minimum) return 'short';
  if (isMadeOf(typed, words)) return 'easy';
  // Leaves one character of a common word, and two of a run of the same character or group.
  const rare = typed.replace(new RegExp(COMMON, 'gi'), '#').replace(/(.{1,4}?)\1{2,}/gu, '$1$1');
  const kinds = KINDS.filter((kind) => kind.test(rare)).length;
  const bits = [...rare].reduce((sum, character) => sum + bitsOf(character) + kinds / 2, -kinds);
  if (bits < 26) return 'easy';
  if (bits < 36) return 'fair';
  return bits < 50 ? 'good' : 'strong';
}
