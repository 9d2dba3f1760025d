import type { Answer, Found } from '@teambrain/contract/ask.ts';
import type { KnownSource, SourceRef } from '../../platform/core/knowledge.ts';
import type { Sentence } from '../../platform/text/sentences.ts';
import type { Quote } from './answer.ts';
import { excerptOf, windowAround, type Excerpt, type Line, type Surroundings } from './context.ts';
import { isQuestion } from './sentence-cues.ts';
import { shownText } from './shown-text.ts';
import { isPointer } from './unfit.ts';

type Shown = Pick<Answer, 'sentences' | 'citations' | 'found'>;

/** The sentences of each text, short ones joined. @throws ProblemError `busy` */
export type ReadTexts = (texts: readonly string[]) => Promise<(readonly Sentence[])[]>;

interface Place {
  source: KnownSource;
  excerpts: Excerpt[];
}

/**
 * The quotes that their sources still say, best first, each in its excerpt; excerpts of a source stay
 * together. A quote that is a neighbour of a better one is marked there. No line is given twice.
 */
export async function showQuotes(
  quotes: readonly Quote[],
  known: (ref: SourceRef) => KnownSource | undefined,
  read: ReadTexts,
): Promise<Shown> {
  const places = new Map<string, Place>();
  const said: { line: Line; source: KnownSource }[] = [];
  const seen = new Set<string>();
  for (const { source, quote, excerpt } of await excerptsOf(quotes, known, read)) {
    const place = places.get(quote.sentence.ref.id) ?? { source, excerpts: [] };
    let lines = promoted(place, quote);
    if (lines === null) {
      const { heading } = excerpt;
      lines = newLines(excerpt, source, seen);
      if (!lines.some(({ role }) => role === 'quote')) continue;
      place.excerpts.push({ heading, lines });
      places.set(quote.sentence.ref.id, place);
    }
    for (const role of ['quote', 'part'] as const) {
      said.push(...lines.filter((line) => line.role === role).map((line) => ({ line, source })));
    }
  }
  return {
    sentences: said.map(({ line }, i) => ({ text: line.text, citations: [i] })),
    citations: said.map(({ line: { start, end }, source }) => ({
      source: source.card,
      version: source.version,
      start,
      end,
      quote: source.text.slice(start, end),
    })),
    found: [...places.values()].map(foundIn),
  };
}

/** What a message quotes is somebody else's: its author did not say it. */
const isSecondHand = (text: string, start: number): boolean =>
  /^[ \t]*>/.test(text.slice(text.lastIndexOf('\n', start - 1) + 1, start + 1));

/** Of those quotes that their sources still say. */
async function excerptsOf(
  quotes: readonly Quote[],
  known: (ref: SourceRef) => KnownSource | undefined,
  read: ReadTexts,
) {
  const standing = quotes.flatMap((quote) => {
    const { ref, start, end, quote: words } = quote.sentence;
    const source = known(ref);
    if (source?.text.slice(start, end) !== words) return [];
    if (source.card.kind === 'message' && isSecondHand(source.text, start)) return [];
    return [{ source, quote, window: windowAround(source.text, quote.sentence) }];
  });
  const around = await read(
    standing.map(({ source, window }) => source.text.slice(window.start, window.end)),
  );
  return standing.map(({ source, quote, window }, n) => {
    const excerpt = excerptIn(source, quote, { window, sentences: around[n] ?? [] });
    return { source, quote, excerpt };
  });
}

function excerptIn(
  { text }: KnownSource,
  { sentence, passage }: Quote,
  around: Surroundings,
): Excerpt {
  const { start, end } = sentence;
  const found = excerptOf(text, { start, end }, around);
  const heading = passage.heading.split(' › ').at(-1) ?? '';
  const { text: said } = sentence;
  const place = { begins: true, number: null, start, end };
  const alone: Line = { role: 'quote', kind: 'text', text: said, ...place };
  const { lines } = found ?? { lines: [alone] };
  return {
    heading: shownText(found?.heading ?? heading),
    lines: lines.map((line) => ({
      ...line,
      text: line.kind === 'code' ? line.text : shownText(line.text),
    })),
  };
}

/** Lines shown as neighbours that are the quote, now marked as such; null where it is not shown yet. */
function promoted({ excerpts }: Place, { sentence: { start, end } }: Quote): Line[] | null {
  const shown = excerpts
    .flatMap(({ lines }) => lines)
    .filter((line) => line.start >= start && line.end <= end);
  if (shown.length === 0) return null;
  const lines = shown.filter(({ role }) => role === 'context');
  for (const line of lines) line.role = 'quote';
  return lines;
}

/** The lines of an excerpt that were not shown before, without questions and pointers around it. */
function newLines({ lines }: Excerpt, { text: markdown }: KnownSource, seen: Set<string>): Line[] {
  const shown = new Set<Line>();
  for (const role of ['quote', 'part', 'context'] as const) {
    for (const line of lines.filter((other) => other.role === role)) {
      const key = keyOf(line.text);
      const isCode = line.kind === 'code';
      if (line.text === '' || (!isCode && seen.has(key))) continue;
      const raw = { text: line.text, quote: markdown.slice(line.start, line.end) };
      const isListed = role === 'part' && line.kind === 'item';
      if (role !== 'quote' && !isCode && isQuestion(line.text)) continue;
      if (role !== 'quote' && !isCode && !isListed && isPointer(raw)) continue;
      seen.add(key);
      shown.add(line);
    }
  }
  return lines.filter((line) => shown.has(line));
}

const keyOf = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ');

function foundIn({ source, excerpts }: Place): Found {
  const title = keyOf(source.card.title);
  return {
    source: source.card,
    version: source.version,
    excerpts: excerpts.map(({ heading, lines }) => ({
      heading: keyOf(heading) === title ? '' : heading,
      lines,
    })),
  };
}
