/** Segments are parsed one by one: the parser is not linear in the length of a document. */
const SOFT = { size: 16_000, lines: 120 };
const HARD = { size: 32_000, lines: 500 };
/** Code is parsed quickly, and a cut would turn it into text. */
const IN_FENCE = { size: 64_000, lines: 3_000 };
/** Marks in one paragraph; a hand-written one has a few dozen. Time grows with their square. */
const MAX_MARKS = 1_500;
/** What looks like a fence may be none, so code is not free either. */
const MAX_MARKS_IN_FENCE = 6_000;
/** A heading or an outermost list item. */
const STARTS_BLOCK = /^(?:#{1,6}|[-*+]|\d{1,9}[.)])\s/;
/** `> > - 1.` in front of one line. */
const MAX_NESTING = 24;
/** Of a whole document shown at once; a hand-written one of 200 kB has half. About 2 s of a browser. */
const MAX_COST = 40_000;
/** An underline has its paragraph read again, a comment may have what follows it read again. */
const COST = { line: 3, underline: 40, comment: 20 };
const UNDERLINE = /^ {0,3}=+[ \t]*$/;
/** Columns that code needs. */
const FREE_INDENT = 40;

/**
 * Cuts a document where a block surely ends: before a heading or outermost list item, or before an unindented line after
 * a blank one, never inside a code fence or comment; without such a place at any line end. Front
 * matter and a byte order mark are left out. Offsets are UTF-16 units of `markdown`.
 */
export function segmentsOf(markdown: string): { start: number; end: number }[] {
  const segments: { start: number; end: number }[] = [];
  let start = frontMatterEnd(markdown);
  let fence = '';
  let wasBlank = false;
  let lines = 0;
  for (let at = start; at < markdown.length;) {
    const stop = lineEnd(markdown, at, markdown.length);
    const isBlank = isBlankRange(markdown, at, stop);
    const head = markdown.slice(at, Math.min(stop, at + 12));
    const isSafe = fence === '' && (STARTS_BLOCK.test(head) || (wasBlank && /^[^\s<]/.test(head)));
    const limit = isSafe ? SOFT : fence ? IN_FENCE : HARD;
    if (at - start >= limit.size || lines >= limit.lines) {
      segments.push({ start, end: at });
      start = at;
      fence = '';
      lines = 0;
    }
    lines++;
    fence = fenceBehind(head, fence);
    wasBlank = isBlank;
    at = afterLineEnd(markdown, stop, markdown.length);
  }
  segments.push({ start, end: markdown.length });
  return segments;
}

/** The fence that is open behind a line, given the one before it; empty when none is. */
function fenceBehind(line: string, fence: string): string {
  const mark = /^[ \t]{0,8}(```|~~~)/.exec(line)?.[1] ?? '';
  if (!mark || (fence && mark !== fence)) return fence;
  return fence ? '' : mark;
}

/** Offset behind YAML front matter and byte order mark, else 0. */
function frontMatterEnd(markdown: string): number {
  const start = markdown.startsWith('\uFEFF') ? 1 : 0;
  const opening = /^---[ \t]*\r?\n\s*(?:#|[\w-]+[ \t]*:)/.test(markdown.slice(start, start + 200));
  if (!opening) return start;
  let at = afterLineEnd(markdown, lineEnd(markdown, start, markdown.length), markdown.length);
  while (at < markdown.length) {
    const stop = lineEnd(markdown, at, markdown.length);
    const line = markdown.slice(at, Math.min(stop, at + 80)).trimEnd();
    at = afterLineEnd(markdown, stop, markdown.length);
    if (line === '---' || line === '...') return at;
  }
  return start;
}

function isBlankRange(text: string, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (text[i] !== ' ' && text[i] !== '\t') return false;
  return true;
}

/** Whether a segment has so many marks in one paragraph, or so deep nesting, that parsing is slow. */
export function isHostile(text: string): boolean {
  let marks = 0;
  let fence = '';
  for (let at = 0; at < text.length;) {
    const stop = lineEnd(text, at, text.length);
    const line = scanLine(text, at, stop);
    const before = fence;
    fence = fenceBehind(text.slice(at, Math.min(stop, at + 12)), fence);
    // Indented further, a fence may be none and ends no paragraph.
    const isFence = fence !== before && /^ {0,3}\S/.test(text.slice(at, at + 4));
    if (line.nesting > MAX_NESTING) return true;
    if (line.startsBlock || isFence) marks = 0;
    marks += line.marks;
    if (marks > (fence || before ? MAX_MARKS_IN_FENCE : MAX_MARKS)) return true;
    at = afterLineEnd(text, stop, text.length);
  }
  return false;
}

function scanLine(text: string, from: number, to: number) {
  let i = from;
  let nesting = 0;
  for (; i < to && ' \t>-*+.)0123456789'.includes(text[i] ?? ''); i++) {
    if (opensContainer(text, i)) nesting++;
  }
  let marks = 0;
  for (let j = i; j < to; j++) if ('[]*_~`<!&@'.includes(text[j] ?? '')) marks++;
  const isRule = i === to && to - from < 80;
  const startsBlock = i === to || nesting > 0 || text[i] === '|' || text[i] === '#';
  return {
    nesting: isRule ? 0 : nesting,
    marks: marks + (i - from > 400 ? i - from : 0),
    startsBlock,
  };
}

function opensContainer(text: string, at: number): boolean {
  const char = text[at] ?? '';
  if (char === '>') return true;
  const next = text[at + 1] ?? ' ';
  if (next !== ' ' && next !== '\t') return false;
  if (char === '.' || char === ')') return /\d/.test(text[at - 1] ?? '');
  return char === '-' || char === '*' || char === '+';
}

/**
 * Whether a browser would be busy for seconds parsing and showing it: what is hostile, and what has
 * more lines, marks, cells and indentation than people write. It is to be shown as plain text.
 */
export function isTooCostly(markdown: string): boolean {
  let cost = 0;
  for (let at = 0; at < markdown.length && cost <= MAX_COST;) {
    const stop = lineEnd(markdown, at, markdown.length);
    cost += costOfLine(markdown.slice(at, stop));
    at = afterLineEnd(markdown, stop, markdown.length);
  }
  return cost > MAX_COST || isHostile(markdown);
}

function costOfLine(line: string): number {
  const indent = /^[ \t]*/.exec(line)?.[0].length ?? 0;
  let cost = COST.line + Math.max(0, indent - FREE_INDENT);
  if (UNDERLINE.test(line)) cost += COST.underline;
  for (let i = indent; i < line.length; i++) {
    if ('[]*_~`<!&@|'.includes(line[i] ?? '')) cost += 1;
    if (line[i] === '<' && line[i + 1] === '!') cost += COST.comment;
  }
  return cost;
}

/** Offset of the line break at or after `at`, or `end`. */
export function lineEnd(raw: string, at: number, end: number): number {
  let stop = at;
  while (stop < end && raw[stop] !== '\n' && raw[stop] !== '\r') stop++;
  return stop;
}

/** Offset behind the line break at `stop` (`\n`, `\r\n` or `\r`). */
export function afterLineEnd(raw: string, stop: number, end: number): number {
  if (stop >= end) return end;
  return raw[stop] === '\r' && raw[stop + 1] === '\n' && stop + 1 < end ? stop + 2 : stop + 1;
}

/**
 * Markdown for micromark, which drops a byte order mark at the start: a blank in its place keeps every
 * offset.
 */
export const keepOffsets = (markdown: string): string => markdown.replace(/^\uFEFF/, ' ');
