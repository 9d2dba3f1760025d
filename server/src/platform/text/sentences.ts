import { blocksOf, type Block, type BlockKind } from './markdown-blocks.ts';
import { codeRanges, sentenceRanges, wantedBreaks, type Range } from './boundaries.ts';
import { CARE, type Care } from './care.ts';
import { countWords } from './words.ts';

export type SentenceKind = BlockKind;

/** A sentence of a Markdown text. `markdown.slice(start, end)` is its exact, trimmed quote. */
export interface Sentence {
  /** UTF-16 offsets into the original Markdown, end exclusive. */
  start: number;
  end: number;
  /** Plain text of the range: no Markdown syntax, white space collapsed (kept in code). */
  text: string;
  /** Number of the leaf block (paragraph, list item, table row, code block) it stands in. */
  block: number;
  kind: SentenceKind;
  /** Headings above it, outermost first. */
  headings: string[];
}

export interface SentenceOptions {
  /** Joins sentences under four words with a neighbour of the same block. */
  joinShort?: boolean;
  /** How carefully to read a text that takes long; as Markdown unless given. */
  care?: Care;
}

const SHORT = 4;
/** Each costs a vector; the longest of ordinary documents have half as many. */
const MAX_SENTENCES = 5_000;
const JOINED_LIMIT = 600;

/**
 * The sentences of a Markdown text in order, without overlap. Paragraphs, list items, table rows,
 * code blocks and headings are split apart first (mdast), then by `sentenceRanges`. Front matter,
 * comments, link definitions and markers belong to no sentence. A text with thousands of them is
 * read as pieces.
 */
export function sentencesOf(markdown: string, options: SentenceOptions = {}): Sentence[] {
  const { care = CARE.markdown } = options;
  if (care === CARE.none) return [];
  const sentences = sentencesWith(markdown, care, options.joinShort ?? false);
  return sentences.length > MAX_SENTENCES && care < CARE.lines
    ? sentencesWith(markdown, CARE.lines, false)
    : sentences;
}

function sentencesWith(markdown: string, care: Care, isJoined: boolean): Sentence[] {
  const sentences: Sentence[] = [];
  let floor = 0;
  for (const [number, block] of blocksOf(markdown, care).entries()) {
    let ranges = care === CARE.lines ? codeRanges(block.plain.text) : rangesOf(block, markdown);
    if (isJoined && block.kind !== 'code') ranges = joinShort(ranges, block.plain.text);
    const spans = [...block.spans];
    for (const range of ranges) {
      const raw = rawRange(block, range, spans);
      const quote = trimRaw(markdown, Math.max(floor, raw.start), raw.end);
      if (quote.end <= quote.start) continue;
      floor = quote.end;
      const { kind, headings } = block;
      sentences.push({ ...quote, text: plainText(block, range), block: number, kind, headings });
    }
  }
  return sentences;
}

function rangesOf(block: Block, markdown: string): Range[] {
  const { text } = block.plain;
  if (block.kind === 'code') return codeRanges(text);
  const lines = lineStarts(block, markdown);
  const breaks = [...block.breaks, ...wantedBreaks(text, lines)];
  return sentenceRanges(text, block.solid, breaks);
}

/** Plain offsets at which a new line of the Markdown starts. */
function lineStarts({ plain }: Block, markdown: string): number[] {
  const starts: number[] = [];
  for (let i = 0; i < plain.text.length; i++) {
    if (plain.text[i] !== ' ' || plain.starts[i] === plain.ends[i]) continue;
    const raw = markdown.slice(plain.starts[i], plain.ends[i]);
    if (raw.includes('\n') || raw.includes('\r')) starts.push(i + 1);
  }
  return starts;
}

/** Short sentences go to the sentence before them, a short first one to the one behind it. */
function joinShort(ranges: Range[], text: string): Range[] {
  const joined: Range[] = [];
  for (const range of ranges) {
    const last = joined.at(-1);
    const isShort = isShortRange(range, text) || (last && isShortRange(last, text));
    if (last && isShort && range.to - last.from <= JOINED_LIMIT) last.to = range.to;
    else joined.push({ ...range });
  }
  return joined;
}

function isShortRange(range: Range, text: string): boolean {
  return countWords(text.slice(range.from, Math.min(range.to, range.from + 80))) < SHORT;
}

/** The raw range behind a plain one, widened to the markers of inline markup that lies inside. */
function rawRange({ plain }: Block, range: Range, spans: Block['spans']) {
  let start = plain.starts[range.from] ?? 0;
  let end = plain.ends[range.to - 1] ?? start;
  while (spans[0] && spans[0].to <= range.from) spans.shift();
  for (const span of spans) {
    if (span.from >= range.to) break;
    if (span.from < range.from || span.to > range.to) continue;
    start = Math.min(start, span.start);
    end = Math.max(end, span.end);
  }
  return { start, end };
}

function trimRaw(markdown: string, from: number, to: number): { start: number; end: number } {
  let start = from;
  let end = to;
  while (start < end && /\s/.test(markdown[start] ?? '')) start++;
  while (end > start && /\s/.test(markdown[end - 1] ?? '')) end--;
  return { start, end };
}

function plainText({ kind, plain }: Block, { from, to }: Range): string {
  const text = plain.text.slice(from, to);
  return kind === 'code' ? text : text.replace(/\s+/g, ' ').trim();
}
