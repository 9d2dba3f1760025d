import type { KeyboardEvent } from 'react';
import type { Short } from './short-links.ts';

/** Id of the list of suggestions; there is one at a time. */
export const LIST_ID = 'tb-suggestions';

/** What the list of suggestions does with a key; false leaves it to the box. */
export type OnKey = (event: KeyboardEvent) => boolean;

/** What is being typed that can become a link, and where it is shown. */
export interface Trigger {
  sign: '@' | '#' | '[[';
  query: string;
  start: number;
  end: number;
}

/** A sign at the beginning of a word, and up to three words of a name behind it. */
const NAME =
  /(?:^|[\s(["'*_~>])([@#])((?:[\p{L}\p{M}\p{N}._'’-]+(?: [\p{L}\p{M}\p{N}._'’-]+){0,2})?)$/u;
const TITLE = /(\[\[)([^[\]\n]{0,60})$/;
/** More before the caret is not looked at. */
const BEFORE = 120;

/** What is typed before the caret of a box; null where it is nothing that is suggested for. */
export function triggerAt({ shown, links }: Short, caret: number): Trigger | null {
  const before = shown.slice(Math.max(0, caret - BEFORE), caret);
  const found = TITLE.exec(before) ?? NAME.exec(before);
  if (!found) return null;
  const [, sign = '', query = ''] = found;
  const start = caret - sign.length - query.length;
  if (links.some((link) => link.start < caret && link.end > start)) return null;
  return { sign: sign as Trigger['sign'], query, start, end: caret };
}
