import Type, { type Static } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Closed, Id, Instant, Nullable } from './id.ts';
import { ListedEntry } from './knowledge.ts';

/** Spaces that are told of. */
export const CATCH_UP_SPACES = 100;

/** What is new in a joined space. */
export const SpaceNews = Closed({
  spaceId: Id,
  latest: Nullable(Closed({ author: Type.String(), excerpt: Type.String(), at: Instant })),
  changes: Type.Array(ListedEntry, { description: 'The entries changed last, at most 3' }),
});
export type SpaceNews = Static<typeof SpaceNews>;

export const CatchUp = Closed({
  spaces: Type.Array(SpaceNews),
  edited: Type.Array(ListedEntry, { description: 'What one edited oneself, the last first' }),
  questions: Type.Array(ListedEntry, { description: 'FAQs without an answer, the last first' }),
});
export type CatchUp = Static<typeof CatchUp>;

export const catchUp = endpoint('GET /catch-up', 'user', {
  summary: 'What is new in the spaces one has joined',
  limit: 'read',
  answer: CatchUp,
});
