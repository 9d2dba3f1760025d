import type { Sentence } from '../../platform/text/sentences.ts';

/** A line to show: what was found, what completes it, or a neighbour that helps to understand it. */
export interface Line {
  role: 'quote' | 'part' | 'context';
  kind: 'text' | 'item' | 'row' | 'code';
  /** Whether it begins a paragraph or an item; else it goes on with the one of the line before. */
  begins: boolean;
  /** Of a numbered step. */
  number: number | null;
  text: string;
  /** UTF-16 range in the source's Markdown, end exclusive. */
  start: number;
  end: number;
}

export interface Excerpt {
  /** The nearest heading above the quote; '' for none. */
  heading: string;
  /** In text order. */
  lines: Line[];
}

interface Range {
  start: number;
  end: number;
}

/** The text around a quote: its range in the Markdown, and its sentences, which count from its start. */
export interface Surroundings {
  window: Range;
  sentences: readonly Sentence[];
}

/** Of the Markdown so much is read around a quote, to the next heading at most. */
const REACH = 12_000;
/** Lines and characters of a list shown whole, and of what is shown in all. */
const MAX_LINES = 12;
const MAX_CHARACTERS = 1_400;
const LEANING =
  /^(?:this|that|these|those|it|they|he|she|such|then|also|however|otherwise|therefore|instead|in (?:this|that) case|as (?:noted|mentioned|above))\b/i;
