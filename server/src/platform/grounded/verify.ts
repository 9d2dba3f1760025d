import { isForEncoder } from '../text/language.ts';
import { contentStems } from '../text/words.ts';
import { saysDay, takeDates } from './dates.ts';
import { knownNamesIn, ordinaryWords, unknownNames, vocabularyOf } from './names.ts';
import { supports, valuesOf } from './numbers.ts';
import { plainSentence } from './plain-sentence.ts';
import { fold, locate, type Foldable, type Range } from './quotes.ts';

/** A passage that a prompt held. */
export interface Evidence {
  /** Exact slice of its source. */
  text: string;
  /** What else is known of it, which a sentence may name: title, heading, author. */
  about: readonly string[];
}

/** What a model says, with what it says that rests on; nothing of it is believed. */
export interface Claim {
  sentence: string;
  quotes: readonly { passage: number; quote: string }[];
}

/** A sentence that may be shown. */
export interface Verified {
  text: string;
  /** Where the passages say what it rests on: position among the evidence, range in its text. */
  quotes: (Range & { passage: number })[];
}

/** Why a sentence is dropped. */
export type Fault = 'text' | 'quote' | 'number' | 'date' | 'name' | 'words' | 'negation';

export type Verify = (claim: Claim) => Verified | Fault;

const MAX_QUOTES = 4;
/** Share of a sentence's words that its quotes, or what is around them, must have. */
const SHARED = 0.4;
const NEGATION =
  /\b(?:not|never|no|none|nobody|nothing|nor|neither|cannot|without|except|unless|avoid|forbidden|prohibited|refused?|unable|\w+n['’]t)\b/i;

/**
 * The only way from a model to a reader. Makes the check of one answer's sentences against the
 * passages its prompt held (numbered from 1 there): each needs an exact quote, its numbers, dates and
 * names are those of its quotes, and (where sentence and quotes are English) so are enough of its
 * words, and whether it denies. Pure.
 */
export function createVerify(evidence: readonly Evidence[], people: readonly string[]): Verify {
  const folded = new Map<number, Foldable>();
  const ordinary = ordinaryWords(evidence.map(({ text }) => text));
  const foldedAt = (passage: number): Foldable | null => {
    const piece = evidence[passage];
    if (!piece) return null;
    const known = folded.get(passage) ?? fold(piece.text);
    folded.set(passage, known);
    return known;
  };
  return ({ sentence, quotes }) => {
    const text = plainSentence(sentence);
    if (text === null) return 'text';
    const found = quotes.slice(0, MAX_QUOTES).flatMap(({ passage, quote }) => {
      const place = foldedAt(passage - 1);
      const range = place && locate(quote, place);
      return range ? [{ passage: passage - 1, ...range }] : [];
    });
    if (found.length === 0) return 'quote';
    const quoted = found.map((one) => evidence[one.passage]?.text.slice(one.start, one.end) ?? '');
    const around = found.flatMap(({ passage }) => evidence[passage]?.about ?? []);
    const fault = faultOf(text, { quoted, around, ordinary, people });
    return fault ?? { text, quotes: found };
  };
}

interface Ground {
  quoted: readonly string[];
  around: readonly string[];
  ordinary: ReadonlySet<string>;
  people: readonly string[];
}

function faultOf(text: string, { quoted, around, ordinary, people }: Ground): Fault | null {
  const said = takeDates(text);
  const known = quoted.map(takeDates);
  const days = known.flatMap((one) => one.days);
  if (!said.days.every((day) => days.some((other) => saysDay(other, day)))) return 'date';
  // A part of a quoted date may be said alone: the year, or the day.
  const parts = quoted.flatMap(valuesOf);
  if (!supports([...parts, ...known.flatMap(({ rest }) => valuesOf(rest))], valuesOf(said.rest))) {
    return 'number';
  }
  const named = knownNamesIn(text, people);
  const grounds = [...quoted, ...around].join('\n');
  if (named.some((name) => knownNamesIn(grounds, [name]).length === 0)) return 'name';
  if (!isForEncoder(text) || !quoted.every(isForEncoder)) return null;
  const evidence = vocabularyOf([...quoted, ...around]);
  if (unknownNames(said.rest, evidence, ordinary).length > 0) return 'name';
  if (!sharesWords(text, quoted, grounds)) return 'words';
  return NEGATION.test(text) === quoted.some((one) => NEGATION.test(one)) ? null : 'negation';
}

function sharesWords(text: string, quoted: readonly string[], grounds: string): boolean {
  const stems = [...new Set(contentStems(text))];
  if (stems.length === 0) return false;
  const ofQuotes = new Set(contentStems(quoted.join('\n')));
  const all = new Set(contentStems(grounds));
  const shared = stems.filter((one) => all.has(one)).length;
  return stems.some((one) => ofQuotes.has(one)) && shared >= SHARED * stems.length;
}
