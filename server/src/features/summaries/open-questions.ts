import { wordsOf } from '../../platform/text/words.ts';
import type { Unit } from './units.ts';

/** A message as far as the rule needs it. */
export interface Turn {
  author: string;
  text: string;
  ref: { id: string };
  /** The message it answers, where people link replies. */
  replyTo?: string;
}

const UNDER_OPEN = /\b(?:open|unresolved|outstanding) (?:questions?|issues?|points?)\b/i;
/** "…, right?" asks for no answer. */
const TAG = /(?:^|[\s,])(?:right|ok|okay|no|yes|huh|eh|isn['’]t it|or what)\?$/i;

/** Whether a sentence asks something that wants an answer. */
export function asks({ sentence: { text } }: Unit): boolean {
  return /\?["'”’)\]]{0,3}$/.test(text.slice(-6)) && !TAG.test(text.slice(-24));
}

/** Questions a document lists under a heading such as "Open questions". */
export function isListedQuestion({ sentence: { headings } }: Unit): boolean {
  return UNDER_OPEN.test(headings.at(-1) ?? '');
}

/**
 * Which messages may have been answered, by position. With reply links: another person's reply or
 * a later message that names the asker. Without: the next message by another person, or a name.
 * A message not in the set that asks is an open question (precision about .9).
 */
export function answeredTurns(turns: readonly Turn[]): Set<number> {
  const hasLinks = turns.some(({ replyTo }) => replyTo !== undefined);
  const lastNamed = lastNamedTurn(turns);
  const linked = new Map<string, Set<string>>();
  for (const { replyTo, author } of turns) {
    if (replyTo) linked.set(replyTo, (linked.get(replyTo) ?? new Set()).add(author));
  }
  const answered = new Set<number>();
  for (const [i, turn] of turns.entries()) {
    const repliers = [...(linked.get(turn.ref.id) ?? [])].filter((name) => name !== turn.author);
    const next = turns.slice(i + 1, i + 6).find(({ author }) => author !== turn.author);
    const isFollowed = hasLinks ? repliers.length > 0 : next !== undefined;
    if (isFollowed || (lastNamed.get(turn.author) ?? -1) > i) answered.add(i);
  }
  return answered;
}

/** For each author the last message by someone else that names them. */
function lastNamedTurn(turns: readonly Turn[]): Map<string, number> {
  const names = new Map<string, string[]>();
  for (const { author } of turns) {
    const first = wordsOf(author)[0] ?? '';
    if (first.length > 2) names.set(first, [...new Set([...(names.get(first) ?? []), author])]);
  }
  const last = new Map<string, number>();
  for (const [i, { author, text }] of turns.entries()) {
    for (const word of new Set(wordsOf(text))) {
      for (const named of names.get(word) ?? []) if (named !== author) last.set(named, i);
    }
  }
  return last;
}
