/**
 * Searches the grammar for texts that take much longer to read than others of their length:
 * `npx tsx bench/reading/search.ts [stage] [seconds] [random]`. What it finds belongs
 * into server/test/hostile-markdown.ts.
 */
import { isHostile, isTooCostly } from '@teambrain/contract/markdown-guard.ts';
import { sourcesOf, summarise } from '../../server/src/features/summaries/summarise.ts';
import { CARE } from '../../server/src/platform/text/care.ts';
import { cutMessage } from '../../server/src/platform/text/cuts.ts';
import { passagesOf } from '../../server/src/platform/text/passages.ts';
import { sentencesOf } from '../../server/src/platform/text/sentences.ts';
import { contentStems } from '../../server/src/platform/text/words.ts';
import { shownText } from '../../server/src/features/ask/shown-text.ts';
import { enclosed, FRAGMENTS, repeated, staircase, type Shape } from './shapes.ts';

const summary = (text: string) => {
  const source = {
    ref: { type: 'entry' as const, id: 'a', spaceId: 'b' },
    version: 1,
    author: 'Ana',
    text,
  };
  const target = { type: 'entry' as const, title: 'a', source };
  return summarise(
    target,
    sourcesOf(target).map(() => sentencesOf(text, { care: CARE.plain })),
  );
};

const STAGES: Record<string, (text: string) => unknown> = {
  parse: (text) => passagesOf('a', text),
  plain: (text) => passagesOf('a', text, CARE.plain),
  lines: (text) => passagesOf('a', text, CARE.lines),
  message: (text) => cutMessage({ text }, CARE.plain),
  summary,
  guard: (text) => [isHostile(text), isTooCostly(text)],
  words: (text) => contentStems(text),
  shown: (text) => shownText(text),
};

/** Starts small, so that the worst shape takes a second. */
const SIZES = [1_000, 2_000, 4_000, 8_000, 16_000, 32_000];
/** Milliseconds of computing at which a shape is measured well enough. */
const ENOUGH_MS = 150;

const [stage = 'parse', seconds = '120', order = ''] = process.argv.slice(2);
const run = STAGES[stage];
if (!run) throw new Error(`No stage ${stage}: ${Object.keys(STAGES).join(', ')}`);

function computing(task: () => unknown): number {
  const before = process.cpuUsage();
  task();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** Milliseconds at the largest size tried, and by how much the time grows when the length doubles. */
function measure(shape: Shape): { size: number; ms: number; growth: number } {
  let [previous, ms, size] = [0, 0, 0];
  for (size of SIZES) {
    previous = ms;
    const text = shape.of(size);
    ms = computing(() => run?.(text));
    if (ms > ENOUGH_MS) break;
  }
  return { size, ms, growth: previous > 0 ? ms / previous : 1 };
}

function* shapes(): Generator<Shape> {
  if (order !== 'random') yield* systematic();
  yield* random();
}

function* systematic(): Generator<Shape> {
  for (const piece of FRAGMENTS) yield repeated(piece);
  for (const piece of FRAGMENTS)
    for (const step of ['  ', ' ', '> ', '- ', '1. ', '\t']) yield staircase(step, piece);
}

function* random(): Generator<Shape> {
  const pick = () => FRAGMENTS[Math.floor(Math.random() * FRAGMENTS.length)] ?? 'a';
  for (;;) {
    const piece = Array.from({ length: 2 + Math.floor(Math.random() * 4) }, pick).join('');
    yield Math.random() < 0.7 ? repeated(piece) : enclosed(pick() + pick(), pick() + pick());
  }
}

run('# Warm\n\nSome *words* to [read](b).\n'.repeat(200));
const found: { name: string; perKb: number; ms: number; size: number; growth: number }[] = [];
const until = Date.now() + Number(seconds) * 1_000;
let tried = 0;
for (const shape of shapes()) {
  if (Date.now() > until) break;
  tried += 1;
  const { size, ms, growth } = measure(shape);
  found.push({ name: shape.name, perKb: ms / (size / 1_000), ms, size, growth });
}
found.sort((a, b) => b.perKb - a.perKb);
for (const { name, perKb, ms, size, growth } of found.slice(0, 40)) {
  console.log(
    `${perKb.toFixed(1).padStart(8)} ms/kB ${ms.toFixed(0).padStart(6)} ms at ${size} ×${growth.toFixed(1)}  ${name}`,
  );
}
console.log(`${tried} shapes tried`);
