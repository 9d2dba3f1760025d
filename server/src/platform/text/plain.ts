import { afterLineEnd, lineEnd } from '@teambrain/contract/markdown-guard.ts';

/** Plain text that knows, for each of its UTF-16 units, which range of the Markdown it came from. */
export interface PlainText {
  text: string;
  /** `starts[i]` and `ends[i]`: the raw range behind `text[i]`. */
  starts: number[];
  ends: number[];
}

const ESCAPABLE = /[!-/:-@[-`{-~]/;
const PLAIN_RUN = /[\p{L}\p{N} ,;()]+/uy;
const REFERENCE = /&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});/y;

export function emptyPlain(): PlainText {
  return { text: '', starts: [], ends: [] };
}

/** Appends text whose every character stands for the whole raw range (an image, an entity). */
export function appendAtom(plain: PlainText, text: string, start: number, end: number): void {
  plain.text += text;
  for (let i = 0; i < text.length; i++) {
    plain.starts.push(start);
    plain.ends.push(end);
  }
}

/** Appends text that is found unchanged in the raw string from `start`. */
export function appendExact(plain: PlainText, text: string, start: number): void {
  plain.text += text;
  for (let i = 0; i < text.length; i++) {
    plain.starts.push(start + i);
    plain.ends.push(start + i + 1);
  }
}

/** Appends white space that has no text of its own in the raw string (between cells, after a break). */
export function appendGap(plain: PlainText, gap: string, at: number): void {
  appendAtom(plain, gap, at, at);
}

/**
 * Appends the value of a Markdown text node, aligned with its raw range: backslash escapes,
 * character references, and the indentation or `>` marks at the start of continued lines are
 * stepped over. Should the two ever disagree, the rest of the value stands for the rest of the
 * range as one piece, so that offsets stay valid.
 */
export function appendAligned(
  plain: PlainText,
  value: string,
  raw: string,
  start: number,
  end: number,
): void {
  let at = start;
  let i = 0;
  while (i < value.length) {
    const char = value[i] ?? '';
    if (char === '\n' || char === '\r') {
      const next = skipLineEnd(raw, at, end);
      appendAtom(plain, ' ', at, next);
      i += char === '\r' && value[i + 1] === '\n' ? 2 : 1;
      at = next;
      continue;
    }
    const run = plainRun(value, i);
    if (run.length > 1 && at + run.length <= end && raw.startsWith(run, at)) {
      appendExact(plain, run, at);
      i += run.length;
      at += run.length;
      continue;
    }
    const width = rawWidth(value, i, raw, at, end);
    if (width === 0) {
      appendAtom(plain, flat(value.slice(i)), at, end);
      return;
    }
    const units = width > 2 && raw[at] === '&' && isHighSurrogate(char) ? 2 : 1;
    appendAtom(plain, value.slice(i, i + units), at, at + width);
    i += units;
    at += width;
  }
}

/** From `i` on, the characters that stand for themselves wherever they appear. */
function plainRun(value: string, i: number): string {
  PLAIN_RUN.lastIndex = i;
  return PLAIN_RUN.exec(value)?.[0] ?? '';
}

/** Raw units that stand for `value[i]`; 0 when value and raw text disagree. */
function rawWidth(value: string, i: number, raw: string, at: number, end: number): number {
  if (at >= end) return 0;
  const char = value[i] ?? '';
  const here = raw[at] ?? '';
  if (here === '&') {
    REFERENCE.lastIndex = at;
    const reference = REFERENCE.exec(raw)?.[0];
    if (reference && at + reference.length <= end && !value.startsWith(reference, i)) {
      return reference.length;
    }
  }
  if (here === '\\' && at + 1 < end && raw[at + 1] === char && ESCAPABLE.test(char)) return 2;
  if (here === char) return 1;
  return here === '\0' && char === '\uFFFD' ? 1 : 0;
}

function skipLineEnd(raw: string, at: number, end: number): number {
  let next = at;
  while (next < end && (raw[next] === ' ' || raw[next] === '\t')) next++;
  if (raw[next] === '\r' && raw[next + 1] === '\n') next += 2;
  else if (raw[next] === '\n' || raw[next] === '\r') next += 1;
  while (next < end && (raw[next] === ' ' || raw[next] === '\t' || raw[next] === '>')) next++;
  return Math.min(next, end);
}

/**
 * Appends the lines of a code or HTML block. A line's container prefix and indentation are cut
 * from its front, so each value line is the end of a raw line.
 */
export function appendLines(
  plain: PlainText,
  value: string,
  raw: string,
  start: number,
  end: number,
): void {
  let at = start;
  for (const [index, line] of value.split(/\r\n|\n|\r/).entries()) {
    if (index > 0) appendAtom(plain, '\n', at, at);
    let probe = at;
    let stop = lineEnd(raw, probe, end);
    while (probe < end && !raw.slice(probe, stop).endsWith(line)) {
      probe = afterLineEnd(raw, stop, end);
      stop = lineEnd(raw, probe, end);
    }
    if (probe < end) appendExact(plain, line, stop - line.length);
    else appendAtom(plain, line, at, (stop = lineEnd(raw, at, end)));
    at = afterLineEnd(raw, stop, end);
  }
}

export function isHighSurrogate(char: string): boolean {
  return char >= '\uD800' && char <= '\uDBFF';
}

function flat(text: string): string {
  return text.replace(/[\r\n]/g, ' ');
}
