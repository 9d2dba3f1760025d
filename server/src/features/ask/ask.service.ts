import type { Answer, ask as endpoint } from '@teambrain/contract/ask.ts';
import { typeOf } from '@teambrain/contract/kinds.ts';
import type { BodyOf } from '@teambrain/contract/endpoint.ts';
import type { Access, Visible } from '../../platform/access/access.ts';
import type { Actor } from '../../platform/core/actor.ts';
import { createSemaphore } from '../../platform/core/semaphore.ts';
import type {
  LookUp,
  Retrieve,
  RetrievedPassage,
  SourceRef,
} from '../../platform/core/knowledge.ts';
import { composeAnswer, type Choice } from './answer.ts';
import { showQuotes, type ReadTexts } from './found.ts';
import { holdsType } from './question-type.ts';
import { shownText } from './shown-text.ts';

export interface AskDependencies {
  access: Access;
  retrieve: Retrieve;
  lookUp: LookUp;
  read: ReadTexts;
}

export type Ask = ReturnType<typeof createAsk>;

const SNIPPET = 200;
/** One more at a time than one person may have, so that nobody takes all places. */
const TURNS = { width: 3, queue: 50, patienceMs: 3_500 };

/** Questions in plain language. The only way to text is `retrieve`, restricted to the asker. */
export function createAsk({ access, retrieve, lookUp, read }: AskDependencies) {
  const gate = createSemaphore(TURNS);
  return {
    /** @throws busy when too many questions wait */
    async ask(actor: Actor, { question, turns, spaces }: BodyOf<typeof endpoint>): Promise<Answer> {
      const visible = access.visible(actor, spaces);
      return gate(async () => {
        const retrieved = await retrieve(visible, question, turns?.at(-1)?.question);
        return present({ lookUp, read }, visible, question, composeAnswer(question, retrieved));
      });
    },
  };
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
): Promise<Answer> {
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
