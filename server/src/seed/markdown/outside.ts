import type { Range } from './scan.ts';

/** A text with its parts outside the given ranges changed by one function, those inside by another. */
export function mapOutside(
  text: string,
  ranges: readonly Range[],
  outside: (part: string, at: number) => string,
  inside: (part: string, at: number) => string = (part) => part,
): string {
  const parts: string[] = [];
  let at = 0;
  for (const { start, end } of [...ranges].sort((a, b) => a.start - b.start)) {
    if (start < at) continue; // within another
    parts.push(outside(text.slice(at, start), at), inside(text.slice(start, end), start));
    at = end;
  }
  parts.push(outside(text.slice(at), at));
  return parts.join('');
}

/** A stretch of a text and what comes in its place. */
export interface Edit extends Range {
  text: string;
}

/** Makes all edits that do not overlap an earlier one. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (edit.start < at) continue;
    parts.push(text.slice(at, edit.start), edit.text);
    at = edit.end;
  }
  parts.push(text.slice(at));
  return parts.join('');
}
