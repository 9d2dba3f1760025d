/** ROUGE-1 of summaries without a language model, beside simple systems and what extraction could reach. */
import { join } from 'node:path';
import {
  keyUnits,
  sourcesOf,
  summarise,
  type SummaryInput,
  type SummaryPoint,
} from '../../server/src/features/summaries/summarise.ts';
import { unitsOf, type Unit } from '../../server/src/features/summaries/units.ts';
import { sentencesOf } from '../../server/src/platform/text/sentences.ts';
import { jaccard } from '../../server/src/platform/text/words.ts';
import { mean, rouge, type Rouge } from './rouge.ts';
import type { Row } from './rows.ts';
import { readLines } from './sets.ts';

interface Item {
  target: SummaryInput;
  references: string[];
  /** In one sentence. */
  isLine: boolean;
}

interface Turn {
  speaker: string;
  text: string;
}

interface Line {
  id: string;
  subject?: string;
  title?: string;
  text?: string;
  sentences?: string[];
  turns?: Turn[];
  summaries: string[];
}

function itemOf({ id, subject, title, text, sentences, turns, summaries }: Line): Item {
  if (turns) {
    return { target: thread(id, subject ?? '', turns), references: summaries, isLine: false };
  }
  const body = sentences ? sentences.join('\n\n') : (text ?? '');
  const source = sourceOf('entry', id, { speaker: '', text: body });
  const target: SummaryInput = { type: 'entry', title: title ?? '', source };
  return { target, references: summaries, isLine: sentences !== undefined };
}

function thread(id: string, title: string, turns: Turn[]): SummaryInput {
  const read = turns.map((turn, i) => sourceOf('message', `${id}-${i}`, turn));
  return { type: 'thread', title, turns: read };
}

function sourceOf(type: 'message' | 'entry', id: string, { speaker, text }: Turn) {
  return { ref: { type, id, spaceId: 'bench' }, version: 1, author: speaker, text };
}

function readMeetings(folder: string): Item[] {
  const meetings = new Map(
    readLines<Line>(join(folder, 'meetings.jsonl')).map((meeting) => [meeting.id, meeting]),
  );
  const queries = readLines<{ id: string; meeting: string; kind: string; summaries: string[] }>(
    join(folder, 'queries.jsonl'),
  );
  return queries
    .filter(({ kind }) => kind === 'general')
    .map(({ id, meeting, summaries }) => ({
      target: thread(id, '', meetings.get(meeting)?.turns ?? []),
      references: summaries,
      isLine: false,
    }));
}

function unitsIn({ target }: Item): Unit[] {
  return sourcesOf(target).flatMap((source, turn) =>
    unitsOf(source, turn, sentencesOf(source.text), 6),
  );
}

/** One line per message, as the application shows it. */
function render(units: Unit[], hasNames: boolean): string {
  let last = -1;
  const lines = units.map((unit) => {
    const name = hasNames && unit.turn !== last ? `${unit.source.author}: ` : '';
    last = unit.turn;
    return `${name}${unit.sentence.text}`;
  });
  return lines.join('\n');
}

/** Power iteration over shared words (Mihalcea and Tarau 2004), the three best in text order. */
function textRank(units: Unit[], count: number): Unit[] {
  const list = units.slice(0, 400);
  const weight = list.map((a) => list.map((b) => (a === b ? 0 : jaccard(a.stems, b.stems))));
  const out = weight.map((row) => row.reduce((sum, value) => sum + value, 0));
  let rank = list.map(() => 1);
  for (let round = 0; round < 30; round++) {
    const flow = rank.map((value, j) => value / (out[j] || 1));
    rank = weight.map(
      (row) => 0.15 + 0.85 * row.reduce((sum, value, j) => sum + value * (flow[j] ?? 0), 0),
    );
  }
  const order = list.map((_, i) => i).sort((a, b) => (rank[b] ?? 0) - (rank[a] ?? 0));
  const best = new Set(order.slice(0, count).map((i) => list[i]));
  return list.filter((unit) => best.has(unit));
}

