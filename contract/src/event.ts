import Type, { type Static, type TSchema } from 'typebox';
import { Closed, Id, Instant, Nullable, Person, Seq } from './id.ts';

export interface EventType<T extends string = string, D extends TSchema = TSchema> {
  type: T;
  data: D;
  /** Whether it bumps the space's rights version, so that doors and sockets check anew. */
  changesRights: boolean;
  /** Whether words went with it: whatever was made of them has to follow, however often that fails. */
  deletes: boolean;
  /**
   * Where its data has words of people that leave the log when they are changed or deleted, as paths:
   * `message.text`, or of a list with words in it `message.files`, which is emptied. Redaction, restore and doctor follow them; event.test.ts has them complete.
   */
  words: readonly string[];
}

/** Paths to the strings and lists of some data. */
type StringsOf<T> = {
  [K in keyof T & string]: NonNullable<T[K]> extends string | readonly unknown[]
    ? K
    : NonNullable<T[K]> extends object
      ? `${K}.${StringsOf<NonNullable<T[K]>>}`
      : never;
}[keyof T & string];

/** Declares a fact of a space's log: its name in the past tense and what it carries. */
export function event<const T extends string, D extends TSchema>(
  type: T,
  data: D,
  options: {
    changesRights?: boolean;
    deletes?: boolean;
    words?: readonly StringsOf<Static<D>>[];
  } = {},
): EventType<T, D> {
  const { changesRights = false, deletes = false, words = [] } = options;
  return { type, data, changesRights, deletes, words };
}

export type DataOf<E extends EventType> = Static<E['data']>;

const envelope = {
  space: Id,
  seq: Seq,
  id: Id,
  actor: Nullable(Person),
  at: Instant,
};

/** The wire schema of one event type: envelope plus `type` and `data`. */
export const eventSchema = <T extends string, D extends TSchema>(declared: EventType<T, D>) =>
  Closed({ ...envelope, type: Type.Literal(declared.type), data: declared.data });

/** One line of a space's log as sockets and `GET …/events` give it. */
export type EventOf<E extends EventType> = {
  space: string;
  seq: number;
  id: string;
  actor: Person | null;
  at: string;
  type: E['type'];
  data: DataOf<E>;
};
