import type { MessagePage } from '@teambrain/contract/chat.ts';
import type { Person } from '@teambrain/contract/id.ts';
import { withReaction, type Reaction } from '@teambrain/contract/reactions.ts';

/** The reactions of those messages that have some, by the messages' ids. */
export type ReactionsById = ReadonlyMap<string, readonly Reaction[]>;

export interface Reacted {
  id: string;
  person: Person;
  emoji: string;
  on: boolean;
}

export function reactionsIn({ states }: MessagePage): ReactionsById {
  return new Map(states.map(({ id, reactions }) => [id, reactions]));
}

/** Reactions after one more event; the same map where it changes nothing. */
export function react(known: ReactionsById, { id, person, ...change }: Reacted): ReactionsById {
  const before = known.get(id) ?? [];
  const after = withReaction(before, person, change);
  return after === before ? known : new Map(known).set(id, after);
}
