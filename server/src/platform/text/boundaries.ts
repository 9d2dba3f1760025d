/**
 * Where sentences end in the plain text of one block. Intl.Segmenter (Unicode UAX #29) proposes;
 * abbreviations, initials, enumerators, code and URLs put pieces together again; lower-case chat
 * style, hard breaks and excessive length cut further.
 */

/** Half-open range of plain offsets. */
export interface Range {
  from: number;
  to: number;
}

const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });

const ABBREVIATIONS = new Set(
  (
    'mr mrs dr prof sr jr st mt rev hon gen col capt lt sgt gov sen rep pres messrs mme mlle ' +
    'vs v approx ca cf al eg ie e.g i.e viz resp incl excl esp fig figs eq eqs sec secs ch chap ' +
    'vol vols pp p pt no nos nr art ed eds dept univ assn inc ltd co corp bros est min max avg ' +
    'jan feb mar apr jun jul aug sept sep oct nov dec mon tue tues wed thu thur thurs fri ' +
    'a.k.a aka w.r.t wrt c.f d.h z.b bzw ggf ref refs ver rel tel ext'
  ).split(' '),
);
/** Short words that also end sentences: an abbreviation only before a number or name part. */
const ONLY_BEFORE_NUMBER = new Set(
  'no nos fig figs eq sec ch vol p pp pt min max art mar sun sat ed ext'.split(' '),
);
const STARTERS = new Set(
  (
    'the a an it its this that these those he she they we i you there here in on at by for from ' +
    'if when while as after before since but and or so however also then our their his her my ' +
    'your what who how why where which please to with no not some all many most'
  ).split(' '),
);
/** A longer sentence is cut at a clause boundary. */
const MAX_LENGTH = 600;
const LOOK_BACK = 300;
const MAX_BRACKETED = 240;
const WINDOW = 2000;
/** Text with longer lines may be wrapped by a program. */
const WRAP = 60;
/** A line that ends with one of these was wrapped, not ended. */
const DANGLING =
  /(?:^|\s)(?:a|an|the|of|to|in|on|at|by|for|from|with|and|or|is|are|was|our|your|via)$/i;

/**
 * Sentence ranges of a plain text: in order, trimmed, without gaps other than white space.
 * `solid`: ranges without a sentence end inside; `breaks`: offsets that always end one.
 */
export function sentenceRanges(text: string, solid: Range[], breaks: number[]): Range[] {
  const whole = merged([...solid, ...bracketed(text)]);
  const ends = [...sentenceEnds(text, whole, breaks), text.length];
  const ranges: Range[] = [];
  let from = 0;
  for (const end of ends) {
    if (end <= from) continue;
    for (const piece of bounded(text, { from, to: end })) {
      const range = trimmed(text, piece);
      if (range.to > range.from) ranges.push(range);
    }
    from = end;
  }
  return ranges;
}

function sentenceEnds(text: string, solid: Range[], breaks: number[]): number[] {
  const proposed = new Set<number>(breaks);
  for (const index of segmentStarts(text)) proposed.add(index);
  for (const match of text.matchAll(/[\p{Ll}\p{N})\]"']{2}[.!?]\s+(?=\p{Ll})/gu)) {
    proposed.add(match.index + match[0].length);
  }
  const forced = new Set(breaks);
  const kept: number[] = [];
  let next = 0;
  let previous = 0;
  for (const end of [...proposed].sort((a, b) => a - b)) {
    const isBlank = !/\S/.test(text.slice(previous, end));
    previous = end;
    while ((solid[next]?.to ?? Infinity) <= end) next++;
    const range = solid[next];
    if (isBlank || (range && range.from < end)) continue;
    if (forced.has(end) || isRealEnd(text, kept.at(-1) ?? 0, end)) kept.push(end);
  }
  return kept;
}

/** What the segmenter proposes, asked window by window: it is not linear in the text's length. */
function segmentStarts(text: string): number[] {
  const starts: number[] = [];
  let at = 0;
  while (at < text.length) {
    let last = 0;
    for (const { index } of segmenter.segment(text.slice(at, at + WINDOW))) {
      if (index > 0) starts.push(at + index);
      last = index;
    }
    if (at + WINDOW >= text.length) break;
    at += last > 0 ? last : WINDOW / 2;
  }
  return starts;
}

/** Bracketed ranges short enough to stay in one sentence. */
function bracketed(text: string): Range[] {
  const ranges: Range[] = [];
  const open: number[] = [];
  for (const match of text.matchAll(/[()[\]]/g)) {
    if (match[0] === '(' || match[0] === '[') open.push(match.index);
    else {
      const from = open.pop();
      if (from !== undefined && match.index - from < MAX_BRACKETED) {
        ranges.push({ from, to: match.index + 1 });
      }
    }
  }
  return ranges;
}

/** Sorted, overlapping ranges united. */
function merged(ranges: Range[]): Range[] {
  const united: Range[] = [];
  for (const range of [...ranges].sort((a, b) => a.from - b.from || b.to - a.to)) {
    const last = united.at(-1);
    if (last && range.from < last.to) last.to = Math.max(last.to, range.to);
    else united.push({ ...range });
  }
  return united;
}

