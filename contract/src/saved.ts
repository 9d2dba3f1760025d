import Type, { type Static } from 'typebox';
import { Source } from './citation.ts';
import { endpoint } from './endpoint.ts';
import { Closed, Id, Instant, Nullable, OneOf } from './id.ts';
import { allTypes } from './kinds.ts';

/** Things one person can have saved. */
export const SAVED_MAX = 200;
/** Characters of a saved thing's text that its list shows. */
export const SAVED_TEXT = 300;

/** A message or an entry that somebody keeps for later. */
export const Saved = Closed({
  source: Source,
  text: Type.String({ description: `Its first ${SAVED_TEXT} characters as it is now, Markdown` }),
  dueAt: Nullable(Instant),
  savedAt: Instant,
});
export type Saved = Static<typeof Saved>;

export const listSaved = endpoint('GET /me/saved', 'user', {
  summary: 'What one has saved for later, of what one may read; the last saved first',
  limit: 'read',
  answer: Closed({ items: Type.Array(Saved, { maxItems: SAVED_MAX }) }),
});

export const putSaved = endpoint('PUT /me/saved', 'user', {
  summary: 'Save a message or an entry for later, with a date or without; or remove it again',
  limit: 'write',
  body: Closed({
    type: OneOf(...allTypes),
    id: Id,
    spaceId: Id,
    on: Type.Boolean(),
    dueAt: Type.Optional(Nullable(Instant)),
  }),
  problems: ['not-found'],
});
