import type { SourceRef } from '../../platform/core/knowledge.ts';
import { cueOf } from './cues.ts';
import { keyUnitsOfConversation, keyUnitsOfDocument } from './key-units.ts';
import { answeredTurns, asks, isListedQuestion } from './open-questions.ts';
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

/** So many suggestions of one kind, the latest. */
const MAX_OF_KIND = 8;

/**
 * Summarises without a language model: at most twelve key messages, beside them decisions, action
 * items and open questions, all in the order of the text and each with its exact quotes. Empty when
 * there is nothing to quote. Takes some milliseconds for hundreds of messages.
 */
export function summarise(target: SummaryInput): SummaryPoint[] {
  const sources = target.type === 'entry' ? [target.source] : target.turns;
  const all = readUnits(sources, 3);
  const long = all.filter(({ words }) => words >= 6);
  const usable = long.length > 0 ? long : all.length > 0 ? all : readUnits(sources, 1);
  const kinds = kindsOf(target, all);
  for (const unit of keyUnits(target, usable)) if (!kinds.has(unit)) kinds.set(unit, 'key');
  const units = all.length > 0 ? all : usable;
  return pointsOf(
    units.filter((unit) => kinds.has(unit)),
    kinds,
    target.type !== 'entry',
  );
}

/** The key sentences alone, as `summarise` chooses them; for measuring. */
export function keyUnits(target: SummaryInput, units: Unit[], points?: number): Unit[] {
  if (target.type === 'entry') return keyUnitsOfDocument(units, target.title, points);
  return keyUnitsOfConversation(units, target.title, target.turns.length);
}

function readUnits(sources: readonly SummarySource[], minWords: number): Unit[] {
  return sources.flatMap((source, turn) => unitsOf(source, turn, minWords));
}

/** Suggested decisions, actions and open questions among the units. */
function kindsOf(target: SummaryInput, units: Unit[]): Map<Unit, SummaryKind> {
  const answered = target.type === 'entry' ? null : answeredTurns(target.turns);
  const found = new Map<SummaryKind, Unit[]>();
  for (const unit of units) {
    const isOpen = answered ? asks(unit) && !answered.has(unit.turn) : isListedQuestion(unit);
    const cue = unit.isOpenTask ? 'action' : cueOf(unit.sentence.text);
    const kind = cue ?? (isOpen ? 'question' : null);
    if (kind) found.set(kind, [...(found.get(kind) ?? []), unit]);
  }
  const kinds = new Map<Unit, SummaryKind>();
  for (const [kind, list] of found) {
    for (const unit of list.slice(-MAX_OF_KIND)) kinds.set(unit, kind);
  }
  return kinds;
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
