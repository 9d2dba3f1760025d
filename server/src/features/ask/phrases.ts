import { contentStems, wordsOf } from '../../platform/text/words.ts';

/** Stems of two words that stand side by side in a question: "conference room", "core hours". */
export type Phrase = readonly [string, string];

/** Between the two words of a phrase at most this many others may stand. */
const BETWEEN = 1;

/** The phrases of a question: neighbouring words that both carry meaning. */
export function phrasesOf(question: string): Phrase[] {
  const words = wordsOf(question).map((word) => contentStems(word)[0]);
  return words.flatMap((stem, i) => {
    const next = words[i + 1];
    return stem !== undefined && next !== undefined ? [[stem, next] as const] : [];
  });
}

/** Whether one of the texts holds the phrase, in either order. */
export function hasPhrase([a, b]: Phrase, texts: readonly string[]): boolean {
  return texts.some((text) => {
    const stems = contentStems(text);
    return stems.some((stem, i) => {
      const other = stem === a ? b : stem === b ? a : undefined;
      return other !== undefined && stems.slice(i + 1, i + 2 + BETWEEN).includes(other);
    });
  });
}
