import { contentStems } from '../../platform/text/words.ts';
import type { Unit } from './units.ts';

/**
 * Linear scores of sentences for extractive summaries. Every feature is standardised over the text
 * (mean 0, deviation 1), so a weight says how much one deviation counts. Weights are rounded ridge
 * regressions on the ROUGE-1 + ROUGE-2 of single sentences; `npm run bench:quality` measures them.
 */
type Features = Record<string, number>;

/** Fitted on email-threads-val (ConvoSumm). */
const CONVERSATION_WEIGHTS: Features = {
  frequency: 3.4,
  title: 1.3,
  request: 1.2,
  opensTurn: 1.0,
  late: -0.7,
  deep: -0.4,
};
/** Fitted on scitldr-dev and kep-summaries together. */
const DOCUMENT_WEIGHTS: Features = {
  frequency: 2.9,
  title: 5.0,
  proposal: 3.5,
  length: 1.9,
  centrality: 1.0,
  late: -1.5,
};

const REQUEST =
  /\b(?:propos\w*|suggest\w*|wonder\w*|question\w*|asks?|agree\w*|think|believe|recommend\w*|should|need|want|would like|prefer\w*|issue|problem|concern\w*)\b/i;
const PROPOSAL =
  /\b(?:(?:this|the) (?:\w{1,30} ){0,2}(?:proposes?|introduces?|allows?|aims?|adds?|describes?|presents?|provides?|enables?|explains?|defines?|covers?|extends?|goal|purpose|proposal)|we (?:\w{1,30} )?(?:propose|introduce|present|show|demonstrate|develop|describe|study|find|provide|investigate|design|prove|argue)|proposed?|in this (?:paper|work|document|proposal|kep))\b/i;

/** Scores of the units of a conversation, in their order. `turns`: number of messages. */
export function scoreConversation(units: Unit[], title: string, turns: number): number[] {
  const frequency = logFrequencies(units);
  const titleStems = new Set(contentStems(title));
  let previous = -1;
  let depth = 0;
  const features = units.map((unit): Features => {
    depth = unit.turn === previous ? depth + 1 : 0;
    previous = unit.turn;
    return {
      frequency: sum(unit, (stem) => frequency.get(stem) ?? 0),
      title: titleShare(unit, titleStems),
      request: REQUEST.test(unit.sentence.text) ? 1 : 0,
      opensTurn: depth === 0 ? 1 : 0,
      late: turns > 1 ? unit.turn / (turns - 1) : 0,
      deep: Math.min(1, depth / 6),
    };
  });
  return weighted(features, CONVERSATION_WEIGHTS);
}

/** Scores of the units of a document, in their order. */
export function scoreDocument(units: Unit[], title: string): number[] {
  const frequency = logFrequencies(units);
  const titleStems = new Set(contentStems(title));
  const features = units.map((unit, i): Features => {
    const shared = sum(unit, (stem) => Math.exp(frequency.get(stem) ?? 0) - 1);
    return {
      frequency: sum(unit, (stem) => frequency.get(stem) ?? 0),
      title: titleShare(unit, titleStems),
      proposal: PROPOSAL.test(unit.sentence.text) ? 1 : 0,
      length: Math.log(1 + unit.words),
      centrality: shared / Math.sqrt(Math.max(1, unit.stems.size)),
      late: i,
    };
  });
  return weighted(features, DOCUMENT_WEIGHTS);
}

/** Logarithm of the number of sentences that hold a stem. */
function logFrequencies(units: Unit[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const unit of units) {
    for (const stem of unit.stems) counts.set(stem, (counts.get(stem) ?? 0) + 1);
  }
  return new Map([...counts].map(([stem, count]) => [stem, Math.log(count)]));
}

function sum(unit: Unit, value: (stem: string) => number): number {
  let total = 0;
  for (const stem of unit.stems) total += value(stem);
  return total;
}

function titleShare(unit: Unit, title: ReadonlySet<string>): number {
  return sum(unit, (stem) => (title.has(stem) ? 1 : 0)) / Math.sqrt(Math.max(1, unit.stems.size));
}

function weighted(features: Features[], weights: Features): number[] {
  const scores = features.map(() => 0);
  for (const [name, weight] of Object.entries(weights)) {
    const values = features.map((row) => row[name] ?? 0);
    const mean = values.reduce((total, value) => total + value, 0) / Math.max(1, values.length);
    const variance =
      values.reduce((total, value) => total + (value - mean) ** 2, 0) / values.length;
    const deviation = Math.sqrt(variance);
    if (!(deviation > 1e-9)) continue;
    for (const [i, value] of values.entries()) {
      scores[i] = (scores[i] ?? 0) + (weight * (value - mean)) / deviation;
    }
  }
  return scores;
}
