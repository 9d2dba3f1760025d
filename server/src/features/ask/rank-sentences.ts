import type {
  Retrieved,
  RetrievedPassage,
  RetrievedSentence,
} from '../../platform/core/knowledge.ts';
import { isQuestion, questionType, typeMatch } from './question-type.ts';

/** What a sentence is scored by; all but `cosine` lie between 0 and 1.5. */
export interface SentenceFeatures {
  cosine: number;
  /** Idf-weighted share of the question's terms in the sentence. */
  coverage: number;
  /** The same, in the sentence and its two neighbours. */
  coverageAround: number;
  /** The same, in the passage with title and headings. */
  coveragePassage: number;
  /** The passage's hybrid score. */
  passage: number;
  typeMatch: number;
}

/**
 * Weights of the linear score, from shared/design/AI.md, section 3. Fitting them anew on clapnq-dev
 * (cross-validated) gained less than chance would; bench/quality/answer.ts measures them.
 */
const WEIGHTS: SentenceFeatures = {
  cosine: 8.1,
  coverage: 3.2,
  coverageAround: 3.6,
  coveragePassage: 3.0,
  passage: 9.5,
  typeMatch: 1.6,
};

export interface RankedSentence {
  sentence: RetrievedSentence;
  passage: RetrievedPassage;
  /** Position in `passage.sentences`. */
  index: number;
  features: SentenceFeatures;
  score: number;
}

/** Sentences of so many passages are candidates. */
const TOP_PASSAGES = 5;

/**
 * The sentences of the best passages that may answer, best first. Sentences that ask something
 * themselves are left out. Ties keep the order of retrieval, so the result is deterministic.
 */
export function rankSentences(question: string, retrieved: Retrieved): RankedSentence[] {
  const type = questionType(question);
  const share = shareOf(retrieved.terms);
  const ranked: RankedSentence[] = [];
  for (const passage of retrieved.passages.slice(0, TOP_PASSAGES)) {
    const coveragePassage = share([passage.terms]);
    for (const [index, sentence] of passage.sentences.entries()) {
      if (isQuestion(sentence.text)) continue;
      const around = passage.sentences.slice(Math.max(0, index - 1), index + 2);
      const features: SentenceFeatures = {
        cosine: sentence.cosine,
        coverage: share([sentence.terms]),
        coverageAround: share(around.map(({ terms }) => terms)),
        coveragePassage,
        passage: passage.score,
        typeMatch: typeMatch(type, question, sentence.text),
      };
      ranked.push({ sentence, passage, index, features, score: scoreOf(features) });
    }
  }
  return ranked.sort((a, b) => b.score - a.score);
}

/** A function that gives the idf-weighted share of the question's terms found in term lists. */
function shareOf(terms: Retrieved['terms']): (lists: string[][]) => number {
  const total = terms.reduce((sum, { idf }) => sum + idf, 0);
  return (lists) => {
    if (total <= 0) return 0;
    const found = new Set(lists.flat());
    return terms.reduce((sum, { term, idf }) => sum + (found.has(term) ? idf : 0), 0) / total;
  };
}

function scoreOf(features: SentenceFeatures): number {
  return (
    WEIGHTS.cosine * features.cosine +
    WEIGHTS.coverage * features.coverage +
    WEIGHTS.coverageAround * features.coverageAround +
    WEIGHTS.coveragePassage * features.coveragePassage +
    WEIGHTS.passage * features.passage +
    WEIGHTS.typeMatch * features.typeMatch
  );
}
