import { typeOf } from '@teambrain/contract/kinds.ts';
import type { SourceRef } from '../../platform/core/knowledge.ts';
import type { Term } from '../../platform/db/terms.ts';
import type { Ranked, SentenceMatch } from './search.retrieval.ts';
import type { QueryTerm } from './search.terms.store.ts';

/** One source to show, with the best words of it. */
export interface Match {
  ref: SourceRef;
  /** Of the source, when its words were indexed; null when only its title matched. */
  version: number | null;
  /** Plain text around the best sentence; empty when the title alone matched. */
  snippet: string;
  /** The best sentence's range in the source's Markdown; null where it is the names of its files. */
  start: number | null;
  end: number | null;
}

const SNIPPET = 240;
/** Messages shown of one run of turns: those that hold as many of the words as the best. */
const PER_RUN = 20;

/**
 * The sources behind ranked passages, best first and each once. An entry is shown by its best
 * passage; of a run of chat turns the messages that hold most of the query's words, or the nearest
 * in meaning.
 */
export function bestMatches(
  passages: readonly Ranked[],
  sentences: readonly SentenceMatch[],
  terms: ReadonlySet<string>,
): Match[] {
  const byPassage = new Map<string, SentenceMatch[]>();
  for (const sentence of sentences) {
    const own = byPassage.get(sentence.passage_id);
    if (own) own.push(sentence);
    else byPassage.set(sentence.passage_id, [sentence]);
  }
  const matches = new Map<string, Match>();
  for (const passage of passages) {
    const own = byPassage.get(passage.id) ?? [];
    const found =
      passage.kind === 'message' ? bestMessages(own, terms) : bestOfEntry(passage, own, terms);
    for (const match of found) {
      const key = `${match.ref.spaceId}/${match.ref.id}`;
      if (!matches.has(key)) matches.set(key, match);
    }
  }
  return [...matches.values()];
}

const coverage = ({ found }: SentenceMatch, terms: ReadonlySet<string>) => {
  let count = 0;
  for (const term of terms) if (found.has(term)) count += 1;
  return count;
};

const value = (sentence: SentenceMatch, terms: ReadonlySet<string>) =>
  coverage(sentence, terms) + Math.max(0, sentence.cosine);

function bestMessages(own: SentenceMatch[], terms: ReadonlySet<string>): Match[] {
  const ranked = [...own].sort((a, b) => value(b, terms) - value(a, terms));
  const [best] = ranked;
  if (!best) return [];
  const most = coverage(best, terms);
  const equal = ranked.filter((sentence) => most > 0 && coverage(sentence, terms) === most);
  return (equal.length > 0 ? equal : [best])
    .slice(0, PER_RUN)
    .map((sentence) => toMatch(sentence, own));
}

function bestOfEntry(passage: Ranked, own: SentenceMatch[], terms: ReadonlySet<string>): Match[] {
  const [best] = [...own].sort((a, b) => value(b, terms) - value(a, terms));
  if (best) return [toMatch(best, own)];
  const ref: SourceRef = {
    type: typeOf(passage.kind),
    id: passage.source_id,
    spaceId: passage.space_id,
  };
  return [onlyTitle(ref)];
}

/** A source of which no words can be shown. */
export const onlyTitle = (ref: SourceRef): Match => ({
  ref,
  version: null,
  snippet: '',
  start: null,
  end: null,
});

/** The sentence with as many of its followers in the same source as fit. */
function toMatch(sentence: SentenceMatch, own: SentenceMatch[]): Match {
  let snippet = sentence.text;
  for (const next of own.slice(own.indexOf(sentence) + 1)) {
    if (next.source_id !== sentence.source_id) break;
    if (snippet.length + next.text.length >= SNIPPET) break;
    snippet += ` ${next.text}`;
  }
  const { source_type: type, source_id: id, space_id: spaceId, version } = sentence;
  // Names of files are nowhere in a message's text.
  const { start, end } = sentence.end > sentence.start ? sentence : { start: null, end: null };
  return { ref: { type, id, spaceId }, version, snippet: cut(snippet), start, end };
}

function cut(text: string): string {
  if (text.length <= SNIPPET * 2) return text;
  const end = text.lastIndexOf(' ', SNIPPET * 2);
  return `${text.slice(0, end > SNIPPET ? end : SNIPPET * 2)} …`;
}

interface Range {
  start: number;
  end: number;
  /** How many words it is made of. */
  words: number;
}

/**
 * Ranges of the words that are looked for, those that overlap as one. Two characters of a script
 * without spaces are marked where they are as much as was looked for, and else where they are alone.
 */
export function highlightsOf(
  words: readonly Term[],
  looked: readonly QueryTerm[],
  query: readonly Term[],
) {
  const terms = new Map(looked.map(({ term, kind }) => [term, kind]));
  const found = words.filter(({ term, kind }) => {
    const as = terms.get(term);
    // What only begins like the word being typed is not marked beyond that word.
    return as !== undefined && !(kind === 'joined' && as === 'prefix');
  });
  const pairs = merge(found.filter(isPair));
  const enough = Math.min(Infinity, ...merge(query.filter(isPair)).map((run) => run.words));
  const whole = pairs.filter((run) => run.words >= enough);
  const others = found.filter((word) => !isPair(word));
  return merge([...(whole.length > 0 ? whole : pairs), ...others]).map(({ start, end }) => ({
    start,
    end,
  }));
}

const isPair = ({ kind, term }: Term) => kind === 'exact' && /^\p{L}/u.test(term);

function merge(words: readonly { start: number; end: number }[]): Range[] {
  const ranges: Range[] = [];
  for (const { start, end } of [...words].sort((a, b) => a.start - b.start)) {
    const last = ranges.at(-1);
    if (last && start < last.end) {
      last.end = Math.max(last.end, end);
      last.words += 1;
    } else ranges.push({ start, end, words: 1 });
  }
  return ranges;
}
