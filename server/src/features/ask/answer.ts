import type {
  Retrieved,
  RetrievedPassage,
  RetrievedSentence,
} from '../../platform/core/knowledge.ts';
import { jaccard } from '../../platform/text/words.ts';
import { questionType } from './question-type.ts';
import { coverageOf, ownQuestion, rankSentences, type RankedSentence } from './rank-sentences.ts';
import { isPlaceholder } from './sentence-cues.ts';

/** What of the retrieved passages to show for a question. */
export interface Choice {
  /** `maybe`: quotes that may help, without the claim that they answer. */
  status: 'answered' | 'maybe' | 'unknown';
  /** Best first, of at most two sources; none with `unknown`. */
  quotes: Quote[];
  /** Whether the best one is what somebody answered to that very question, asked in the same way. */
  isReply: boolean;
  /** A passage of the page whose title or heading is the question. */
  page: RetrievedPassage | null;
  /** Only with `unknown`: up to three passages near the question, each with its nearest sentence. */
  nearest: { passage: RetrievedPassage; sentence: RetrievedSentence | undefined }[];
}

export type Quote = Pick<RankedSentence, 'sentence' | 'passage'>;

/**
 * Operating points on `confidenceOf`; `npm run bench:quality` measures what they cost.
 * Without sentence vectors (another language, no encoder) a passage scores at most 1 instead of
 * 1.5, and the same share of questions is refused at lower scores.
 */
export const TIERS = {
  withMeaning: { answered: 0.65, maybe: 0.46 },
  wordsOnly: { answered: 0.45, maybe: 0.32 },
};
/**
 * "Found" needs evidence at the quote itself: most of the question's words in it, its title and
 * headings, half of them in it and its neighbours, those it is most about, and (where the encoder can
 * tell) its meaning; or a heading that is the question. On clapnq-dev this leaves a third of what is
 * wrongly called found, and two thirds of what rightly is; the rest is offered.
 */
const EVIDENCE = {
  specific: 0.6,
  coverage: 0.6,
  words: 0.5,
  cosine: 0.35,
  /** So many of the words are the meaning. */
  nearlyAll: 0.8,
  named: 0.8,
  nearby: 0.25,
  /** Of a question the text itself answers, in an FAQ or under a heading. */
  sameQuestion: 0.6,
};
/** In a question of so few terms their being side by side is most of its meaning. */
const FEW_TERMS = 3;
const MAX_QUOTES = 3;
const MAX_SOURCES = 2;
/** A further quote scores at most so much below the best one; less from another place. */
const MARGIN = { samePassage: 2, elsewhere: 1 };
const SAME = 0.6;
const MAX_NEAREST = 3;
/** A passage is near a question by words or by meaning. */
const NEAREST = { coverage: 0.3, cosine: 0.5 };

/**
 * Chooses what to show of retrieved passages without a language model: one to three sentences, best
 * first, or none with the nearest passages. Pure and deterministic.
 */
export function composeAnswer(question: string, retrieved: Retrieved): Choice {
  const tiers = tiersFor(retrieved);
  const ranked = leadFirst(rankSentences(question, retrieved));
  const usable = ranked.filter((item) => confidenceOf(item) >= tiers.maybe);
  const best = usable[0];
  const page = ranked.find(leads)?.passage ?? null;
  if (!best || retrieved.terms.length === 0) {
    const nearest = nearestOf(retrieved);
    return { status: 'unknown', quotes: [], isReply: false, page, nearest };
  }
  const isSure = confidenceOf(best) >= tiers.answered && hasEvidence(best, retrieved);
  const floor = isSure ? tiers.answered : tiers.maybe;
  const near = usable.filter(({ passage }) => passage.score >= Math.min(floor, best.passage.score));
  const isReply = best.isReply && isAskedSo(question, best.passage);
  const status = isSure ? 'answered' : 'maybe';
  return { status, quotes: asWritten(choose(near)), isReply, page, nearest: [] };
}

/** Whether the text's own question wants the same kind of answer: who, when, which, … */
function isAskedSo(question: string, passage: RetrievedPassage): boolean {
  const own = ownQuestion(passage);
  return own !== null && questionType(own.text) === questionType(question);
}

/** A page whose title or heading is the question comes before what only has its words. */
const leads = ({ named, passage }: RankedSentence) =>
  named >= EVIDENCE.named && passage.kind !== 'message';

function leadFirst(ranked: RankedSentence[]): RankedSentence[] {
  return [...ranked.filter(leads), ...ranked.filter((item) => !leads(item))];
}

