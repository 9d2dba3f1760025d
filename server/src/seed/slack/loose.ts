import { clean } from '../text.ts';

/** Fields in which Slack's parts carry words; other fields are ids, addresses, sizes and styles. */
const WORDS = new Set([
  'text',
  'title',
  'value',
  'label',
  'description',
  'alt_text',
  'fallback',
  'name',
  'hint',
  'author_name',
  'provider_name',
]);
const MAX_DEPTH = 30;

/** All words within a part that is not understood, in their order, so that none is lost. */
export function looseText(part: unknown): string {
  const words: string[] = [];
  const visit = (value: unknown, key: string, depth: number): void => {
    if (typeof value === 'string') {
      if (WORDS.has(key) && value.trim()) words.push(clean(value));
    } else if (typeof value === 'object' && value !== null && depth < MAX_DEPTH) {
      for (const [inner, child] of Object.entries(value)) {
        visit(child, Array.isArray(value) ? key : inner, depth + 1);
      }
    }
  };
  visit(part, '', 0);
  return words.join(' ');
}

const WORD = /[\p{L}\p{N}\p{M}]+/gu;

/** Whether every word of `part` is in `whole` as well, however it is marked. */
export function saysAsMuch(whole: string, part: string): boolean {
  const words = new Set(whole.normalize('NFC').toLowerCase().match(WORD));
  const own = part.normalize('NFC').toLowerCase().match(WORD) ?? [];
  return own.every((word) => words.has(word));
}
