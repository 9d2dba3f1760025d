import Type, { type Static } from 'typebox';
import * as chat from './chat.ts';
import { endpoint } from './endpoint.ts';
import { eventSchema, type EventOf, type EventType } from './event.ts';
import { Closed, Nullable, Seq } from './id.ts';
import * as knowledge from './knowledge.ts';
import { PAGE_LIMIT } from './page.ts';
import { messagePinned } from './pins.ts';
import { messageReacted } from './reactions.ts';
import * as spaces from './spaces.ts';

/** Every event type there is. */
export const events = [
  spaces.spaceCreated,
  spaces.spaceUpdated,
  spaces.spacePasswordChanged,
  spaces.memberJoined,
  spaces.memberLeft,
  spaces.memberRemoved,
  spaces.memberRoleChanged,
  chat.messagePosted,
  chat.messageEdited,
  chat.messageDeleted,
  messageReacted,
  messagePinned,
  knowledge.entryCreated,
  knowledge.entryUpdated,
  knowledge.entryMoved,
  knowledge.entryDeleted,
  knowledge.entryRestored,
] as const satisfies readonly EventType[];

/** Any line of a space's log, discriminated by `type`. */
export type SpaceEvent = DistributedEvent<(typeof events)[number]>;
type DistributedEvent<E> = E extends EventType ? EventOf<E> : never;
export const SpaceEvent = Type.Unsafe<SpaceEvent>(
  Type.Union(events.map((declared: EventType) => eventSchema(declared))),
);

export const EventPage = Closed({
  items: Type.Array(SpaceEvent),
  head: Seq,
  next: Nullable(Type.String()),
});
export type EventPage = Static<typeof EventPage>;

export const listEvents = endpoint('GET /spaces/:spaceId/events', 'read', {
  summary:
    'The space’s log after a seq, as the socket gives it; words that were changed or deleted later are empty',
  limit: 'read',
  query: Closed({
    after: Type.Optional(Type.String({ pattern: '^[0-9]{1,15}$' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: PAGE_LIMIT })),
  }),
  answer: EventPage,
});
