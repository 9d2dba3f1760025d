import Type, { type Static } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Closed, Id, Person } from './id.ts';

/** People that one question suggests at most. */
export const PEOPLE_MAX = 20;
/** Common spaces that a person's card names. */
export const CARD_SPACES = 20;

export const findPeople = endpoint('GET /people', 'user', {
  summary:
    'People by the beginning of a word of their name, of those in a space one may read; with `space` its members',
  limit: 'read',
  query: Closed({
    query: Type.Optional(Type.String({ maxLength: 100 })),
    space: Type.Optional(Id),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: PEOPLE_MAX })),
  }),
  answer: Closed({ items: Type.Array(Person) }),
});

/** Somebody as one may know them: by the spaces that they have joined and one may read. */
export const PersonCard = Closed({
  ...Person.properties,
  spaces: Type.Array(Closed({ id: Id, name: Type.String() }), { maxItems: CARD_SPACES }),
});
export type PersonCard = Static<typeof PersonCard>;

export const getPerson = endpoint('GET /people/:userId', 'user', {
  summary:
    'Somebody who has joined a space one may read; of others it is not told whether they are',
  limit: 'read',
  answer: PersonCard,
  problems: ['not-found'],
});
