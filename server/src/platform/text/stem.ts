/**
 * Porter's suffix stripping: M. F. Porter, "An algorithm for suffix stripping", Program 14 (1980),
 * as published, without the later departures of his own code. For comparing English words.
 */

const STEP_2: readonly (readonly [string, string])[] = [
  ['ational', 'ate'],
  ['tional', 'tion'],
  ['enci', 'ence'],
  ['anci', 'ance'],
  ['izer', 'ize'],
  ['abli', 'able'],
  ['alli', 'al'],
  ['entli', 'ent'],
  ['eli', 'e'],
  ['ousli', 'ous'],
  ['ization', 'ize'],
  ['ation', 'ate'],
  ['ator', 'ate'],
  ['alism', 'al'],
  ['iveness', 'ive'],
  ['fulness', 'ful'],
  ['ousness', 'ous'],
  ['aliti', 'al'],
  ['iviti', 'ive'],
  ['biliti', 'ble'],
];
const STEP_3: readonly (readonly [string, string])[] = [
  ['icate', 'ic'],
  ['ative', ''],
  ['alize', 'al'],
  ['iciti', 'ic'],
  ['ical', 'ic'],
  ['ful', ''],
  ['ness', ''],
];
const STEP_4 =
  'ement ance ence able ible ment ant ent ion ism ate iti ous ive ize al er ic ou'.split(' ');

/** Longer "words" are hashes or paths: they stand for themselves. */
const MAX_LENGTH = 40;

/** The stem of a lower-case word; a word with other characters than a–z is returned as it is. */
export function stem(word: string): string {
  if (word.length < 3 || word.length > MAX_LENGTH || !/^[a-z]+$/.test(word)) return word;
  let stemmed = step1(word);
  stemmed = replaceSuffix(stemmed, STEP_2);
  stemmed = replaceSuffix(stemmed, STEP_3);
  return step5(step4(stemmed));
}

/** `c` for consonants, `v` for vowels, one letter per letter. */
function shape(word: string): string {
  let letters = '';
  for (const [i, letter] of [...word].entries()) {
    const isVowel = 'aeiou'.includes(letter) || (letter === 'y' && letters[i - 1] === 'c');
    letters += isVowel ? 'v' : 'c';
  }
  return letters;
}

/** Porter's m: how often vowels are followed by consonants. */
function measure(word: string): number {
  return shape(word).match(/v+c+/g)?.length ?? 0;
}

function hasVowel(word: string): boolean {
  return shape(word).includes('v');
}

function endsDouble(word: string): boolean {
  return word.at(-1) === word.at(-2) && shape(word).endsWith('c');
}

/** Porter's *o: consonant, vowel, consonant other than w, x, y. */
function endsShort(word: string): boolean {
  return shape(word).endsWith('cvc') && !/[wxy]$/.test(word);
}

function step1(word: string): string {
  let result = word;
  if (result.endsWith('sses') || result.endsWith('ies')) result = result.slice(0, -2);
  else if (result.endsWith('s') && !result.endsWith('ss')) result = result.slice(0, -1);
  const past = /^(.*?)(?:ed|ing)$/.exec(result)?.[1];
  if (result.endsWith('eed')) {
    if (measure(result.slice(0, -3)) > 0) result = result.slice(0, -1);
  } else if (past !== undefined && hasVowel(past)) {
    result = afterPast(past);
  }
  const isY = result.endsWith('y') && hasVowel(result.slice(0, -1));
  return isY ? `${result.slice(0, -1)}i` : result;
}

function afterPast(word: string): string {
  if (/(?:at|bl|iz)$/.test(word)) return `${word}e`;
  if (endsDouble(word) && !/[lsz]$/.test(word)) return word.slice(0, -1);
  return measure(word) === 1 && endsShort(word) ? `${word}e` : word;
}

function replaceSuffix(word: string, table: readonly (readonly [string, string])[]): string {
  for (const [suffix, replacement] of table) {
    if (!word.endsWith(suffix)) continue;
    const base = word.slice(0, -suffix.length);
    return measure(base) > 0 ? base + replacement : word;
  }
  return word;
}

function step4(word: string): string {
  for (const suffix of STEP_4) {
    if (!word.endsWith(suffix)) continue;
    const base = word.slice(0, -suffix.length);
    const isAllowed = suffix !== 'ion' || /[st]$/.test(base);
    return isAllowed && measure(base) > 1 ? base : word;
  }
  return word;
}

function step5(word: string): string {
  let result = word;
  if (result.endsWith('e')) {
    const base = result.slice(0, -1);
    const m = measure(base);
    if (m > 1 || (m === 1 && !endsShort(base))) result = base;
  }
  return result.endsWith('ll') && measure(result) > 1 ? result.slice(0, -1) : result;
}