function tiersFor({ passages }: Retrieved): { answered: number; maybe: number } {
  return hasMeaning(passages) ? TIERS.withMeaning : TIERS.wordsOnly;
}

/** Whether the encoder compared the sentences with the question: see isForEncoder. */
const hasMeaning = (passages: readonly RetrievedPassage[]) =>
  passages.some(({ sentences }) => sentences.some(({ cosine }) => cosine !== 0));

/**
 * How sure a quote is to answer, on the scale of the passage score: that score with some weight on
 * the words of the question around the quote, which the passage as a whole may only have elsewhere.
 * Text under a title or heading that is the question counts as sure: an answer does not repeat the question.
 */
export function confidenceOf({ features, words, isReply, named }: RankedSentence): number {
  return Math.max((features.passage + 0.3 * words) / 1.23, isReply ? named : 0);
}

function hasEvidence(item: RankedSentence, { terms, passages }: Retrieved): boolean {
  const { features, words, specific, hasPhrase } = item;
  if (features.trouble > 0 || features.dangling === 1) return false;
  if (isPlaceholder(item.sentence.text)) return false;
  if (item.isReply) return true;
  if (features.heading >= EVIDENCE.named && features.cosine >= EVIDENCE.nearby) return true;
  if (specific < EVIDENCE.specific || (terms.length <= FEW_TERMS && !hasPhrase)) return false;
  if (words < EVIDENCE.words || features.coverage < EVIDENCE.coverage) return false;
  if (answersAnother(item, terms)) return false;
  if (words >= EVIDENCE.nearlyAll || !hasMeaning(passages)) return true;
  return features.cosine >= EVIDENCE.cosine;
}

/** Whether the text answers a question of its own, in its title or last heading, and that is another. */
function answersAnother({ passage }: RankedSentence, terms: Retrieved['terms']): boolean {
  const own = ownQuestion(passage);
  return own ? coverageOf(terms)([own.lexemes]) < EVIDENCE.sameQuestion : false;
}

/** The best sentence and up to two more that are nearly as good and say something else. */
function choose(ranked: RankedSentence[]): RankedSentence[] {
  const chosen: RankedSentence[] = [];
  for (const candidate of ranked) {
    const best = chosen[0] ?? candidate;
    const isNear = candidate.passage === best.passage;
    const margin = isNear ? MARGIN.samePassage : MARGIN.elsewhere;
    if (chosen.length === MAX_QUOTES) break;
    if (candidate.score < best.score - margin || exceedsSources(chosen, candidate)) continue;
    if (!chosen.some(({ sentence }) => repeats(sentence, candidate.sentence))) {
      chosen.push(candidate);
    }
  }
  return chosen;
}

/** The answer of an FAQ that asks the question is read in its own order; other quotes come after it. */
function asWritten(chosen: RankedSentence[]): RankedSentence[] {
  const [best] = chosen;
  if (best?.passage.kind !== 'faq' || !leads(best)) return chosen;
  const own = chosen.filter(({ passage }) => passage === best.passage);
  const others = chosen.filter(({ passage }) => passage !== best.passage);
  return [...own.sort((a, b) => a.sentence.start - b.sentence.start), ...others];
}

function repeats(a: RetrievedSentence, b: RetrievedSentence): boolean {
  if (a.text === b.text) return true;
  return jaccard(new Set(a.terms), new Set(b.terms)) > SAME;
}

function exceedsSources(chosen: RankedSentence[], { sentence }: RankedSentence): boolean {
  const sources = new Set(chosen.map((item) => item.sentence.ref.id));
  return sources.size >= MAX_SOURCES && !sources.has(sentence.ref.id);
}

/** Up to three passages near the question, best first, each with its nearest sentence. */
export function nearestOf(retrieved: Retrieved): Choice['nearest'] {
  const coverage = coverageOf(retrieved.terms);
  const seen = new Set<string>();
  return retrieved.passages
    .filter(
      ({ terms, sentences }) =>
        coverage([terms]) >= NEAREST.coverage ||
        sentences.some(({ cosine }) => cosine >= NEAREST.cosine),
    )
    .filter(({ sourceId }) => !seen.has(sourceId) && seen.add(sourceId))
    .slice(0, MAX_NEAREST)
    .map((passage) => {
      const fit = ({ terms, cosine }: RetrievedSentence) => coverage([terms]) + cosine;
      const [sentence] = [...passage.sentences].sort((a, b) => fit(b) - fit(a));
      return { passage, sentence };
    });
}
