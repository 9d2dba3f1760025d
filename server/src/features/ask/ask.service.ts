import type { Answer } from '@teambrain/contract/ask.ts';
import type { Access, Visible } from '../../platform/access/access.ts';
import type { Actor } from '../../platform/core/actor.ts';
import { createSemaphore } from '../../platform/core/semaphore.ts';
import type {
  LookUp,
  Retrieve,
  RetrievedPassage,
  SourceRef,
} from '../../platform/core/knowledge.ts';
import { composeAnswer, type Answer as Composed } from './answer.ts';

export interface AskDependencies {
  access: Access;
  retrieve: Retrieve;
  lookUp: LookUp;
}

export type Ask = ReturnType<typeof createAsk>;

const SNIPPET = 200;

/** Questions in plain language. The only way to text is `retrieve`, restricted to the asker. */
export function createAsk({ access, retrieve, lookUp }: AskDependencies) {
  const gate = createSemaphore({ width: 2, queue: 50 });
  return {
    /** @throws busy when too many questions wait */
    async ask(actor: Actor, question: string, spaces?: readonly string[]): Promise<Answer> {
      const visible = access.visible(actor, spaces);
      return gate(async () => {
        const retrieved = await retrieve(visible, question.trim());
        return verify(lookUp, visible, composeAnswer(question, retrieved));
      });
    },
  };
}

/**
 * Keeps only what is true now: a citation whose source is gone, hidden or no longer says the quoted
 * words is dropped with its sentence; an answer without sentences is a refusal.
 */
async function verify(lookUp: LookUp, visible: Visible, composed: Composed): Promise<Answer> {
  const refs = [...composed.citations.map(({ ref }) => ref), ...composed.nearest.map(refOf)];
  const known = await lookUp(visible, refs);
  const kept = new Map<number, Answer['citations'][number]>();
  for (const [index, { ref, start, end, quote }] of composed.citations.entries()) {
    const source = known(ref);
    if (source?.text.slice(start, end) !== quote) continue;
    kept.set(index, { source: source.card, version: source.version, start, end, quote });
  }
  const order = [...kept.keys()];
  const sentences = composed.sentences
    .map(({ text, citations }) => ({
      text,
      citations: citations.filter((index) => kept.has(index)).map((index) => order.indexOf(index)),
    }))
    .filter(({ citations }) => citations.length > 0);
  return {
    status: sentences.length > 0 ? composed.status : 'unknown',
    sentences,
    citations: [...kept.values()],
    nearest: composed.nearest.flatMap((near) => {
      const source = known(refOf(near));
      if (!source) return [];
      const snippet = near.sentence?.text.slice(0, SNIPPET) ?? '';
      const { start = null, end = null } = near.sentence ?? {};
      return [{ source: source.card, snippet, start, end }];
    }),
  };
}

/** The source to open for a passage: its nearest sentence's, so a run of turns opens at its message. */
const refOf = ({ passage, sentence }: Composed['nearest'][number]): SourceRef =>
  sentence?.ref ?? unsourced(passage);

/** A passage of a title alone belongs to an entry, whose id the passage row carries as its source. */
const unsourced = ({ spaceId, sourceId }: RetrievedPassage): SourceRef => ({
  type: 'entry',
  id: sourceId,
  spaceId,
});
