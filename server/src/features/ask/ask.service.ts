import type { Answer, ask as endpoint, StreamedSentence } from '@teambrain/contract/ask.ts';
import { typeOf } from '@teambrain/contract/kinds.ts';
import type { BodyOf } from '@teambrain/contract/endpoint.ts';
import type { Access, Visible } from '../../platform/access/access.ts';
import type { Actor } from '../../platform/core/actor.ts';
import { createSemaphore } from '../../platform/core/semaphore.ts';
import type {
  LookUp,
  Retrieve,
  Retrieved,
  RetrievedPassage,
  SourceRef,
} from '../../platform/core/knowledge.ts';
import type { Emit } from '../../platform/http/route.ts';
import type { ModelCounts } from '../../platform/ports/model/counts.ts';
import type { Models } from '../../platform/ports/model/models.ts';
import { composeAnswer, nearestOf, type Choice } from './answer.ts';
import { createModelAnswers } from './ask.model.ts';
import { showQuotes, type ReadTexts } from './found.ts';
import { holdsType } from './question-type.ts';
import { shownText } from './shown-text.ts';

export interface AskDependencies {
  access: Access;
  retrieve: Retrieve;
  lookUp: LookUp;
  read: ReadTexts;
  models: Models;
  counts: ModelCounts;
}

/** How an answer leaves while it is made. */
interface Asking {
  emit: Emit<typeof endpoint>;
  /** Aborted when the asker has left. */
  signal: AbortSignal;
}

export type Ask = ReturnType<typeof createAsk>;

const SNIPPET = 200;
/** One more at a time than one person may have, so that nobody takes all places. */
const TURNS = { width: 3, queue: 50, patienceMs: 3_500 };

/** Questions in plain language. The only way to text is `retrieve`, restricted to the asker. */
export function createAsk({ access, retrieve, lookUp, read, models, counts }: AskDependencies) {
  const gate = createSemaphore(TURNS);
  const askModel = createModelAnswers(lookUp, counts);
  return {
    /**
     * With a model its verified sentences, emitted as they come; the evidence in its place where it
     * fails, or where none is set.
     * @throws busy when too many questions wait
     */
    async ask(
      actor: Actor,
      { question, turns = [], spaces }: BodyOf<typeof endpoint>,
      { emit, signal }: Asking = UNHEARD,
    ): Promise<Answer> {
      const visible = access.visible(actor, spaces);
      const before = turns.map((turn) => turn.question);
      const model = await models.current();
      const name = model?.name ?? null;
      const retrieved = await gate(() => retrieve(visible, question, before.at(-1)));
      const choice = composeAnswer(question, retrieved);
      const show = (shown: Choice) =>
        gate(() => present({ lookUp, read }, visible, question, shown));
      if (!model) return { ...(await show(choice)), ...EVIDENCE };
      const answer = await askModel(model, {
        ...{ visible, question, before, retrieved, signal },
        best: choice.quotes[0]?.passage.spaceId ?? null,
        show: (sentence) => emit('sentence', sentence),
      });
      if ('instead' in answer) {
        return { ...(await show(choice)), ...EVIDENCE, model: name, instead: answer.instead };
      }
      const byModel = { method: 'model', model: name, instead: null } as const;
      if (answer.sentences.length === 0)
        return { ...(await show(refusal(choice, retrieved))), ...byModel };
      return { ...numbered(answer.sentences), ...byModel };
    },
  };
}

/** Nobody hears of sentences before the answer is whole, and nobody leaves. */
const UNHEARD: Asking = {
  emit: () => Promise.resolve(),
  signal: new AbortController().signal,
};

const EVIDENCE = { method: 'evidence', model: null, instead: null } as const;

/** A refusal shows where to look, and no source as if it were one. */
const refusal = (choice: Choice, retrieved: Retrieved): Choice => ({
  ...choice,
  ...{ status: 'unknown', quotes: [], isReply: false, nearest: nearestOf(retrieved) },
});

/** Sentences with their citations in one list, each place once. */
function numbered(sentences: readonly StreamedSentence[]): Omit<Answer, keyof typeof EVIDENCE> {
  const citations: Answer['citations'] = [];
  const numberOf = (one: Answer['citations'][number]) => {
    const isSame = ({ source, start, end }: typeof one) =>
      source.id === one.source.id && start === one.start && end === one.end;
    const known = citations.findIndex(isSame);
    return known < 0 ? citations.push(one) - 1 : known;
  };
  const numberedOnes = sentences.map((sentence) => ({
    text: sentence.text,
    citations: [...new Set(sentence.citations.map(numberOf))],
  }));
  const rest = { found: [], page: null, nearest: [] };
  return { status: 'answered', sentences: numberedOnes, citations, ...rest };
}

/**
 * Shows only what is true now: a quote whose source is gone, hidden or no longer says the quoted
 * words is dropped; an answer without quotes is a refusal.
 */
async function present(
  { lookUp, read }: Pick<AskDependencies, 'lookUp' | 'read'>,
  visible: Visible,
  question: string,
  { status, quotes, isReply, page, nearest }: Choice,
): Promise<Omit<Answer, keyof typeof EVIDENCE>> {
  const refs = [...quotes.map(({ sentence }) => sentence.ref), ...nearest.map(refOf)];
  const known = await lookUp(visible, page ? [...refs, unsourced(page)] : refs);
  const shown = await showQuotes(quotes, known, read);
  const lines = shown.sentences.map(({ text }) => text);
  const isProven = isReply || holdsType(question, lines);
  const claimed = status === 'answered' && !isProven ? 'maybe' : status;
  return {
    status: shown.sentences.length > 0 ? claimed : 'unknown',
    ...shown,
    page: (page && known(unsourced(page))?.card) ?? null,
    nearest: nearest.flatMap((near) => {
      const source = known(refOf(near));
      if (!source || (page && source.card.id === page.sourceId)) return [];
      const snippet = shownText(near.sentence?.text ?? '').slice(0, SNIPPET);
      const { start = null, end = null } = near.sentence ?? {};
      return [{ source: source.card, snippet, start, end }];
    }),
  };
}

/** The source to open for a passage: its nearest sentence's, so a run of turns opens at its message. */
const refOf = ({ passage, sentence }: Choice['nearest'][number]): SourceRef =>
  sentence?.ref ?? unsourced(passage);

/** A passage of a title alone belongs to an entry, whose id the passage row carries as its source. */
const unsourced = ({ kind, spaceId, sourceId }: RetrievedPassage): SourceRef => ({
  type: typeOf(kind),
  id: sourceId,
  spaceId,
});
