import type {
  Retrieved,
  RetrievedPassage,
  RetrievedSentence,
} from '../../platform/core/knowledge.ts';
import { hasPhrase, phrasesOf, type Phrase } from './phrases.ts';
import { questionType, typeMatch } from './question-type.ts';
import { addressee, dangling, isQuestion, isTrouble } from './sentence-cues.ts';
import { isUnfit } from './unfit.ts';

/** What a sentence is scored by; all but `cosine` lie between 0 and 1.5. */
export interface SentenceFeatures {
  cosine: number;
  /** Idf-weighted share of the question's terms in the sentence, its title and headings. */
  coverage: number;
  /** The same, with the two neighbours of the sentence. */
  coverageAround: number;
  /** The same, in the whole passage. */
  coveragePassage: number;
  /** The passage's hybrid score. */
  passage: number;
  typeMatch: number;
  /** How nearly the title or a heading is the question; less further below it. */
  heading: number;
  /** 1 for a line of chat that answers someone's question, by name or as the next turn. */
  reply: number;
  /** 1 for a line of chat: an opinion, where a document, FAQ or decision was agreed on. */
  chat: number;
  /** 1 for a line of chat that tells of a trouble. */
  trouble: number;
  /** 1 or ½ for a sentence that breaks off or leans on one that is not quoted. */
  dangling: number;
}

/**
 * Weights of the linear score: the first six from shared/design/AI.md, section 3 (fitting them anew
 * on clapnq-dev gained less than chance would), the others chosen on questions to a handbook and a
 * chat (docs/decisions/0008). `npm run bench:quality` measures them.
 */
const WEIGHTS: SentenceFeatures = {
  cosine: 8.1,
  coverage: 3.2,
  coverageAround: 3.6,
  coveragePassage: 3.0,
  passage: 9.5,
  typeMatch: 1.6,
  heading: 4,
  reply: 1.5,
  chat: -1,
  trouble: -4,
  dangling: -2,
};

export interface RankedSentence {
  sentence: RetrievedSentence;
  passage: RetrievedPassage;
  /** Position in `passage.sentences`. */
  index: number;
  features: SentenceFeatures;
  /** Share of the question's terms in the sentence and its two neighbours alone. */
  words: number;
  /** Share of the question's most specific terms near the sentence, in the title or a heading. */
  specific: number;
  /** Whether a phrase of the question is there too; true for a question without phrases. */
  hasPhrase: boolean;
  /** How nearly the title or a heading of the passage is the question, 0 to 1. */
  named: number;
  /** Whether the text is what somebody wrote under that very question: an FAQ, or below a heading. */
  isReply: boolean;
  score: number;
}

/** Sentences of so many passages are candidates. */
const TOP_PASSAGES = 8;
/** The rarest terms that make up so much of a question's idf are what it is about. */
const SPECIFIC = 0.5;
/** Stems of what "how many", "how long" ask by; an answer has a number instead. */
const MEASURES = new Set(['mani', 'much', 'long', 'often', 'soon', 'old', 'far']);

/**
 * The sentences of the best passages that may answer, best first. Questions, examples and pointers
 * to other pages are left out. Ties keep the order of retrieval, so the result is deterministic.
 */
export function rankSentences(question: string, retrieved: Retrieved): RankedSentence[] {
  const telling = retrieved.terms.filter(({ term }) => !MEASURES.has(term));
  const context: Context = {
    question,
    type: questionType(question),
    words: new Set(retrieved.words.filter((word) => word !== '' && !MEASURES.has(word))),
    phrases: phrasesOf(retrieved.words),
    share: coverageOf(telling),
    shareOfSpecific: coverageOf(specificOf(telling)),
  };
  const ranked = retrieved.passages
    .slice(0, TOP_PASSAGES)
    .flatMap((passage) => rankPassage(context, passage));
  return ranked.sort((a, b) => b.score - a.score);
}

type Share = (lists: string[][]) => number;

interface Context {
  question: string;
  type: ReturnType<typeof questionType>;
  words: ReadonlySet<string>;
  phrases: Phrase[];
  share: Share;
  shareOfSpecific: Share;
}

