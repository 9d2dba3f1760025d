import { searchWordsOf } from './search-words.ts';

/** How much the words of a passage weigh in it, by their forms and before they are stemmed. */
export interface WordWeights {
  /** Forms that may have to be stemmed. */
  words: Map<string, number>;
  /** Forms that are found as they are: pairs of characters, emoji, names with signs. */
  exact: Map<string, number>;
}

/** Each word of the text counts once, each of the title and heading twice. */
export function weighWords(text: string, headings: string): WordWeights {
  const weights: WordWeights = { words: new Map(), exact: new Map() };
  for (const [source, weight] of [[text, 1] as const, [headings, 2] as const]) {
    for (const { form, kind } of searchWordsOf(source)) {
      const own = kind === 'exact' ? weights.exact : weights.words;
      own.set(form, (own.get(form) ?? 0) + weight);
    }
  }
  return weights;
}