/** Whether the proposed end at `end` of the piece from `from` really ends a sentence. */
function isRealEnd(text: string, from: number, end: number): boolean {
  let last = end;
  while (last > from && /\s/.test(text[last - 1] ?? '')) last--;
  const closing = text[last - 1] ?? '';
  if (last === end && !/[。！？｡．]/.test(closing)) return /[\p{Script=Han}]/u.test(closing);
  // Only a number or a mark so far ("1.", "a)", "–"): it belongs to what follows.
  if (last - from < 5 && !/[\p{L}\p{N}]{2}/u.test(text.slice(from, last))) return false;
  if (closing !== '.') return true;
  const before = text.slice(Math.max(from, last - 24), last - 1);
  const word = /(?:^|[\s(["'“‘])([\p{L}\p{N}.]+)$/u.exec(before)?.[1] ?? '';
  if (/^\d{1,3}$/.test(word) && word.length === last - 1 - from) return false;
  return !isAbbreviation(word, text.slice(end, end + 24));
}

function isAbbreviation(word: string, following: string): boolean {
  const next = /^[^\s]+/.exec(following)?.[0] ?? '';
  const lower = word.toLowerCase();
  if (ONLY_BEFORE_NUMBER.has(lower)) return /^[\d(#§]/.test(next);
  const startsSentence = STARTERS.has(next.replace(/[^\p{L}]/gu, '').toLowerCase());
  if (word === 'Ms') return true;
  if (ABBREVIATIONS.has(lower)) return !(startsSentence && /^(?:inc|ltd|co|corp|al)$/.test(lower));
  if (/^\p{Lu}$/u.test(word)) return word !== 'I' && /^\p{Lu}/u.test(next) && !startsSentence;
  if (/^(?:\p{L}\.){1,4}\p{L}$/u.test(word)) return !startsSentence || /^\p{Ll}/u.test(next);
  return false;
}

/** A short code block is one range; a longer one is cut between lines. Ranges are trimmed. */
export function codeRanges(text: string): Range[] {
  const pieces: Range[] = [];
  let from = 0;
  let last = 0;
  while (last < text.length) {
    const stop = text.indexOf('\n', last);
    const end = stop < 0 ? text.length : stop + 1;
    if (end - from > MAX_LENGTH && last > from) {
      pieces.push({ from, to: last });
      from = last;
    }
    last = end;
  }
  pieces.push({ from, to: text.length });
  const ranges = pieces.flatMap((piece) => bounded(text, piece)).map((r) => trimmed(text, r));
  return ranges.filter((range) => range.to > range.from);
}

/** Cuts a range longer than `MAX_LENGTH` at the last clause mark, else space, before the limit. */
function bounded(text: string, range: Range): Range[] {
  const pieces: Range[] = [];
  let { from } = range;
  while (range.to - from > MAX_LENGTH) {
    const cut = from + cutAt(text.slice(from, from + MAX_LENGTH));
    pieces.push({ from, to: cut });
    from = cut;
  }
  pieces.push({ from, to: range.to });
  return pieces;
}

function cutAt(window: string): number {
  for (const marks of [/[;:|\n–—]\s/g, /[,)]\s/g, /\s/g, /[^\p{L}\p{N}\p{M}]/gu]) {
    let cut = 0;
    for (const match of window.matchAll(marks)) cut = match.index + match[0].length;
    if (cut > LOOK_BACK) return cut;
  }
  const isSplitPair = /[\uD800-\uDBFF]$/.test(window);
  return isSplitPair ? window.length - 1 : window.length;
}

function trimmed(text: string, range: Range): Range {
  let { from, to } = range;
  while (from < to && /\s/.test(text[from] ?? '')) from++;
  while (to > from && /\s/.test(text[to - 1] ?? '')) to--;
  return { from, to };
}

/**
 * Plain offsets of line breaks the author meant. A wrapped line is filled: had the next word still
 * fitted, the break was wanted (a chat line, a greeting, a signature). `lines`: plain offsets at
 * which a new source line starts.
 */
export function wantedBreaks(text: string, lines: number[]): number[] {
  if (lines.length === 0) return [];
  const starts = [0, ...lines];
  const lengths = starts.map((start, i) => (starts[i + 1] ?? text.length) - start);
  const longest = Math.max(...lengths.slice(0, 400));
  return lines.filter((start, i) => {
    const line = text.slice(starts[i] ?? 0, start).trimEnd();
    const word = /^\S*/.exec(text.slice(start, start + 80))?.[0] ?? '';
    if (!/^["'“(@#*\p{Lu}\p{N}\p{Emoji_Presentation}]/u.test(word)) return false;
    if (line.length + 1 + word.length > Math.max(WRAP, longest)) return false;
    if (/[.!?:]$/.test(line)) return true;
    if (/[,;]$/.test(line)) return line.split(/\s+/, 5).length <= 4;
    if (DANGLING.test(line.slice(-8))) return false;
    return longest < WRAP || line.length < 0.6 * longest;
  });
}
