/**
 * Measures answers without a language model: `npx tsx bench/quality/answer.ts <data folder>`, the
 * folder that holds qa/clapnq-dev and qa/mtrag-human (their READMEs name sources and licences).
 * `--no-encoder` leaves sentence vectors out.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  composeAnswer,
  confidenceOf,
  TIERS,
  type Choice,
} from '../../server/src/features/ask/answer.ts';
import {
  rankSentences,
  type RankedSentence,
} from '../../server/src/features/ask/rank-sentences.ts';
import type { Retrieved } from '../../server/src/platform/core/knowledge.ts';
import type { Encoder } from '../../server/src/platform/ports/ai/encoder.ts';
import { createShippedEncoder } from '../../server/src/platform/ports/ai/encoder.shipped.ts';
import { sentencesOf } from '../../server/src/platform/text/sentences.ts';
import { buildIndex, type Doc, type LocalIndex } from './local-retrieval.ts';

interface Question {
  text: string;
  passages: string[];
  /** Indexes of the sentences the reference answers rest on, in the gold passage. */
  sentences: Set<number>;
}

interface DataSet {
  name: string;
  docs: Doc[];
  answerable: Question[];
  /** On the topic of a passage, but not answered by it. */
  unanswerable: Question[];
}

interface ClapPassage {
  id: string;
  title: string;
  text: string;
  sentences: [number, number][];
}

interface ClapQuestion {
  question: string;
  passage_id: string;
  answerable: boolean;
  answers: { sentences: number[] }[];
}

interface MtragQuestion {
  id: string;
  rewrite: string | null;
}

function readLines<T>(path: string): T[] {
  const lines = readFileSync(path, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as T);
}

function readClapnq(folder: string): DataSet {
  const docs = readLines<ClapPassage>(join(folder, 'corpus.jsonl')).map((passage) => ({
    id: passage.id,
    title: passage.title,
    sentences: passage.sentences.map(([start, end]) => passage.text.slice(start, end)),
  }));
  const questions = readLines<ClapQuestion>(join(folder, 'questions.jsonl'));
  const read = ({ question, passage_id, answers }: ClapQuestion): Question => ({
    text: question,
    passages: [passage_id],
    sentences: new Set(answers.flatMap(({ sentences }) => sentences)),
  });
  return {
    name: 'clapnq-dev',
    docs,
    answerable: questions.filter(({ answerable }) => answerable).map(read),
    unanswerable: questions.filter(({ answerable }) => !answerable).map(read),
  };
}

function readMtrag(folder: string): DataSet {
  const docs = readLines<{ id: string; title: string; text: string }>(join(folder, 'corpus.jsonl'));
  const gold = new Map<string, string[]>();
  for (const line of readFileSync(join(folder, 'qrels.tsv'), 'utf8').trim().split('\n').slice(1)) {
    const [query = '', passage = ''] = line.split('\t');
    gold.set(query, [...(gold.get(query) ?? []), passage]);
  }
  const answerable = readLines<MtragQuestion>(join(folder, 'questions.jsonl')).flatMap(
    (question) => {
      const passages = gold.get(question.id);
      if (!passages || !question.rewrite) return [];
      return [{ text: question.rewrite, passages, sentences: new Set<number>() }];
    },
  );
  const split = ({ id, title, text }: { id: string; title: string; text: string }): Doc => ({
    id,
    title,
    sentences: sentencesOf(text, { joinShort: true }).map((sentence) => sentence.text),
  });
  return { name: 'mtrag-human', docs: docs.map(split), answerable, unanswerable: [] };
}

const percent = (count: number, of: number) => ((100 * count) / Math.max(1, of)).toFixed(1);

/** Right sentence first and among the first three, by several orders of the same candidates. */
async function measureSentences(index: LocalIndex, questions: Question[]): Promise<void> {
  const orders: Record<string, (a: RankedSentence, b: RankedSentence) => number> = {
    'text order': (a, b) => a.index - b.index,
    'words only': (a, b) => b.features.coverage - a.features.coverage,
    'cosine only': (a, b) => b.features.cosine - a.features.cosine,
    'linear score': (a, b) => b.score - a.score,
  };
  for (const [name, order] of Object.entries(orders)) {
    let first = 0;
    let three = 0;
    for (const question of questions) {
      const retrieved = await index.retrieve(question.text, 1, question.passages[0]);
      const best = rankSentences(question.text, retrieved).sort(order).slice(0, 3);
      const hits = best.map((item) => question.sentences.has(item.index));
      if (hits[0]) first++;
      if (hits.includes(true)) three++;
    }
    const of = questions.length;
    console.log(`  ${name.padEnd(12)} first ${percent(first, of)}  in three ${percent(three, of)}`);
  }
}

