import type { Ranked } from './search.retrieval.ts';
import type { QueryTerm, Statistics } from './search.terms.store.ts';

/*
 * Chosen on 129 questions about a handbook and 30 queries without sense (docs/decisions/0032): of
 * the former at least .41 is known there, of the latter at most .33.
 */

/** So much of a query, by idf, must be known among the visible passages for its words to count. */
const MIN_KNOWN = 0.38;
/** So much of it a passage must have. */
const MIN_COVERAGE = 0.25;
/** Found by meaning alone, a passage must be at least this near. */
const MIN_COSINE = 0.4;
/** The same in a small space where most of the query is unknown. */
const SMALL_COSINE = 0.45;
/** So near, and with some of the words, it is about the same although the other words are unknown. */
const SURE_COSINE = 0.6;
/** Among so many passages some word of a query that means something here is known. */
const MANY = 100;
/** Words spelt nearly like one of the query may as well be others. */
const SIMILAR = 0.5;

/**
 * Of ranked passages, those that have enough of the query or are near in meaning. Where most
 * of the query is known nowhere, the few words that are, and what the encoder makes of the others,
 * are chance: then only both together count, or in a small space the meaning.
 */
export function worthShowing(ranked: readonly Ranked[], { passages, terms }: Statistics): Ranked[] {
  const words = weighWords(terms);
  const total = sum([...words.values()].map(({ idf }) => idf));
  const known = sum([...words.values()].map(({ idf, known: share }) => idf * share)) / total;
  const isKnown = total > 0 && known >= MIN_KNOWN;
  const coverage = ({ words: own }: Ranked) =>
    sum([...new Set(own.flatMap(partsOf))].map((word) => words.get(word)?.idf ?? 0)) / total;
  return ranked.filter((passage) => {
    const isCovered = total > 0 && coverage(passage) >= MIN_COVERAGE;
    if (isKnown) return isCovered || passage.cosine >= MIN_COSINE;
    return passage.cosine >= (passages < MANY ? SMALL_COSINE : isCovered ? SURE_COSINE : Infinity);
  });
}

/** The words of a query with what they tell, and how far they are known. */
function weighWords(terms: readonly QueryTerm[]): Map<string, { idf: number; known: number }> {
  const words = new Map<string, { idf: number; known: number }>();
  const isWord = ({ kind }: QueryTerm) => kind === 'word';
  // A word that is only begun, and has no term of its own, weighs what it may become.
  const sorted = [...terms].sort((a, b) => Number(isWord(b)) - Number(isWord(a)));
  for (const { term, kind, of = term, idf, count } of sorted) {
    const share = count === 0 ? 0 : kind === 'similar' ? SIMILAR : 1;
    for (const part of partsOf(of)) {
      const word = words.get(part) ?? { idf, known: 0 };
      words.set(part, { ...word, known: Math.max(word.known, share) });
    }
  }
  return words;
}

/** Neighbours written as one have the place of both. */
const partsOf = (words: string) => words.split(' ');

const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);
