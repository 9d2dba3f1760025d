/** A text as quotes are compared in it, with the place of each of its units in the text it came from. */
export interface Foldable {
  folded: string;
  /** For each unit of `folded`, where the character it came from begins and ends in the source. */
  starts: number[];
  ends: number[];
}

/** Nothing to see, or marks of Markdown that a quote may have or lack. */
const DROPPED = /^[\p{Cf}*_`~\\]$/u;
const FORMS: Record<string, string> = {
  ...{ '“': '"', '”': '"', '„': '"', '‟': '"', '«': '"', '»': '"', '″': '"' },
  ...{ '‘': "'", '’': "'", '‚': "'", '‛': "'", '′': "'", '‹': "'", '›': "'" },
  ...{ '–': '-', '—': '-', '‐': '-', '‑': '-', '−': '-' },
};

/** White space runs are one space; case, typographic quotes and dashes, and emphasis do not count. */
export function fold(text: string): Foldable {
  const starts: number[] = [];
  const ends: number[] = [];
  let folded = '';
  let at = 0;
  for (const char of text) {
    const start = at;
    at += char.length;
    const isSpace = /\s/u.test(char);
    if (!isSpace && DROPPED.test(char)) continue;
    if (isSpace && (folded === '' || folded.endsWith(' '))) {
      if (ends.length > 0) ends[ends.length - 1] = at;
      continue;
    }
    const form = isSpace ? ' ' : (FORMS[char] ?? char.normalize('NFKC').toLowerCase());
    for (let unit = 0; unit < form.length; unit += 1) {
      starts.push(start);
      ends.push(at);
    }
    folded += form;
  }
  return { folded, starts, ends };
}

/** Fewer letters and digits are no evidence: every text has them. Of wide ones each says more. */
const MIN_LETTERS = 10;
const MIN_WIDE = 4;
const WIDE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu;

/** A range of a text: UTF-16 code units, end exclusive. */
export interface Range {
  start: number;
  end: number;
}

/**
 * Where a text says exactly the quoted words. Null where it does not, where the words begin or end
 * inside of a word, or where they are too few to prove anything.
 */
export function locate(quote: string, text: Foldable): Range | null {
  const wanted = fold(quote).folded.trim();
  const letters = wanted.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
  const wide = wanted.match(WIDE)?.length ?? 0;
  const isWhole = wanted === text.folded.trim();
  if (letters === 0 || (letters < MIN_LETTERS && wide < MIN_WIDE && !isWhole)) return null;
  for (let at = text.folded.indexOf(wanted); at >= 0; at = text.folded.indexOf(wanted, at + 1)) {
    const end = at + wanted.length;
    if (splitsWord(text.folded, at) || splitsWord(text.folded, end)) continue;
    return { start: text.starts[at] ?? 0, end: text.ends[end - 1] ?? 0 };
  }
  return null;
}

const isInner = (char: string | undefined) =>
  char !== undefined && /[\p{L}\p{N}\p{M}]/u.test(char) && !new RegExp(WIDE.source, 'u').test(char);

/** Whether a position lies between two letters or digits: "arrow" does not say "row". */
const splitsWord = (text: string, at: number) => isInner(text[at - 1]) && isInner(text[at]);