/** Greedy by ROUGE-1 + ROUGE-2: what extraction could reach at most. */
function oracle(units: Unit[], references: string[], hasNames: boolean): Unit[] {
  let chosen: Unit[] = [];
  let best = 0;
  const pool = units.slice(0, 250);
  while (chosen.length < 12) {
    let next: Unit[] | undefined;
    for (const unit of pool) {
      if (chosen.includes(unit)) continue;
      const attempt = pool.filter((other) => other === unit || chosen.includes(other));
      const { r1, r2 } = rouge(render(attempt, hasNames), references);
      if (r1 + r2 > best) [best, next] = [r1 + r2, attempt];
    }
    if (!next) break;
    chosen = next;
  }
  return chosen;
}

function untrue(target: SummaryInput, points: SummaryPoint[]): number {
  const texts = new Map(sourcesOf(target).map(({ ref, text }) => [ref.id, text]));
  return points.filter(
    ({ citations }) =>
      citations.length === 0 ||
      citations.some((c) => texts.get(c.ref.id)?.slice(c.start, c.end) !== c.quote),
  ).length;
}

interface Options {
  target?: number;
  hasOracle: boolean;
}

function measure(set: string, items: Item[], { target: goal, hasOracle }: Options): Row[] {
  const scores = new Map<string, Rouge[]>();
  const add = (system: string, text: string, references: string[]) => {
    scores.set(system, [...(scores.get(system) ?? []), rouge(text, references)]);
  };
  let wrong = 0;
  for (const item of items) {
    const { target, references } = item;
    const hasNames = target.type !== 'entry';
    const count = item.isLine ? 1 : 3;
    const units = unitsIn(item);
    add(`LEAD-${count}`, render(units.slice(0, count), hasNames), references);
    add(`TextRank-${count}`, render(textRank(units, count), hasNames), references);
    if (hasOracle) add('oracle', render(oracle(units, references, hasNames), hasNames), references);
    const key = keyUnits(target, units, item.isLine ? 1 : undefined);
    add('key messages', render(key, hasNames), references);
    const sentences = sourcesOf(target).map(({ text }) => sentencesOf(text));
    wrong += untrue(target, summarise(target, sentences));
  }
  const figures = [...scores].map(([system, list]): [string, Rouge] => [system, mean(list)]);
  const own = figures.find(([system]) => system === 'key messages')?.[1] ?? { r1: 0, r2: 0 };
  const others = Object.fromEntries(
    figures.filter(([system]) => system !== 'key messages').map(([system, { r1 }]) => [system, r1]),
  );
  const target = goal === undefined ? {} : { target: goal };
  return [
    { set, measure: 'ROUGE-1', value: own.r1, ...target, others },
    { set, measure: 'ROUGE-2', value: own.r2 },
    { set, measure: 'sentences without a true quote', value: wrong, target: 0, isCeiling: true },
  ];
}

/** `ORACLE=0` leaves the oracle out, which takes most of the time. */
export function measureSummaries(data: string): Row[] {
  const root = join(data, 'summarization');
  const read = (path: string) => readLines<Line>(join(root, path)).map(itemOf);
  const hasOracle = process.env['ORACLE'] !== '0';
  return [
    ...measure('email-threads-val', read('email-threads-val/threads.jsonl'), {
      target: 30,
      hasOracle,
    }),
    ...measure('kep-summaries', read('kep-summaries/docs.jsonl'), { target: 35, hasOracle }),
    ...measure('scitldr-dev', read('scitldr-dev/docs.jsonl'), { target: 40, hasOracle }),
    ...measure('qmsum-val, whole meetings', readMeetings(join(root, 'qmsum-val')), {
      hasOracle: false,
    }),
  ];
}
