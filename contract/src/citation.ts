import Type, { type Static } from 'typebox';
import { Closed, Id, Instant, Nullable, OneOf, Person, Version } from './id.ts';
import { allKinds, allTypes } from './kinds.ts';
import { Visibility } from './role.ts';

export const SourceKind = OneOf(...allKinds);
export type SourceKind = Static<typeof SourceKind>;

/** A message or an entry, with what is needed to name and open it. */
export const Source = Closed({
  type: OneOf(...allTypes),
  id: Id,
  spaceId: Id,
  spaceName: Type.String(),
  spaceVisibility: Visibility,
  kind: SourceKind,
  title: Type.String({ description: 'Empty for a message' }),
  author: Person,
  at: Instant,
});
export type Source = Static<typeof Source>;

/** Exact words of a source: `quote` is its text from `start` to `end` (UTF-16 code units) at `version`. */
export const Citation = Closed({
  source: Source,
  version: Version,
  start: Type.Integer({ minimum: 0 }),
  end: Type.Integer({ minimum: 0 }),
  quote: Type.String(),
});
export type Citation = Static<typeof Citation>;

/** A sentence with the positions, in the list of citations beside it, of those that support it. */
export const CitedSentence = Closed({
  text: Type.String(),
  citations: Type.Array(Type.Integer({ minimum: 0 })),
});
export type CitedSentence = Static<typeof CitedSentence>;

/** A range of a source to open it at, without a claim. */
export const Passage = Closed({
  source: Source,
  snippet: Type.String(),
  start: Nullable(Type.Integer({ minimum: 0 })),
  end: Nullable(Type.Integer({ minimum: 0 })),
});
export type Passage = Static<typeof Passage>;
