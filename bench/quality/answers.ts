import { join } from 'node:path';
import { composeAnswer, confidenceOf, type Choice } from '../../server/src/features/ask/answer.ts';
import { holdsType } from '../../server/src/features/ask/question-type.ts';
import { rankSentences } from '../../server/src/features/ask/rank-sentences.ts';
import type { Retrieved, RetrievedSentence } from '../../server/src/platform/core/knowledge.ts';
import type { Encoder } from '../../server/src/platform/ports/ai/encoder.ts';
import { auroc, meanOf, type Row } from './rows.ts';
import { readClapnq, readMtrag, type Asked } from './sets.ts';
import { openCorpus, type Corpus } from './space.ts';

const only = (retrieved: Retrieved, keep: (id: string) => boolean): Retrieved => ({
  ...retrieved,
  passages: retrieved.passages.filter(({ sourceId }) => keep(sourceId)),
});

/** Whether most of a sentence lies in the sentences that an answer rests on. */
function isRight({ start, end }: RetrievedSentence, { right }: Asked): boolean {
  const common = right.reduce(
    (sum, [from, to]) => sum + Math.max(0, Math.min(end, to) - Math.max(start, from)),
    0,
  );
  return common >= 0.5 * (end - start);
}

const share = (flags: readonly boolean[]) => meanOf(flags.map(Number));

/** With the right passage given: is the sentence shown first one that answers? */
async function measureOrder(corpus: Corpus, questions: Asked[]): Promise<Row[]> {
  const first: boolean[] = [];
  const three: boolean[] = [];
  const textOrder: boolean[] = [];
  for (const question of questions) {
    const whole = only(await corpus.retrieve(question), (id) => id === question.passage);
    const known =
      whole.passages.length > 0 ? whole : await corpus.retrieve(question, question.passage);
    const passages = known.passages.map((passage) => ({
      ...passage,
      score: Math.max(1, passage.score),
    }));
    const given = { ...known, passages };
    const shown = composeAnswer(question.text, given).quotes;
    first.push(shown[0] !== undefined && isRight(shown[0].sentence, question));
    const ranked = rankSentences(question.text, given).slice(0, 3);
    three.push(ranked.some(({ sentence }) => isRight(sentence, question)));
    const early = [...shown].sort((a, b) => a.sentence.start - b.sentence.start)[0];
    textOrder.push(early !== undefined && isRight(early.sentence, question));
  }
  const others = { 'the same in text order': share(textOrder) };
  const set = 'clapnq-dev, passage given';
  return [
    { set, measure: 'right sentence shown first', value: share(first), target: 0.7, others },
    { set, measure: 'right sentence among the best three', value: share(three), target: 0.96 },
  ];
}

interface Outcome {
  confidence: number;
  choice: Choice;
}

function outcomeOf(text: string, retrieved: Retrieved): Outcome {
  const [best] = rankSentences(text, retrieved);
  const choice = composeAnswer(text, retrieved);
  const lines = choice.quotes.map(({ sentence }) => sentence.text);
  // As Ask does with what is shown, of which the quotes are the most.
  const isProven = choice.isReply || holdsType(text, lines);
  if (choice.status === 'answered' && !isProven) choice.status = 'maybe';
  return { confidence: best ? confidenceOf(best) : 0, choice };
}

const shareOf = (outcomes: readonly Outcome[], status: Choice['status']) =>
  share(outcomes.map(({ choice }) => choice.status === status));

/** How well knowing is told from not knowing, and what the operating point costs. */
function refusalRows(set: string, known: Outcome[], missing: Outcome[]): Row[] {
  const value = auroc(
    known.map(({ confidence }) => confidence),
    missing.map(({ confidence }) => confidence),
  );
  const others = {
    'known: found': shareOf(known, 'answered'),
    'may help': shareOf(known, 'maybe'),
    refused: shareOf(known, 'unknown'),
    'not known: found': shareOf(missing, 'answered'),
    'may help ': shareOf(missing, 'maybe'),
    'refused ': shareOf(missing, 'unknown'),
  };
  return [{ set, measure: 'refusal AUROC, and the operating point', value, target: 0.78, others }];
}

/** Quotes that are no exact slice of what was retrieved. */
const untrue = ({ choice }: Outcome, docs: ReadonlyMap<string, string>) =>
  choice.quotes.filter(({ sentence: { start, end, quote }, passage }) => {
    return docs.get(passage.sourceId)?.slice(start, end) !== quote;
  }).length;

export async function measureAnswers(encoder: Encoder, data: string): Promise<Row[]> {
  const clapnq = readClapnq(join(data, 'qa/clapnq-dev'));
  const corpus = await openCorpus(encoder, clapnq.docs, true);
  const rows = await measureOrder(corpus, clapnq.answerable);
  const docs = new Map(clapnq.docs.map(({ id, text }) => [id, text]));
  const known: Outcome[] = [];
  const none: Outcome[] = [];
  const apart: Outcome[] = [];
  for (const question of clapnq.answerable) {
    known.push(outcomeOf(question.text, await corpus.retrieve(question)));
    apart.push(outcomeOf(question.text, await corpus.retrieve(question, question.passage)));
  }
  for (const question of clapnq.unanswerable) {
    none.push(outcomeOf(question.text, await corpus.retrieve(question)));
  }
  await corpus.close();
  rows.push(
    {
      set: 'one-paragraph spaces of clapnq-dev',
      measure: 'known paragraph refused',
      value: shareOf(apart, 'unknown'),
      target: 0.08,
      isCeiling: true,
      others: { found: shareOf(apart, 'answered'), 'may help': shareOf(apart, 'maybe') },
    },
    ...refusalRows('clapnq-dev, on the topic without the answer', known, none),
    ...(await measureTakenOut(encoder, data)),
  );
  const wrong = [...known, ...none, ...apart].reduce((sum, item) => sum + untrue(item, docs), 0);
  rows.push({
    set: 'all answers above',
    measure: 'sentences without a true quote',
    value: wrong,
    target: 0,
    isCeiling: true,
  });
  return rows;
}

/** Questions rewritten to be understood alone, with their passages and with these taken out. */
async function measureTakenOut(encoder: Encoder, data: string): Promise<Row[]> {
  const { docs, queries } = readMtrag(join(data, 'qa/mtrag-human'));
  const corpus = await openCorpus(encoder, docs);
  const known: Outcome[] = [];
  const gone: Outcome[] = [];
  for (const { rewrite, relevant } of queries) {
    const found = await corpus.retrieve({ text: rewrite });
    known.push(outcomeOf(rewrite, found));
    gone.push(
      outcomeOf(
        rewrite,
        only(found, (id) => !relevant.has(id)),
      ),
    );
  }
  await corpus.close();
  return refusalRows('mtrag-human, passages taken out', known, gone);
}
