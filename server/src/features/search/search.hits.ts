import type { SourceRef } from '../../platform/core/knowledge.ts';
import type { Ranked, SentenceMatch } from './search.retrieval.ts';

/** One source to show, with the best words of it. */
export interface Match {
  ref: SourceRef;
  /** Of the source, when its words were indexed; null when only its title matched. */
  version: number | null;
  /** Plain text around the best sentence; empty when the title alone matched. */
  snippet: string;
  /** The best sentence's range in the source's Markdown. */
  start: number | null;
  end: number | null;
}

const SNIPPET = 240;
/** Messages shown of one run of turns: those that hold as many of the words as the best. */
const PER_RUN = 5;

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

const coverage = (sentence: SentenceMatch, terms: ReadonlySet<string>) =>
  new Set(sentence.terms.filter((term) => terms.has(term))).size;

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
  const ref: SourceRef = { type: 'entry', id: passage.source_id, spaceId: passage.space_id };
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
  const { source_type: type, source_id: id, space_id: spaceId, version, start, end } = sentence;
  return { ref: { type, id, spaceId }, version, snippet: cut(snippet), start, end };
}

function cut(text: string): string {
  if (text.length <= SNIPPET * 2) return text;
  const end = text.lastIndexOf(' ', SNIPPET * 2);
  return `${text.slice(0, end > SNIPPET ? end : SNIPPET * 2)} …`;
}

/** Text without the characters that mark words, which its writer may have typed. */
export const unmarked = (text: string) => text.replace(/[\u0001\u0002]/g, '');

/** Text with marks (\u0001 … \u0002) as snippet and ranges. */
export function snippetOf(marked: string) {
  const highlights: { start: number; end: number }[] = [];
  let snippet = '';
  let start = 0;
  for (const part of marked.split(/([\u0001\u0002])/)) {
    if (part === '\u0001') start = snippet.length;
    else if (part === '\u0002') highlights.push({ start, end: snippet.length });
    else snippet += part;
  }
  return { snippet, highlights };
}