/** Citation precision and recall over the gold passage, and quotes that are not exact. */
async function measureCitations(index: LocalIndex, questions: Question[]): Promise<void> {
  let precision = 0;
  let recall = 0;
  let count = 0;
  let untrue = 0;
  for (const question of questions) {
    const retrieved = await index.retrieve(question.text, 1, question.passages[0]);
    const passage = retrieved.passages[0];
    if (!passage || question.sentences.size === 0) continue;
    const certain = { ...retrieved, passages: [{ ...passage, score: Math.max(1, passage.score) }] };
    const answer = composeAnswer(question.text, certain);
    untrue += untrueSentences(answer, certain);
    const starts = answer.quotes.map(({ sentence }) => sentence.start);
    const cited = passage.sentences.flatMap(({ start }, i) => (starts.includes(start) ? [i] : []));
    const hits = cited.filter((i) => question.sentences.has(i)).length;
    precision += hits / Math.max(1, cited.length);
    recall += hits / question.sentences.size;
    count++;
  }
  const p = (100 * precision) / count;
  const r = (100 * recall) / count;
  console.log(`  citations    precision ${p.toFixed(1)}  recall ${r.toFixed(1)}  untrue ${untrue}`);
}

function untrueSentences(answer: Choice, { passages }: Retrieved): number {
  const quotes = new Set(passages.flatMap(({ sentences }) => sentences.map(({ quote }) => quote)));
  return answer.quotes.filter(({ sentence }) => !quotes.has(sentence.quote)).length;
}

interface Outcome {
  score: number;
  status: Choice['status'];
  isRight: boolean;
}

async function outcome(index: LocalIndex, question: Question, isHidden: boolean): Promise<Outcome> {
  const found = await index.retrieve(question.text, 40);
  const isGold = ({ id }: { id: string }) => question.passages.includes(id);
  const passages = found.passages.filter((passage) => !isHidden || !isGold(passage)).slice(0, 20);
  const answer = composeAnswer(question.text, { ...found, passages });
  const best = rankSentences(question.text, { ...found, passages })[0];
  const confidence = best ? confidenceOf(best) : 0;
  const isRight = answer.quotes.some(({ sentence }) => isGold(sentence.ref));
  return { score: confidence, status: answer.status, isRight };
}

function auroc(positive: Outcome[], negative: Outcome[]): number {
  let wins = 0;
  for (const a of positive) {
    for (const b of negative) wins += a.score > b.score ? 1 : a.score === b.score ? 0.5 : 0;
  }
  return wins / (positive.length * negative.length);
}

/** What each tier costs: the gold passage findable, taken out, or on the topic without the answer. */
async function measureRefusal(index: LocalIndex, set: DataSet): Promise<void> {
  const groups: Record<string, Outcome[]> = { known: [], 'taken out': [], 'no answer': [] };
  for (const question of set.answerable) {
    groups['known']?.push(await outcome(index, question, false));
    groups['taken out']?.push(await outcome(index, question, true));
  }
  for (const question of set.unanswerable) {
    groups['no answer']?.push(await outcome(index, question, false));
  }
  const known = groups['known'] ?? [];
  for (const [name, list] of Object.entries(groups)) {
    if (list.length === 0) continue;
    const share = (status: Choice['status']) =>
      percent(list.filter((item) => item.status === status).length, list.length);
    const shares = `answered ${share('answered')}  maybe ${share('maybe')}  unknown ${share('unknown')}`;
    const area = name === 'known' ? '' : `  AUROC ${auroc(known, list).toFixed(3)}`;
    console.log(`  ${name.padEnd(12)} ${shares}${area}`);
  }
  const claimed = known.filter(({ status }) => status === 'answered');
  const right = claimed.filter(({ isRight }) => isRight).length;
  console.log(`  claims that cite a gold passage: ${percent(right, claimed.length)}`);
}

async function measure(folder: string, encoder: Encoder | null): Promise<void> {
  console.log('tiers', JSON.stringify(encoder ? TIERS.withMeaning : TIERS.wordsOnly));
  const qa = join(folder, 'qa');
  for (const set of [readClapnq(join(qa, 'clapnq-dev')), readMtrag(join(qa, 'mtrag-human'))]) {
    console.log(`${set.name}: ${set.answerable.length} questions, ${set.docs.length} passages`);
    const index = await buildIndex(set.docs, encoder);
    if (set.name === 'clapnq-dev') {
      await measureSentences(index, set.answerable);
      await measureCitations(index, set.answerable);
    }
    await measureRefusal(index, set);
  }
}

const [folder, flag] = process.argv.slice(2);
if (!folder) throw new Error('Usage: npx tsx bench/quality/answer.ts <data folder> [--no-encoder]');
const cacheDir = mkdtempSync(join(tmpdir(), 'teambrain-bench-'));
const encoder = flag === '--no-encoder' ? null : await createShippedEncoder({ cacheDir });
try {
  await measure(folder, encoder);
} finally {
  await encoder?.close();
  rmSync(cacheDir, { recursive: true, force: true });
}
