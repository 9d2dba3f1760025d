import type { Answer, StreamedSentence } from '@teambrain/contract/ask.ts';
import type { Citation } from '@teambrain/contract/citation.ts';
import type { Visible } from '../../platform/access/access.ts';
import type { LookUp, Retrieved } from '../../platform/core/knowledge.ts';
import { ProblemError } from '../../platform/core/problem.ts';
import { createSemaphore } from '../../platform/core/semaphore.ts';
import { createClaimReader } from '../../platform/grounded/claims.ts';
import { createFence, RULES } from '../../platform/grounded/prompt.ts';
import { createVerify, type Claim, type Verify } from '../../platform/grounded/verify.ts';
import { ModelError, type Model } from '../../platform/ports/model/model.ts';
import type { ModelCounts } from '../../platform/ports/model/counts.ts';
import { piecesFor, type Piece } from './model-passages.ts';

/** A question on its way to a model. */
export interface ModelQuestion {
  visible: Visible;
  question: string;
  /** Questions asked before it, oldest first. */
  before: readonly string[];
  retrieved: Retrieved;
  /** The space of the best evidence. */
  best: string | null;
  /** Shows a verified sentence. */
  show(sentence: StreamedSentence): Promise<void>;
  /** Aborted when the asker has left. */
  signal: AbortSignal;
}

/** What came of it: sentences (none is a refusal), or why there is no answer of the model. */
export type ModelAnswer = { sentences: StreamedSentence[] } | { instead: Instead };
type Instead = NonNullable<Answer['instead']>;

const MAX_TOKENS = 900;
const MAX_SENTENCES = 8;
const MAX_BEFORE = 5;
/** Answers of models under way in this process; a question beyond that gets the evidence. */
const STREAMS = { width: 50, queue: 0 };

/** Asks a model over the passages found, and lets through what the server has verified. */
export function createModelAnswers(lookUp: LookUp, counts: ModelCounts) {
  const gate = createSemaphore(STREAMS);
  return async (model: Model, asked: ModelQuestion): Promise<ModelAnswer> => {
    const maySend = ({ card }: Piece['source']) => card.spaceVisibility === 'public';
    const { visible, retrieved, best } = asked;
    const { pieces, withheld } = await piecesFor(lookUp, visible, retrieved, maySend);
    // A refusal over what the model was not shown would be no honest one.
    const none: ModelAnswer =
      best !== null && withheld.has(best) ? { instead: 'withheld' } : { sentences: [] };
    if (pieces.length === 0) return none;
    try {
      const said = await gate(() => listen(model, asked, pieces, { lookUp, counts }));
      // One last look: what was shown first may be gone by now.
      const sentences = await stillSaid(lookUp, visible, said);
      return sentences.length === 0 ? none : { sentences };
    } catch (error) {
      const instead = insteadOf(error);
      if (instead === null || asked.signal.aborted) throw error;
      return { instead };
    }
  };
}

function insteadOf(error: unknown): Instead | null {
  if (error instanceof ModelError) return error.failure === 'refused' ? 'failed' : error.failure;
  return error instanceof ProblemError && error.code === 'busy' ? 'busy' : null;
}

interface Tools {
  lookUp: LookUp;
  counts: ModelCounts;
}

async function listen(
  model: Model,
  asked: ModelQuestion,
  pieces: readonly Piece[],
  { lookUp, counts }: Tools,
): Promise<StreamedSentence[]> {
  const people = [...new Set(pieces.map(({ source }) => source.card.author.name))];
  const evidence = pieces.map(({ text, title, heading, source }) => ({
    text,
    about: [title, heading, source.card.author.name],
  }));
  const verify = createVerify(evidence, people);
  const claims = createClaimReader();
  const shown: StreamedSentence[] = [];
  for await (const part of model.stream(promptFor(asked, pieces), asked.signal)) {
    if (part.type === 'end') {
      counts.spend(part.usage);
      continue;
    }
    for (const claim of claims.add(part.text)) {
      const sentence = await checked(claim, verify, pieces, { lookUp, counts }, asked.visible);
      if (!sentence || shown.some(({ text }) => text === sentence.text)) continue;
      shown.push(sentence);
      await asked.show(sentence);
    }
    if (shown.length >= MAX_SENTENCES || claims.isFull()) break;
  }
  return shown;
}

function promptFor({ question, before }: ModelQuestion, pieces: readonly Piece[]) {
  const fence = createFence();
  const passages = pieces.map(({ title, heading, text, source: { card } }, index) => {
    const about = [
      ['Title', title],
      ['Section', heading],
      ['Kind', card.kind],
      ['Author', card.author.name],
      ['Date', card.at.slice(0, 10)],
    ] as const;
    return fence.passage({ about: about.filter(([, value]) => value !== ''), text }, index + 1);
  });
  const earlier = before.slice(-MAX_BEFORE);
  const message = [
    `<word> is ${fence.word}.`,
    ...passages,
    ...(earlier.length > 0 ? [fence.earlier(earlier)] : []),
    fence.question(question),
    earlier.length > 0
      ? 'Answer the question, read as a follow-up of the earlier ones, from the passages.'
      : 'Answer the question from the passages.',
  ].join('\n\n');
  return { system: RULES, message, maxTokens: MAX_TOKENS };
}

/** A claim as a reader may see it; null for one that does not hold, or whose source is gone or hidden. */
async function checked(
  claim: Claim,
  verify: Verify,
  pieces: readonly Piece[],
  { lookUp, counts }: Tools,
  visible: Visible,
): Promise<StreamedSentence | null> {
  const verified = verify(claim);
  if (typeof verified === 'string') {
    counts.sentence(verified);
    return null;
  }
  const citations = verified.quotes.flatMap(({ passage, start, end }): Citation[] => {
    const piece = pieces[passage];
    if (!piece) return [];
    const { card: source, version, text } = piece.source;
    const range = { start: piece.start + start, end: piece.start + end };
    return [{ source, version, ...range, quote: text.slice(range.start, range.end) }];
  });
  const [sentence] = await stillSaid(lookUp, visible, [{ text: verified.text, citations }]);
  counts.sentence(sentence ? 'shown' : 'gone');
  return sentence ?? null;
}

/** The sentences all of whose sources may be read at this moment and say the quoted words. */
async function stillSaid(
  lookUp: LookUp,
  visible: Visible,
  sentences: readonly StreamedSentence[],
): Promise<StreamedSentence[]> {
  const refs = sentences.flatMap(({ citations }) => citations.map(({ source }) => source));
  if (refs.length === 0) return [];
  const known = await lookUp(visible, refs);
  return sentences.filter(({ citations }) =>
    citations.every(
      ({ source, start, end, quote }) => known(source)?.text.slice(start, end) === quote,
    ),
  );
}