const INTRODUCES = /[:：]["'”’)\]*_]{0,3}$/;

/**
 * A quote inside what it needs to be understood: a sentence that ends in a colon brings its list or
 * code, a step the other steps, an item what introduces its list, a table row the header, a sentence
 * that leans on the one before it that one, any other the sentence after it. Null where the text
 * around cannot be read: the quote is then shown alone.
 */
export function excerptOf(
  markdown: string,
  quote: Range,
  { window, sentences: around }: Surroundings,
): Excerpt | null {
  const sentences = around.map((sentence) => shifted(sentence, window.start));
  const isQuoted = ({ start, end }: Range) => start >= quote.start && end <= quote.end;
  const from = sentences.findIndex(isQuoted);
  if (from < 0 || sentences[from]?.start !== quote.start) return null;
  let to = from;
  while (sentences[to + 1] && isQuoted(sentences[to + 1] as Sentence)) to++;
  if (sentences[to]?.end !== quote.end) return null;
  const heading = sentences[from]?.headings.at(-1) ?? '';
  const markers = markersOf(markdown, sentences);
  const shown = rolesOf(sentences, from, to, markers);
  let block: number | undefined;
  const lines = [...shown]
    .sort(([a], [b]) => a - b)
    .flatMap(([i, role]) => {
      const sentence = sentences[i];
      if (!sentence) return [];
      const begins = sentence.block !== block;
      block = sentence.block;
      return [{ ...lineOf(sentence, role), begins, number: markers[i]?.number ?? null }];
    });
  return { heading, lines };
}

function shifted(sentence: Sentence, by: number): Sentence {
  return { ...sentence, start: sentence.start + by, end: sentence.end + by };
}

/** What is to be read around a quote: from the heading above to the next one, within reach. */
export function windowAround(markdown: string, { start, end }: Range): Range {
  const floor = Math.max(0, start - REACH);
  const above = [...markdown.slice(floor, start).matchAll(/^ {0,3}#{1,6}[ \t]/gm)].at(-1);
  const ceiling = markdown.slice(end, end + REACH);
  const below = /^ {0,3}#{1,6}[ \t]/m.exec(ceiling)?.index ?? ceiling.length;
  const from = above ? floor + above.index : lineAfter(markdown, floor);
  return { start: Math.min(from, start), end: end + below };
}

/** A window cut within reach begins with a whole paragraph. */
function lineAfter(markdown: string, at: number): number {
  if (at === 0) return 0;
  const blank = markdown.indexOf('\n\n', at);
  return blank < 0 ? at : blank + 2;
}

type Roles = Map<number, Line['role']>;

function rolesOf(sentences: Sentence[], from: number, to: number, markers: Markers): Roles {
  const roles: Roles = new Map();
  let characters = 0;
  const add = (i: number, role: Line['role']): boolean => {
    const sentence = sentences[i];
    if (!sentence || sentence.kind === 'heading' || roles.has(i)) return false;
    const isTooMuch = roles.size >= MAX_LINES || characters + sentence.text.length > MAX_CHARACTERS;
    if (role !== 'quote' && isTooMuch) return false;
    roles.set(i, role);
    characters += sentence.text.length;
    return true;
  };
  for (let i = from; i <= to; i++) add(i, 'quote');
  const last = sentences[to];
  if (!last) return roles;
  if (INTRODUCES.test(last.text)) addList(sentences, to, markers, add);
  else if (last.kind === 'list') addSiblings({ sentences, from, to, markers }, add);
  else if (last.kind === 'table') addHeader(sentences, from, add);
  else addNeighbours(sentences, from, to, add);
  return roles;
}

type Add = (i: number, role: Line['role']) => boolean;

/**
 * What a colon introduces: the list (with its code), rows or code after it, else one sentence; in a
 * list item, the deeper items.
 */
function addList(sentences: Sentence[], to: number, markers: Markers, add: Add): void {
  const first = sentences[to + 1];
  const item = sentences[to]?.kind === 'list' ? markerOf(sentences, to, markers) : null;
  if (!first) return;
  const { kind } = first;
  if (kind === 'prose') return void (item || add(to + 1, 'part'));
  const isPart = (i: number) => {
    const isKind =
      sentences[i]?.kind === kind || (kind === 'list' && sentences[i]?.kind === 'code');
    const marker = markers[i];
    return isKind && !(item && marker && marker.indent <= item.indent);
  };
  for (let i = to + 1; isPart(i); i++) if (!add(i, 'part')) return;
}

/** The marker of the item that a sentence belongs to. */
function markerOf(sentences: Sentence[], at: number, markers: Markers): Marker | null {
  for (let i = at; sentences[i]?.kind === 'list'; i--) if (markers[i]) return markers[i] ?? null;
  return null;
}

interface Place {
  sentences: Sentence[];
  from: number;
  to: number;
  markers: Markers;
}

/** The rest of the item, what introduces the list, and of numbered steps all the others. */
function addSiblings({ sentences, from, to, markers }: Place, add: Add): void {
  const block = sentences[from]?.block;
  let first = from;
  while (sentences[first - 1]?.kind === 'list') first--;
  let end = to;
  while (sentences[end + 1]?.kind === 'list') end++;
  for (let i = first; i <= end; i++) if (sentences[i]?.block === block) add(i, 'context');
  const intro = sentences[first - 1];
  if (intro && intro.kind === 'prose' && INTRODUCES.test(intro.text)) add(first - 1, 'context');
  const own = sentences.findIndex((sentence) => sentence.block === block);
  if (typeof markers[own]?.number !== 'number') return;
  // Steps near the one found come first, so that a long list is cut at its far ends.
  for (let far = 1; from - far >= first || to + far <= end; far++) {
    if (to + far <= end) add(to + far, 'context');
    if (from - far >= first) add(from - far, 'context');
  }
}

/** The first row of the table. */
function addHeader(sentences: Sentence[], from: number, add: Add): void {
  let first = from;
  while (sentences[first - 1]?.kind === 'table') first--;
  add(first, 'context');
}

function addNeighbours(sentences: Sentence[], from: number, to: number, add: Add): void {
  const quote = sentences[from];
  const before = sentences[from - 1];
  const after = sentences[to + 1];
  if (!quote) return;
  const leans = LEANING.test(quote.text) || quote.kind === 'code';
  if (before && leans && (before.block === quote.block || quote.kind === 'code')) {
    add(from - 1, 'context');
  }
  if (after && after.block === quote.block && !INTRODUCES.test(after.text)) add(to + 1, 'context');
}

interface Marker {
  indent: number;
  /** Of a numbered list, counted as it is displayed. */
  number: number | null;
}
type Markers = (Marker | null)[];

/** The list marker before each sentence that begins an item. */
function markersOf(markdown: string, sentences: Sentence[]): Markers {
  const counts = new Map<number, number>();
  let block = -1;
  return sentences.map((sentence) => {
    if (sentence.kind === 'prose' || sentence.kind === 'heading') counts.clear();
    if (sentence.kind !== 'list' || sentence.block === block) return null;
    block = sentence.block;
    const line = markdown.slice(markdown.lastIndexOf('\n', sentence.start - 1) + 1, sentence.start);
    const marker = /^([ \t>]{0,40})(?:(\d{1,9})[.)]|[-*+])/.exec(line);
    if (!marker) return null;
    const indent = marker[1]?.length ?? 0;
    for (const deeper of counts.keys()) if (deeper > indent) counts.delete(deeper);
    if (marker[2] === undefined) return { indent, number: null };
    const number = counts.has(indent) ? (counts.get(indent) ?? 0) + 1 : Number(marker[2]);
    counts.set(indent, number);
    return { indent, number };
  });
}

const KINDS = {
  prose: 'text',
  quote: 'text',
  heading: 'text',
  list: 'item',
  table: 'row',
  code: 'code',
} as const;

function lineOf({ start, end, text, kind }: Sentence, role: Line['role']) {
  return { role, kind: KINDS[kind], text, start, end };
}
