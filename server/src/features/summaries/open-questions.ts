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

/** Whether a sentence asks something that wants an answer; "How are you?" does not. */
export function asks({ words, sentence: { text } }: Unit): boolean {
  return words > 3 && /\?["'”’)\]]{0,3}$/.test(text.slice(-6)) && !TAG.test(text.slice(-24));
}

/** Questions a document lists under a heading such as "Open questions". */
export function isListedQuestion({ sentence: { headings } }: Unit): boolean {
  return UNDER_OPEN.test(headings.at(-1) ?? '');
}

export interface Answers {
  /** Positions of messages that may have been answered; a question in any other is open. */
  answered: Set<number>;
  /** Positions of messages that may answer one that asks. */
  replies: Set<number>;
}

/**
 * Which messages may have been answered, and by which: a later message by another person names the
 * asker, or replies. A reply is linked, or, where nobody links replies, the next message by another
 * person, unless it speaks to somebody else or asks something itself. Open questions so found:
 * precision .79, recall .32 on the annotated IRC log (irc-ubuntu-dev).
 */
export function answersIn(turns: readonly Turn[]): Answers {
  const people = peopleIn(turns);
  const hasLinks = turns.some(({ replyTo }) => replyTo !== undefined);
  const lastNamed = lastNamedTurn(turns, people);
  const repliers = new Map<string, number[]>();
  for (const [i, { replyTo }] of turns.entries()) {
    if (replyTo) repliers.set(replyTo, [...(repliers.get(replyTo) ?? []), i]);
  }
  const answered = new Set<number>();
  const replies = new Set<number>();
  for (const [i, { author, ref, text }] of turns.entries()) {
    const linked = (repliers.get(ref.id) ?? []).filter((at) => turns[at]?.author !== author);
    const following = hasLinks ? linked : followers(turns, i, people);
    if (following.length > 0 || (lastNamed.get(author) ?? -1) > i) answered.add(i);
    if (text.includes('?')) for (const at of following) replies.add(at);
  }
  return { answered, replies };
}

/** The next message by another person, if it may be a reply to message `i`. */
function followers(turns: readonly Turn[], i: number, people: People): number[] {
  const asker = turns[i]?.author;
  // Looking no further than a person would scroll keeps this linear.
  const at = turns.slice(i + 1, i + 20).findIndex(({ author }) => author !== asker);
  const next = turns[i + 1 + at];
  if (at < 0 || !next) return [];
  const spokenTo = people.get(wordsOf(next.text.slice(0, 80))[0] ?? '') ?? [];
  const isForOthers = spokenTo.length > 0 && !spokenTo.some((name) => name === asker);
  return isForOthers || next.text.trimEnd().endsWith('?') ? [] : [i + 1 + at];
}

/** First names (lower case) and whom they may mean. */
type People = Map<string, string[]>;

function peopleIn(turns: readonly Turn[]): People {
  const people: People = new Map();
  for (const author of new Set(turns.map((turn) => turn.author))) {
    const first = wordsOf(author)[0] ?? '';
    if (first.length > 1) people.set(first, [...(people.get(first) ?? []), author]);
  }
  return people;
}

/** For each author the last message by someone else that names them. */
function lastNamedTurn(turns: readonly Turn[], people: People): Map<string, number> {
  const last = new Map<string, number>();
  for (const [i, { author, text }] of turns.entries()) {
    for (const word of new Set(wordsOf(text))) {
      for (const named of people.get(word) ?? []) if (named !== author) last.set(named, i);
    }
  }
  return last;
}
