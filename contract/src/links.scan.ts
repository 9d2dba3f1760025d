import { paragraphsOf, type Paragraph } from './links.blocks.ts';

/** A stretch of one line in which Markdown may have links: no code, no raw HTML. */
export interface Stretch {
  start: number;
  end: number;
  isQuoted: boolean;
}

/** The longest label that is looked for. */
const LABEL_MAX = 400;
/** Signs of Markdown; before one of them a backslash means the sign itself. */
const SIGNS = /[!-/:-@[-`{-~]/;
const AUTOLINK = /<[a-z][a-z\d+.-]{1,31}:[^\s<>]{0,1500}>/iy;
const TAG =
  /<(?:\/[a-z][a-z\d-]{0,60}\s{0,99}|[a-z][a-z\d-]{0,60}(?:\s{1,99}[a-z_:][\w.:-]{0,99}(?:\s{0,99}=\s{0,99}(?:"[^"]{0,999}"|'[^']{0,999}'|[^\s"'=<>`]{1,999}))?){0,40}\s{0,99}\/?)>/iy;
/** An address typed into a text goes on until a blank. */
const TYPED_ADDRESS = /(?:https?:\/\/|www\.)[^\s<]*$/i;

const ADDRESS = /(?:https?:\/\/|www\.)[^\s<]*/iy;

/** The stretches of a text that are words, in their order. Linear in its length. */
export function* readable(markdown: string): Generator<Stretch> {
  for (const paragraph of paragraphsOf(markdown)) yield* withoutCode(markdown, paragraph);
}

interface Run {
  at: number;
  length: number;
}

/** Code in a line goes from some backticks to as many, within the paragraph. */
function* withoutCode(text: string, { lines, isQuoted }: Paragraph): Generator<Stretch> {
  const nextOf = createNext(runsOf(text, lines));
  const htmlEnd = createHtmlEnd(text, lines.at(-1)?.end ?? 0);
  let skipTo = 0;
  for (const line of lines) {
    if (line.end <= skipTo) continue;
    let start = Math.max(line.start, skipTo);
    for (let at = start; at < line.end;) {
      const sign = text[at];
      if (sign === '\\') at += escapes(text, at) ? 2 : 1;
      else if (sign === '`') {
        const length = lengthAt(text, at);
        const close = nextOf(at, length);
        if (close === null) {
          at += length;
          continue;
        }
        yield { start, end: at, isQuoted };
        skipTo = close + length;
        at = start = skipTo;
      } else if (sign === '<') {
        const close = htmlEnd(at);
        if (close === null) {
          at += 1;
          continue;
        }
        yield { start, end: at, isQuoted };
        at = start = skipTo = close;
      } else at += addressAt(text, at) || 1;
    }
    if (start < line.end) yield { start, end: line.end, isQuoted };
  }
}

/** How long the typed address is that begins here, whose backticks are its own; 0 without one. */
function addressAt(text: string, at: number): number {
  if (!/[hw]/i.test(text[at] ?? '') || /[a-z]/i.test(text[at - 1] ?? '')) return 0;
  ADDRESS.lastIndex = at;
  return ADDRESS.exec(text)?.[0].length ?? 0;
}

/** Whether a backslash takes the meaning of the sign behind it; at the end of an address it is part of that. */
function escapes(text: string, at: number): boolean {
  const next = text[at + 1] ?? '';
  if (next === '<' && TYPED_ADDRESS.test(text.slice(Math.max(0, at - 300), at))) return false;
  return SIGNS.test(next);
}

function runsOf(text: string, lines: Paragraph['lines']): Run[] {
  const runs: Run[] = [];
  for (const { start, end } of lines) {
    for (const { 0: run, index } of text.slice(start, end).matchAll(/`+/g)) {
      runs.push({ at: start + index, length: run.length });
    }
  }
  return runs;
}

function lengthAt(text: string, at: number): number {
  let end = at;
  while (text[end] === '`') end++;
  return end - at;
}

/** Gives the next run of a length behind a place; places are asked for in their order. */
function createNext(runs: readonly Run[]) {
  const byLength = new Map<number, { places: number[]; n: number }>();
  for (const { at, length } of runs) {
    const known = byLength.get(length) ?? { places: [], n: 0 };
    byLength.set(length, known);
    known.places.push(at);
  }
  return (at: number, length: number): number | null => {
    const known = byLength.get(length);
    if (!known) return null;
    while (known.n < known.places.length && (known.places[known.n] ?? 0) <= at) known.n++;
    return known.places[known.n] ?? null;
  };
}

/** Comments and the like by how they begin: the last one is any other declaration. */
const ODD: readonly (readonly [string, string])[] = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
  ['<!', '>'],
];

/** Finds where a tag, a comment or an address in angle brackets ends, before `end`; null without one. */
function createHtmlEnd(text: string, end: number) {
  const missing = new Set<string>();
  return (at: number): number | null => {
    const odd = ODD.find(([opening]) => text.startsWith(opening, at));
    if (odd) {
      const [opening, closing] = odd;
      // Looked for once: without an end here there is none further on.
      if (missing.has(closing)) return null;
      const found = text.slice(at + opening.length, end).indexOf(closing);
      if (found === -1) missing.add(closing);
      return found === -1 ? null : at + opening.length + found + closing.length;
    }
    for (const one of [AUTOLINK, TAG]) {
      one.lastIndex = at;
      const found = one.exec(text)?.[0];
      if (found && at + found.length <= end) return at + found.length;
    }
    return null;
  };
}

/** Where the label begins whose `]` is at a place; null where Markdown has no link there. */
export function labelBefore(text: string, close: number, from: number): number | null {
  if (isEscaped(text, close, from)) return null;
  let isSeen = false;
  for (let at = close - 1; at >= from && close - at <= LABEL_MAX; at--) {
    const sign = text[at] ?? '';
    const isSign = sign === '[' || sign === ']';
    if (sign === '\n' || sign === '\r') return null;
    if (!isSign || isEscaped(text, at, from)) {
      isSeen ||= !/\s/.test(sign);
      continue;
    }
    if (sign === ']' || !isSeen || text[at + 1] === '^') return null;
    return isInImage(text, at, from) || TYPED_ADDRESS.test(text.slice(Math.max(0, at - 300), at))
      ? null
      : at;
  }
  return null;
}

/** Whether a label, or one around it, is that of an image: what it holds is shown as plain words. */
function isInImage(text: string, label: number, from: number): boolean {
  let closed = 0;
  for (let at = label; at >= from && label - at <= LABEL_MAX; at--) {
    const sign = text[at];
    if (sign === '\n' || sign === '\r') return false;
    if ((sign !== '[' && sign !== ']') || isEscaped(text, at, from)) continue;
    if (sign === ']') closed += 1;
    else if (closed > 0) closed -= 1;
    else if (at > from && text[at - 1] === '!' && !isEscaped(text, at - 1, from)) return true;
  }
  return false;
}

function isEscaped(text: string, at: number, from: number): boolean {
  let before = at;
  while (before > from && text[before - 1] === '\\') before--;
  return (at - before) % 2 === 1;
}

/** A label with its signs escaped: readers see it as it is. */
export const escapedLabel = (label: string): string =>
  label.replace(/[\\`*_[\]<>~&|:]/g, '\\$&').replace(/\s+/g, ' ');
