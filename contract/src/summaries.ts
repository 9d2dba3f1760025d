import Type, { type Static } from 'typebox';
import { Citation } from './citation.ts';
import { endpoint } from './endpoint.ts';
import { Closed, Id, Instant, Nullable, OneOf } from './id.ts';

const SummaryPoint = Closed({
  kind: OneOf('key', 'decision', 'action', 'question'),
  text: Type.String(),
  citations: Type.Array(Type.Integer({ minimum: 0 })),
});
export type SummaryPoint = Static<typeof SummaryPoint>;

/** `from` and `to`: when the first and the last message read was posted; null where none was. */
export const Summary = Closed({
  method: OneOf('extractive'),
  points: Type.Array(SummaryPoint),
  citations: Type.Array(Citation),
  sources: Type.Integer({ description: 'How many messages or entries were read' }),
  of: Type.Integer({ description: 'How many there are; of more than were read, the last' }),
  from: Nullable(Instant),
  to: Nullable(Instant),
});
export type Summary = Static<typeof Summary>;

export const summarise = endpoint('POST /spaces/:spaceId/summaries', 'read', {
  summary: 'Key points of a space’s chat, of a thread or of an entry, each citing its words',
  limit: 'ai',
  body: Closed({
    target: Type.Union([
      Closed({
        kind: Type.Literal('space'),
        from: Type.Optional(Instant),
        to: Type.Optional(Instant),
      }),
      Closed({ kind: Type.Literal('thread'), id: Id }),
      Closed({ kind: Type.Literal('entry'), id: Id }),
    ]),
  }),
  answer: Summary,
  problems: ['busy'],
});
