import type { Care } from './care.ts';
import { sentencesOf, type Sentence } from './sentences.ts';
import { countWords } from './words.ts';

/** A message's sentences and how many words they have. */
export interface Cut {
  sentences: Sentence[];
  words: number;
}

/** Cuts a chat message into sentences. */
export function cutMessage({ text }: { text: string }, care?: Care): Cut {
  const sentences = sentencesOf(text, { joinShort: true, ...(care ? { care } : {}) });
  return { sentences, words: sentences.reduce((sum, { text: own }) => sum + countWords(own), 0) };
}
