import { stem } from './stem.ts';

/** English function words: they say nothing about what a sentence is about. */
const STOP_WORDS = new Set(
  (
    "a about above after again all also am an and any are aren't as at be because been before " +
    "being below between both but by can can't could couldn't did didn't do does doesn't doing " +
    "don't down during each few for from further had has have having he her here hers him his how " +
    "i i'd i'll i'm i've if in into is isn't it it's its itself just me more most my no nor not " +
    'now of off on once only or other our ours out over own same she should so some such than ' +
    "that that's the their theirs them then there these they this those through to too under " +
    "until up us very was wasn't we we'd we'll we're we've were what when where which while who " +
    "whom why will with won't would you you'd you'll you're you've your yours"
  ).split(' '),
);

const WIDE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
const EACH_WIDE = new RegExp(WIDE, 'gu');
/** A run of characters from its first letter or digit on. */
const WORD = /[\p{L}\p{N}]\S*/gu;

/** Number of words: runs of characters between white space that hold a letter or digit; a CJK
 * character counts as half a word. Linear in the text. */
export function countWords(text: string): number {
  if (!WIDE.test(text)) return text.match(WORD)?.length ?? 0;
  let words = 0;
  let cjk = 0;
  for (const run of text.split(/\s+/)) {
    const wide = run.match(EACH_WIDE)?.length ?? 0;
    if (wide > 0) cjk += wide;
    else if (/[\p{L}\p{N}]/u.test(run)) words++;
  }
  return words + Math.ceil(cjk / 2);
}

/** Lower-case words in order: letters, digits and inner apostrophes. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}\p{M}]+(?:['’][\p{L}\p{N}]+)*/gu) ?? [];
}

/** Stems of the words that carry meaning, in order, with repetitions. */
export function contentStems(text: string): string[] {
  const stems: string[] = [];
  for (const word of wordsOf(text)) {
    const plain = word.replace(/’/g, "'");
    if (!STOP_WORDS.has(plain)) stems.push(stem(plain.replace(/'s$/, '')));
  }
  return stems;
}

/** Share of common members: 0 for disjoint (or empty) sets, 1 for equal ones. */
export function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let common = 0;
  for (const item of a) if (b.has(item)) common++;
  const all = a.size + b.size - common;
  return all === 0 ? 0 : common / all;
}
