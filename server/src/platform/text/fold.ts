/** A text in which each character has one form, with the place of each unit in the text it came from. */
export interface Readable {
  text: string;
  /** Start of the range of the source that became the unit at this index. */
  startOf(index: number): number;
  /** End of the range of the source that became the unit at this index. */
  endOf(index: number): number;
}

const ASCII = /^\p{ASCII}*$/u;
/**
 * ASCII that nothing combines with; Korean letters that make a syllable; a character with its marks
 * (half-width katakana have theirs as letters). Linear, which Intl.Segmenter is not in Node 20. At
 * most 30 marks, as in Unicode's stream-safe text: normalizing takes quadratic time in their number.
 */
const CLUSTER =
  /\p{ASCII}+(?=\p{ASCII}|$)|[\u1100-\u115F\uA960-\uA97C][\u1160-\u11A7\uD7B0-\uD7C6]{0,30}[\u11A8-\u11FF\uD7CB-\uD7FB]{0,30}|\P{M}[\p{M}\uFF9E\uFF9F]{0,30}|\p{M}{1,30}/gsu;
/** Nothing to see: soft hyphens, zero-width spaces and joiners, directions. Emoji need the last two. */
const UNSEEN = /^(?![\u200D\u{E0020}-\u{E007F}])\p{Cf}/u;
const PICTURE = /^[\p{Extended_Pictographic}\p{Emoji_Modifier}]/u;

/** NFKC without invisible characters; the joiner stays inside emoji. */
export function readable(source: string): Readable {
  if (ASCII.test(source)) return { text: source, startOf: (i) => i, endOf: (i) => i + 1 };
  const starts: number[] = [];
  const ends: number[] = [];
  let text = '';
  let isPicture = false;
  for (const { 0: cluster, index } of source.matchAll(CLUSTER)) {
    const isKept = cluster.startsWith('\u200D') ? isPicture : !UNSEEN.test(cluster);
    isPicture = PICTURE.test(cluster);
    if (!isKept) continue;
    const isPlain = cluster.length > 1 && ASCII.test(cluster);
    const form = isPlain ? cluster : cluster.normalize('NFKC');
    for (let unit = 0; unit < form.length; unit += 1) {
      starts.push(isPlain ? index + unit : index);
      ends.push(index + (isPlain ? unit + 1 : cluster.length));
    }
    text += form;
  }
  const length = source.length;
  return { text, startOf: (i) => starts[i] ?? length, endOf: (i) => ends[i] ?? length };
}

/** Letters that are no base letter with a mark, as people write who lack them. */
const LETTERS: Record<string, string> = {
  ...{ ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ð: 'd', þ: 'th', ł: 'l', ħ: 'h', ı: 'i' },
  ...{ ŋ: 'n', ς: 'σ', ى: 'ي', ة: 'ه', ـ: '' },
};
const SPECIAL = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'gu');
/** Marks that people leave out, behind the letter: of some scripts all of them. */
const MARKED = /([\p{sc=Latin}\p{sc=Greek}\p{sc=Hebrew}\p{sc=Arabic}])\p{M}+/gu;
/** In Cyrillic those of ё and of stress, not of й. */
const CYRILLIC_MARK = /(?<=\p{sc=Cyrillic})[\u0300\u0301]|(?<=е)\u0308/gu;
/** No form needs more of a word, and normalizing many marks takes quadratic time. */
const MAX_LENGTH = 400;

/** A word in small letters without accents, and with the digits 0 to 9; of a very long one its start. */
export function foldedForm(word: string): string {
  const small = word.slice(0, MAX_LENGTH).toLowerCase();
  if (ASCII.test(small)) return small;
  return small
    .normalize('NFD')
    .replace(MARKED, '$1')
    .replace(CYRILLIC_MARK, '')
    .normalize('NFC')
    .replace(SPECIAL, (letter) => LETTERS[letter] ?? letter)
    .replace(/(?!\p{ASCII})\p{Nd}/gu, digitOf);
}

/** Digits stand in tens, from 0 to 9. */
function digitOf(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  let value = 0;
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) value += 1;
  return String(value);
}
