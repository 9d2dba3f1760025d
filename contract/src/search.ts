import Type, { type Static } from 'typebox';
import { Passage, SourceKind } from './citation.ts';
import { endpoint } from './endpoint.ts';
import { Closed, Id, Instant } from './id.ts';
import { Page } from './page.ts';

/** A source that matches, with the words to show; `highlights` are ranges of `snippet`. */
export const SearchHit = Closed({
  ...Passage.properties,
  highlights: Type.Array(
    Closed({ start: Type.Integer({ minimum: 0 }), end: Type.Integer({ minimum: 0 }) }),
  ),
});
export type SearchHit = Static<typeof SearchHit>;

export const SearchAnswer = Closed({
  ...Page(SearchHit).properties,
  suggestions: Type.Array(Type.String(), {
    description: 'Where nothing was found: other queries that find something',
  }),
  indexed: Type.Integer({
    minimum: 0,
    maximum: 100,
    description: 'Percent of the index that is current: less while an upgrade has it rebuilt',
  }),
});
export type SearchAnswer = Static<typeof SearchAnswer>;

export const search = endpoint('GET /search', 'user', {
  summary: 'Messages and entries one may read, by words and by meaning',
  limit: 'search',
  query: Closed({
    q: Type.String({ minLength: 1, maxLength: 400 }),
    space: Type.Optional(Id),
    kind: Type.Optional(SourceKind),
    author: Type.Optional(Id),
    from: Type.Optional(Instant),
    to: Type.Optional(Instant),
    after: Type.Optional(Type.String({ pattern: '^[0-9]{1,3}$' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 50 })),
  }),
  answer: SearchAnswer,
});