function rankPassage(context: Context, passage: RetrievedPassage): RankedSentence[] {
  const { question, type, phrases, share, shareOfSpecific } = context;
  const { sentences } = passage;
  const coveragePassage = share([passage.terms]);
  const named = Math.max(0, ...passage.names.map((name) => nameMatch(context.words, name)));
  const isReply = repliesToQuestion(context.words, passage);
  const head = passage.names.flat();
  const isChat = passage.kind === 'message';
  return sentences.flatMap((sentence, index) => {
    if (isUnfit(question, passage, index)) return [];
    const near = sentences.slice(Math.max(0, index - 1), index + 2);
    const around = near.map(({ terms }) => terms);
    const features: SentenceFeatures = {
      cosine: sentence.cosine,
      coverage: share([sentence.terms, head]),
      coverageAround: share([...around, head]),
      coveragePassage,
      passage: passage.score,
      typeMatch: typeMatch(type, question, sentence.text),
      heading: named / (1 + index / 2),
      reply: isChat && repliesTo(context, sentences, index) ? 1 : 0,
      chat: isChat ? 1 : 0,
      trouble: isChat && isTrouble(sentence.text) ? 1 : 0,
      dangling: dangling(sentence.text, index + 1 < sentences.length),
    };
    const specific = shareOfSpecific([...around, head]);
    const texts = [...passage.names, ...around];
    const isPhrased = phrases.length === 0 || phrases.some((phrase) => hasPhrase(phrase, texts));
    const evidence = { words: share(around), specific, hasPhrase: isPhrased, named, isReply };
    return [{ sentence, passage, index, features, ...evidence, score: scoreOf(features) }];
  });
}

/** The rarest terms, up to the one that completes the share, with all that are as rare as it. */
function specificOf(terms: Retrieved['terms']): Retrieved['terms'] {
  const rarest = [...terms].sort((a, b) => b.idf - a.idf);
  let missing = SPECIFIC * rarest.reduce((sum, { idf }) => sum + idf, 0);
  const last = rarest.find(({ idf }) => (missing -= idf) <= 0);
  return rarest.filter(({ idf }) => idf >= (last?.idf ?? 0));
}

/** A function that gives the idf-weighted share of the terms that is found in term lists. */
export function coverageOf(terms: Retrieved['terms']): Share {
  const total = terms.reduce((sum, { idf }) => sum + idf, 0);
  return (lists) => {
    if (total <= 0) return 0;
    const found = new Set(lists.flat());
    return terms.reduce((sum, { term, idf }) => sum + (found.has(term) ? idf : 0), 0) / total;
  };
}

/** 0 to 1: how many words of the question a title or heading has, and how few others. */
function nameMatch(asked: ReadonlySet<string>, lexemes: readonly string[]): number {
  const name = new Set(lexemes.filter((lexeme) => !MEASURES.has(lexeme)));
  if (asked.size === 0 || name.size === 0) return 0;
  const common = [...asked].filter((word) => name.has(word)).length;
  return (common / asked.size) * (0.5 + 0.5 * (common / name.size));
}

/** From here on a name says what the question says: it has every word of it and hardly another. */
const SAME_QUESTION = 0.9;
/** A name of one word is a topic, whatever is asked about it. */
const MIN_WORDS = 2;

/**
 * Whether the nearest name above the text is a question, and the one that is asked. Question words do
 * not count (they are stop words): whether it is answered in its kind is seen in what is shown.
 */
function repliesToQuestion(asked: ReadonlySet<string>, passage: RetrievedPassage): boolean {
  if (passage.kind === 'message' || asked.size < MIN_WORDS) return false;
  const question = ownQuestion(passage);
  return question !== null && nameMatch(asked, question.lexemes) >= SAME_QUESTION;
}

/** The question that the text itself answers: its last heading, else its title; null for none. */
export function ownQuestion({ kind, title, heading, names }: RetrievedPassage) {
  const last = heading.split(' › ').at(-1) ?? '';
  if (isQuestion(last)) return { text: last, lexemes: names.at(-1) ?? [] };
  const isAsked = isQuestion(title) && (kind === 'faq' || heading === '');
  return isAsked ? { text: title, lexemes: names[0] ?? [] } : null;
}

/** How many lines above a reply its question may be. */
const REPLY_WITHIN = 6;

/** Whether a line answers a question on the same matter: by its asker's name, or as the next turn. */
function repliesTo({ share }: Context, sentences: RetrievedSentence[], index: number): boolean {
  const line = sentences[index];
  if (!line) return false;
  const name = addressee(line.text);
  const above = sentences.slice(Math.max(0, index - REPLY_WITHIN), index);
  return above.some((asked, at) => {
    if (!isQuestion(asked.text) && !isTrouble(asked.text)) return false;
    if (asked.author === line.author || share([asked.terms]) < 0.5) return false;
    const isNext = at === above.length - 1;
    return isNext || (name !== null && asked.author.toLowerCase() === name);
  });
}

function scoreOf(features: SentenceFeatures): number {
  const names = Object.keys(WEIGHTS) as (keyof SentenceFeatures)[];
  return names.reduce((sum, name) => sum + WEIGHTS[name] * features[name], 0);
}
