import type { SourceRef } from '../../platform/core/knowledge.ts';
import type { Sentence } from '../../platform/text/sentences.ts';
import { cueOf } from './cues.ts';
import { keyUnitsOfConversation, keyUnitsOfDocument } from './key-units.ts';
import { answersIn, asks, isListedQuestion, type Answers } from './open-questions.ts';
import { unitsOf, type SummarySource, type Unit } from './units.ts';

/** A message, with the id of the message it answers where people link replies. */
export type SummaryTurn = SummarySource & { replyTo?: string };

/** What is to be summarised: turns in their order (`title` may be empty), or one document. */
export type SummaryInput =
  | { type: 'chat' | 'thread'; title: string; turns: readonly SummaryTurn[] }
  | { type: 'entry'; title: string; source: SummarySource };

export interface SummaryCitation {
  ref: SourceRef;
  version: number;
  /** UTF-16 range in the source's Markdown, end exclusive; `quote` is exactly that slice. */
  start: number;
  end: number;
  quote: string;
}

/** `decision` and `action` are suggestions for a person to confirm, found by their wording. */
export type SummaryKind = 'key' | 'decision' | 'action' | 'question';

export interface SummaryPoint {
  kind: SummaryKind;
  /** Plain text, word for word; "Name: words" in a conversation. " … " where words are left out. */
  text: string;
  citations: SummaryCitation[];
}

/** As `summarise` does it, where people's Markdown is read. @throws ProblemError `busy` */
export type Summarise = (target: SummaryInput) => Promise<SummaryPoint[]>;

/** So many suggestions of one kind, the latest. */
const MAX_OF_KIND = 8;
/** More messages than this are a long chat, in which strangers' questions would crowd out the rest. */
const LONG_CHAT = 40;
const MAX_QUESTIONS = 3;

/**
 * Summarises without a language model: at most twelve key messages, beside them decisions, action
 * items and open questions, all in the order of the text and each with its exact quotes. Empty when
 * there is nothing to quote. Takes some milliseconds for hundreds of messages.
 *
 * @param sentences of each source (`sourcesOf`)
 */
export function summarise(
  target: SummaryInput,
  sentences: readonly (readonly Sentence[])[],
): SummaryPoint[] {
  const sources = sourcesOf(target).map((source, n) => ({ source, sentences: sentences[n] ?? [] }));
  const all = readUnits(sources, 3);
  const long = all.filter(({ words }) => words >= 6);
  const usable = long.length > 0 ? long : all.length > 0 ? all : readUnits(sources, 1);
  const answers = target.type === 'entry' ? null : answersIn(target.turns);
  const kinds = kindsOf(target, all, answers);
  for (const unit of keyUnits(
    target,
    settled(target, usable, answers),
    undefined,
    answers?.replies,
  ))
    if (!kinds.has(unit)) kinds.set(unit, 'key');
  const units = all.length > 0 ? all : usable;
  return pointsOf(
    units.filter((unit) => kinds.has(unit)),
    kinds,
    target.type !== 'entry',
  );
}

/** What is read, in order. */
export const sourcesOf = (target: SummaryInput): readonly SummarySource[] =>
  target.type === 'entry' ? [target.source] : target.turns;

/** The key sentences alone, as `summarise` chooses them; for measuring. */
export function keyUnits(
  target: SummaryInput,
  units: Unit[],
  points?: number,
  replies?: ReadonlySet<number>,
): Unit[] {
  if (target.type === 'entry') return keyUnitsOfDocument(units, target.title, points);
  const preferred = isLong(target) ? replies : undefined;
  return keyUnitsOfConversation(units, target.title, target.turns.length, preferred);
}

function readUnits(
  sources: readonly { source: SummarySource; sentences: readonly Sentence[] }[],
  minWords: number,
): Unit[] {
  return sources.flatMap(({ source, sentences }, n) => unitsOf(source, n, sentences, minWords));
}

/**
 * What a chat came to: of more than a thread's length, without the messages that ask what nobody
 * answered, as long as anything else is left.
 */
function settled(target: SummaryInput, units: Unit[], answers: Answers | null): Unit[] {
  if (!answers || !isLong(target)) return units;
  const open = new Set(
    units.filter((unit) => isOpenQuestion(unit, answers)).map(({ turn }) => turn),
  );
  const others = units.filter(({ turn }) => !open.has(turn));
  return others.length > 0 ? others : units;
}

const isOpenQuestion = (unit: Unit, { answered }: Answers) =>
  asks(unit) && !answered.has(unit.turn);

/** Suggested decisions, actions and open questions among the units. */
function kindsOf(target: SummaryInput, units: Unit[], answers: Answers | null) {
  const found = new Map<SummaryKind, Unit[]>();
  const isHere = takesPart(target);
  for (const unit of units) {
    const isOpen = answers
      ? isOpenQuestion(unit, answers) && isHere(unit.source.author)
      : isListedQuestion(unit);
    const cue = unit.isOpenTask ? 'action' : cueOf(unit.sentence.text);
    const kind = cue ?? (isOpen ? 'question' : null);
    if (!kind) continue;
    const list = found.get(kind);
    if (list) list.push(unit);
    else found.set(kind, [unit]);
  }
  const kinds = new Map<Unit, SummaryKind>();
  for (const [kind, list] of found) {
    const isCrowded = kind === 'question' && isLong(target);
    for (const unit of list.slice(-(isCrowded ? MAX_QUESTIONS : MAX_OF_KIND)))
      kinds.set(unit, kind);
  }
  return kinds;
}

const isLong = (target: SummaryInput) => target.type === 'chat' && target.turns.length > LONG_CHAT;

/** Whether someone wrote more than once: in a long chat, who asked and left leaves no open question. */
function takesPart(target: SummaryInput): (author: string) => boolean {
  if (target.type === 'entry' || !isLong(target)) return () => true;
  const counts = new Map<string, number>();
  for (const { author } of target.turns) counts.set(author, (counts.get(author) ?? 0) + 1);
  return (author) => (counts.get(author) ?? 0) > 1;
}

/** One point per unit; neighbours of one message and kind share a point. */
function pointsOf(units: Unit[], kinds: Map<Unit, SummaryKind>, hasNames: boolean): SummaryPoint[] {
  const points: SummaryPoint[] = [];
  let previous: Unit | undefined;
  for (const unit of units) {
    const kind = kinds.get(unit) ?? 'key';
    const last = points.at(-1);
    const { text } = unit.sentence;
    if (hasNames && last && kind === 'key' && last.kind === kind && previous?.turn === unit.turn) {
      last.text += `${isAdjacent(previous, unit) ? ' ' : ' … '}${text}`;
      last.citations.push(citationOf(unit));
    } else {
      const name = hasNames && unit.source.author ? `${unit.source.author}: ` : '';
      points.push({ kind, text: `${name}${text}`, citations: [citationOf(unit)] });
    }
    previous = unit;
  }
  return points;
}

function isAdjacent(a: Unit, b: Unit): boolean {
  return !/[\p{L}\p{N}]/u.test(a.source.text.slice(a.sentence.end, b.sentence.start));
}

function citationOf({ source, sentence: { start, end } }: Unit): SummaryCitation {
  const { ref, version, text } = source;
  return { ref, version, start, end, quote: text.slice(start, end) };
}
