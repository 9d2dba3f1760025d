import Type, { type Static } from 'typebox';
import { Citation, CitedSentence, Passage } from './citation.ts';
import { endpoint } from './endpoint.ts';
import { Closed, Id, OneOf, Text } from './id.ts';

/**
 * `answered`: the sentences are quotes that answer. `maybe`: quotes on the topic, no claim.
 * `unknown`: no sentence; `nearest` says where to look.
 */
export const Answer = Closed({
  status: OneOf('answered', 'maybe', 'unknown'),
  sentences: Type.Array(CitedSentence),
  citations: Type.Array(Citation),
  nearest: Type.Array(Passage),
});
export type Answer = Static<typeof Answer>;

export const ask = endpoint('POST /ask', 'user', {
  summary: 'A question in plain language: cited sentences, or an honest “not known here”',
  limit: 'ai',
  body: Closed({
    question: Text({ minLength: 2, maxLength: 1000 }),
    spaces: Type.Optional(Type.Array(Id, { maxItems: 50 })),
  }),
  answer: Answer,
  problems: ['busy'],
});
