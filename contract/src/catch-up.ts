import Type, { type Static } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Closed, Id, Instant, Nullable } from './id.ts';
import { ListedEntry } from './knowledge.ts';

/** Marks of reading in one request, and unread messages that are counted in a space. */
export const CATCH_UP_SPACES = 100;
export const UNREAD_MAX = 100;

/** What is new in a joined space. */
export const SpaceNews = Closed({
  spaceId: Id,
  unread: Type.Integer({ description: 'Messages of others after the mark given, at most 100' }),
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

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';

export const catchUp = endpoint('GET /catch-up', 'user', {
  summary: 'What is new in the spaces one has joined',
  limit: 'read',
  query: Closed({
    seen: Type.Optional(
      Type.String({
        maxLength: 6_000,
        pattern: `^(?:${UUID}:[0-9]{1,15})(?:,${UUID}:[0-9]{1,15}){0,${CATCH_UP_SPACES - 1}}$`,
        description: 'How far one has read, as `spaceId:seq`, separated by commas',
      }),
    ),
  }),
  answer: CatchUp,
});
