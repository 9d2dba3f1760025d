import type { Answer, Found } from '@teambrain/contract/ask.ts';
import type { KnownSource, SourceRef } from '../../platform/core/knowledge.ts';
import type { Quote } from './answer.ts';
import { excerptOf, type Excerpt, type Line } from './context.ts';
import { isQuestion } from './sentence-cues.ts';
import { shownText } from './shown-text.ts';
import { isPointer } from './unfit.ts';

type Shown = Pick<Answer, 'sentences' | 'citations' | 'found'>;

interface Place {
  source: KnownSource;
  heading: string;
  lines: Map<number, Line>;
}

/**
 * The quotes that their sources still say, best first, each with what completes it, and per source
 * the same lines in text order among their neighbours. No line is given twice.
 */
export function showQuotes(
  quotes: readonly Quote[],
  known: (ref: SourceRef) => KnownSource | undefined,
): Shown {
  const places = new Map<string, Place>();
  const said: { line: Line; source: KnownSource }[] = [];
  const seen = new Set<string>();
  const isNew = ({ text, kind }: Line) => {
    const key = keyOf(text);
    return text !== '' && (kind === 'code' || (!seen.has(key) && seen.add(key)));
  };
  const excerpts = quotes.flatMap((quote) => {
    const source = known(quote.sentence.ref);
    const excerpt = source && excerptIn(source, quote);
    return excerpt ? [{ source, quote, excerpt }] : [];
  });
  // Quotes before neighbours: a sentence that is another quote's neighbour is shown as a quote.
  for (const { source, quote, excerpt } of excerpts) {
    const { ref } = quote.sentence;
    const place = places.get(ref.id) ?? { source, heading: excerpt.heading, lines: new Map() };
    places.set(ref.id, place);
    for (const line of [...ofRole(excerpt, 'quote'), ...ofRole(excerpt, 'part')]) {
      if (!isNew(line)) continue;
      place.lines.set(line.start, line);
      said.push({ line, source });
    }
  }
  for (const { source, quote, excerpt } of excerpts) {
    const place = places.get(quote.sentence.ref.id);
    for (const line of ofRole(excerpt, 'context')) {
      const raw = { text: line.text, quote: source.text.slice(line.start, line.end) };
      if (isQuestion(line.text) || isPointer(raw)) continue;
      if (place && isNew(line)) place.lines.set(line.start, line);
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
    found: [...places.values()].filter(({ lines }) => lines.size > 0).map(foundIn),
  };
}

function excerptIn({ text }: KnownSource, { sentence, passage }: Quote): Excerpt | null {
  const { start, end, quote } = sentence;
  if (text.slice(start, end) !== quote) return null;
  const found = excerptOf(text, { start, end });
  const heading = passage.heading.split(' › ').at(-1) ?? '';
  const alone: Line = {
    role: 'quote',
    kind: 'text',
    number: null,
    text: sentence.text,
    start,
    end,
  };
  const { lines } = found ?? { lines: [alone] };
  return {
    heading: shownText(found?.heading ?? heading),
    lines: lines.map((line) => ({
      ...line,
      text: line.kind === 'code' ? line.text : shownText(line.text),
    })),
  };
}

const ofRole = ({ lines }: Excerpt, role: Line['role']) =>
  lines.filter((line) => line.role === role);

const keyOf = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ');

function foundIn({ source, heading, lines }: Place): Found {
  return {
    source: source.card,
    version: source.version,
    heading: keyOf(heading) === keyOf(source.card.title) ? '' : heading,
    lines: [...lines.values()].sort((a, b) => a.start - b.start),
  };
}
