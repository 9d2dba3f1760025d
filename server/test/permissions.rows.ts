import type { Endpoint } from '@teambrain/contract/endpoint.ts';
import type { Person } from '../src/testing/people.ts';
import type { Input } from './support/http.ts';
import { ACTORS, type ActorName, type Place, type Visibility } from './support/world.ts';

/** What a case's request can be made of; `fresh` makes things that a success uses up. */
export interface At {
  /** The space of the cell, and the other one. */
  here: Place;
  there: Place;
  me: Person | null;
  people: Record<'guest' | 'owner' | 'moderator' | 'locked', Person>;
  /** An id that was never given. */
  nowhere: string;
  /** A session of the guest, open as long as the test runs. */
  guestSession: string;
  /** A word that no other cell has. */
  unique: string;
  fresh: {
    /** A message of the actor, or of the guest where the actor may not write. */
    own(): Promise<string>;
    guests(): Promise<string>;
    entry(): Promise<string>;
    trashed(): Promise<string>;
    /** An upload of the actor that no message has, or of the guest where the actor may not write. */
    upload(): Promise<string>;
    /** A group of the guest's. */
    group(): Promise<string>;
    /** A space like `here` with the same people in it. */
    space(): Promise<string>;
    /** A new session of the guest: its refresh cookie. */
    cookie(): Promise<string>;
    /** A new session of the actor: its id. */
    ownSession(): Promise<string>;
  };
}

type Request = Input | ((at: At) => Input | Promise<Input>);
/** A status or problem code for all whom the gate lets pass, or by actor. */
type ByActor = string | ({ [A in ActorName]?: string } & { rest: string });
export type Outcome = ByActor | Record<Visibility, ByActor>;

export interface Row {
  endpoint: Endpoint;
  gate: Record<Visibility, readonly string[]>;
  cases: Record<string, readonly [Request, Outcome]>;
  /** The actor's session is over after a success. */
  endsSession: boolean;
  /** A success changes who belongs to the space. */
  changesStanding: boolean;
}

/** One row; `gate` has a column per actor, `ok` where the case's outcome decides. */
export function row(
  endpoint: Endpoint,
  gate: string | Record<Visibility, string>,
  cases: Row['cases'],
  effects: { endsSession?: boolean; changesStanding?: boolean } = {},
): Row {
  const columns = (text: string) => {
    const cells = text.split(' ');
    if (cells.length !== ACTORS.length) throw new Error(`${endpoint.path}: ${text}`);
    return cells;
  };
  const { public: open, protected: shut } =
    typeof gate === 'string' ? { public: gate, protected: gate } : gate;
  const byVisibility = { public: columns(open), protected: columns(shut) };
  return {
    endpoint,
    gate: byVisibility,
    cases,
    endsSession: false,
    changesStanding: false,
    ...effects,
  };
}

type Rest = Omit<Input, 'params'>;
type More = Rest | ((at: At) => Rest | Promise<Rest>);

const within =
  (params: (at: At) => Record<string, string> | Promise<Record<string, string>>, more: More = {}) =>
  async (at: At): Promise<Input> => ({
    params: { spaceId: at.here.spaceId, ...(await params(at)) },
    ...(typeof more === 'function' ? await more(at) : more),
  });

/** A request in the space of the cell. */
export const inSpace = (more?: More) => within(() => ({}), more);

/** About a member; null is a user who was never there. */
export const onMember = (who: keyof At['people'] | null, more?: More) =>
  within(({ people, nowhere }) => ({ userId: who ? people[who].id : nowhere }), more);

/** About a message: the actor's own, the guest's, the ex-member's … */
export function onMessage(
  which: 'own' | 'guests' | 'exMembers' | 'deleted' | 'elsewhere' | 'nowhere',
  more?: More,
) {
  return within(async ({ here, there, nowhere, fresh }) => {
    const ids = {
      own: fresh.own,
      guests: fresh.guests,
      exMembers: () => here.exMembers,
      deleted: () => here.deleted,
      elsewhere: () => there.message,
      nowhere: () => nowhere,
    };
    return { messageId: await ids[which]() };
  }, more);
}

/** About an entry: one that stays, a fresh one at version 1, one in the trash … */
export function onEntry(
  which: 'standing' | 'fresh' | 'trashed' | 'freshlyTrashed' | 'elsewhere' | 'nowhere',
  more?: More,
) {
  return within(async ({ here, there, nowhere, fresh }) => {
    const ids = {
      standing: () => here.entry,
      fresh: fresh.entry,
      trashed: () => here.trashed,
      freshlyTrashed: fresh.trashed,
      elsewhere: () => there.entry,
      nowhere: () => nowhere,
    };
    return { entryId: await ids[which]() };
  }, more);
}

/** About a file of a space. */
export const onFile = (pick: (at: At) => string | Promise<string>, more?: More) =>
  within(async (at) => ({ fileId: await pick(at) }), more);

/** About the thread of a message. */
export const onThread = (pick: (at: At) => string, more?: More) =>
  within((at) => ({ threadId: pick(at) }), more);
