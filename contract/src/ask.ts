import Type, { type Static } from 'typebox';
import { Citation, CitedSentence, Passage, Source } from './citation.ts';
import { endpoint } from './endpoint.ts';
import { Closed, Id, Nullable, OneOf, Text, Version } from './id.ts';

/** A line of a source: what was found, what completes it (the list after a colon), or a neighbour. */
const FoundLine = Closed({
  role: OneOf('quote', 'part', 'context'),
  kind: OneOf('text', 'item', 'row', 'code'),
  begins: Type.Boolean({
    description: 'Whether it begins a paragraph or item, or goes on with it',
  }),
  number: Nullable(Type.Integer({ description: 'Of a step in a numbered list' })),
  text: Type.String({ description: 'Plain text, without Markdown marks' }),
  start: Type.Integer({ minimum: 0 }),
  end: Type.Integer({ minimum: 0 }),
});

/** What was found in one source, best first (UTF-16 ranges of its Markdown at `version`). */
export const Found = Closed({
  source: Source,
  version: Version,
  excerpts: Type.Array(
    Closed({
      heading: Type.String({ description: 'The nearest heading above; may be empty' }),
      lines: Type.Array(FoundLine, { description: 'In the order of the text' }),
    }),
  ),
});
export type Found = Static<typeof Found>;

/** A verified sentence of a model with its citations, as it is streamed. */
export const StreamedSentence = Closed({
  text: Type.String(),
  citations: Type.Array(Citation, { minItems: 1 }),
});
export type StreamedSentence = Static<typeof StreamedSentence>;

/**
 * `answered`: words were found that should answer. `maybe`: words on the topic, no claim.
 * `unknown`: no sentence; `nearest` says where to look. `sentences` begin with the best one;
 * `found` shows them in at most two sources with what they need to be understood. `page` is the page
 * whose title or heading is the question. `method` says who put the sentences into words: `evidence`
 * are sentences of the sources; those of a `model` rest on the citations, which were checked.
 */
export const Answer = Closed({
  status: OneOf('answered', 'maybe', 'unknown'),
  method: OneOf('evidence', 'model'),
  model: Nullable(Type.String({ description: 'Name of the language model that was asked' })),
  /** Why a model that is set does not answer; withheld: what was found may not be sent to it. */
  instead: Nullable(OneOf('failed', 'busy', 'slow', 'withheld')),
  sentences: Type.Array(CitedSentence),
  citations: Type.Array(Citation),
  found: Type.Array(Found),
  page: Nullable(Source),
  nearest: Type.Array(Passage),
});
export type Answer = Static<typeof Answer>;

export const ask = endpoint('POST /ask', 'user', {
  summary: 'A question in plain language: cited sentences, or an honest “not known here”',
  limit: 'ai',
  body: Closed({
    question: Text({ minLength: 2, maxLength: 1000 }),
    turns: Type.Optional(
      Type.Array(Closed({ question: Text({ minLength: 2, maxLength: 1000 }) }), {
        maxItems: 20,
        description: 'Questions asked before it in the conversation, oldest first; not stored',
      }),
    ),
    spaces: Type.Optional(Type.Array(Id, { maxItems: 50 })),
  }),
  answer: Answer,
  streams: { sentence: StreamedSentence },
  seconds: 66,
  problems: ['busy'],
});
