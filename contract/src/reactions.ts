import Type, { type Static } from 'typebox';
import { endpoint } from './endpoint.ts';
import { event } from './event.ts';
import { Closed, Id, Person } from './id.ts';

/** Different emoji that one message can have. */
export const REACTIONS_MAX = 50;
/** People a reaction names; the count has all. */
export const REACTION_PEOPLE = 100;

/** One emoji: a sequence that Unicode lists, flags, skin tones and families included. */
const Emoji = Type.String({ minLength: 1, maxLength: 32, format: 'emoji' });

/** An emoji under a message with those who chose it. */
export const Reaction = Closed({
  emoji: Type.String(),
  count: Type.Integer({ minimum: 1 }),
  people: Type.Array(Person, {
    maxItems: REACTION_PEOPLE,
    description: 'The first who reacted, in their order',
  }),
});
export type Reaction = Static<typeof Reaction>;

export const reactToMessage = endpoint(
  'PUT /spaces/:spaceId/messages/:messageId/reactions',
  'write',
  {
    summary: 'Add one’s reaction with an emoji, or take it back; again changes nothing',
    limit: 'write',
    body: Closed({ emoji: Emoji, on: Type.Boolean() }),
    problems: ['gone'],
  },
);

/** The actor added a reaction or took it back; the message's version stays as it is. */
export const messageReacted = event(
  'message.reacted',
  Closed({ id: Id, emoji: Emoji, on: Type.Boolean() }),
);

/** Reactions after somebody added one or took it back; the same list where that changes nothing. */
export function withReaction(
  reactions: readonly Reaction[],
  person: Person,
  { emoji, on }: { emoji: string; on: boolean },
): readonly Reaction[] {
  const at = reactions.findIndex((one) => one.emoji === emoji);
  const known = reactions[at];
  if (!known) return on ? [...reactions, { emoji, count: 1, people: [person] }] : reactions;
  const { count, people } = known;
  const isIn = people.some(({ id }) => id === person.id);
  if (on === isIn) return reactions;
  if (on) {
    const more = [...people, person].slice(0, REACTION_PEOPLE);
    return reactions.with(at, { emoji, count: count + 1, people: more });
  }
  if (count === 1) return reactions.toSpliced(at, 1);
  const rest = people.filter(({ id }) => id !== person.id);
  return reactions.with(at, { emoji, count: count - 1, people: rest });
}
