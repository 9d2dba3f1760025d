import { jaccard } from '../../platform/text/words.ts';
import { cueOf } from './cues.ts';
import { scoreConversation, scoreDocument } from './score-units.ts';
import type { Unit } from './units.ts';

/** More points than this are not read. */
export const MAX_POINTS = 12;
/** Sentences with more stems in common say the same. */
const SAME = 0.4;
/** Words of a summary: half of a short text, `USUAL` of most, up to `MOST` of a long chat. */
const LEAST = 60;
const USUAL = 95;
const MOST = 240;
/** More messages than this are a long chat, not a thread. */
const LONG_CHAT = 40;
/** About one deviation of the strongest feature: what answers or decides against what is talked. */
const SETTLED = 3.4;
const OWN_SUMMARY =
  /^(?:\d[\d.]* )?(?:(?:executive |short )?summary|abstract|tl;?dr|in short|in brief|key (?:points|takeaways))[.:]?$/i;

/** Collects units while they fit: not yet taken, within the words, saying something new. */
class Selection {
  readonly units = new Set<Unit>();
  readonly #limit: number;
  #words = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(unit: Unit): boolean {
    const isTooMuch = this.units.size > 0 && this.#words + unit.words > this.#limit;
    if (isTooMuch || this.units.size >= MAX_POINTS || this.units.has(unit)) return false;
    for (const other of this.units) if (jaccard(other.stems, unit.stems) > SAME) return false;
    this.units.add(unit);
    this.#words += unit.words;
    return true;
  }
}

/**
 * The key sentences of a conversation, in order. Threads: two sentences of the first message, the
 * best of the first three of every later one, then what scores best while there is room. Long
 * chats: what scores best, spread over the whole length; `preferred` turns (replies to a question)
 * and decisions come before the rest.
 */
export function keyUnitsOfConversation(
  units: Unit[],
  title: string,
  turns: number,
  preferred: ReadonlySet<number> = new Set(),
): Unit[] {
  const words = totalWords(units);
  const scores = scoreConversation(units, title, turns).map((score, i) => {
    const unit = units[i];
    const isSettled =
      unit && (preferred.has(unit.turn) || cueOf(unit.sentence.text) === 'decision');
    return isSettled ? score + SETTLED : score;
  });
  const byScore = sorter(units, scores);
  const selection = new Selection(Math.max(budget(words), Math.min(MOST, 0.08 * words)));
  if (turns <= LONG_CHAT) addPerTurn(units, byScore, selection);
  else addPerStretch(units, byScore, selection);
  for (const unit of byScore(units.filter(isGood))) selection.add(unit);
  return units.filter((unit) => selection.units.has(unit));
}

/** Rule A of shared/design/AI.md, section 5. */
function addPerTurn(units: Unit[], byScore: Sorter, selection: Selection): void {
  const turns = new Map<number, Unit[]>();
  for (const unit of units) {
    const list = turns.get(unit.turn);
    if (list) list.push(unit);
    else turns.set(unit.turn, [unit]);
  }
  const [first, ...later] = [...turns.values()].map((list) => {
    const good = list.filter(isGood);
    return good.length > 0 ? good : list;
  });
  for (const unit of (first ?? []).slice(0, 2)) selection.add(unit);
  const picks = later.map((list) => byScore(list.slice(0, 3)));
  const best = new Set(byScore(picks.flatMap((list) => list.slice(0, 1))));
  // With more messages than fit, the better ones come first.
  if (picks.length > 5) {
    const rank = new Map([...best].map((unit, i) => [unit, i]));
    picks.sort((a, b) => rankOf(rank, a) - rankOf(rank, b));
  }
  for (const list of picks) list.some((unit) => selection.add(unit));
}

function rankOf(rank: Map<Unit, number>, list: Unit[]): number {
  const [unit] = list;
  return unit ? (rank.get(unit) ?? 0) : 0;
}

/** The best sentence of each of twelve stretches, so that one topic does not fill the summary. */
function addPerStretch(units: Unit[], byScore: Sorter, selection: Selection): void {
  const size = Math.ceil(units.length / MAX_POINTS);
  const best: Unit[] = [];
  for (let at = 0; at < units.length; at += size) {
    best.push(...byScore(units.slice(at, at + size).filter(isGood)).slice(0, 1));
  }
  for (const unit of byScore(best)) selection.add(unit);
}

/**
 * The key sentences of a document, in order: the start of its own summary if it has one, else what
 * scores best. `points` limits them, for a summary in one line.
 */
export function keyUnitsOfDocument(units: Unit[], title: string, points = MAX_POINTS): Unit[] {
  const own = units.filter(({ sentence }) => sentence.headings.some((h) => OWN_SUMMARY.test(h)));
  const hasOwn = totalWords(own) > 10;
  const complete = units.filter(({ sentence }) => !sentence.text.endsWith(':'));
  const listed = complete.length > 0 ? complete : units;
  const ranked = hasOwn ? own : sorter(units, scoreDocument(units, title))(listed);
  const selection = new Selection(budget(totalWords(units)));
  for (const unit of ranked) {
    if (selection.units.size >= points) break;
    // A summary is read from its start; a choice of sentences may leave out a long one.
    if (!selection.add(unit) && hasOwn) break;
  }
  return units.filter((unit) => selection.units.has(unit));
}

type Sorter = (units: Unit[]) => Unit[];

/** Sorts by score, best first; equal scores keep the order of the text. */
function sorter(units: Unit[], scores: number[]): Sorter {
  const score = new Map(units.map((unit, i) => [unit, scores[i] ?? 0]));
  return (list) => [...list].sort((a, b) => (score.get(b) ?? 0) - (score.get(a) ?? 0));
}

function budget(words: number): number {
  return Math.min(USUAL, Math.max(LEAST, 0.5 * words));
}

function totalWords(units: Unit[]): number {
  return units.reduce((total, { words }) => total + words, 0);
}

/** Of a length to be read at once, complete, and hardly any digits and symbols. */
function isGood({ words, sentence: { text } }: Unit): boolean {
  const odd = text.match(/[^\p{L}\p{M}\s.,'’?!-]/gu)?.length ?? 0;
  return words <= 40 && !text.endsWith(':') && odd <= 0.1 * text.length;
}
