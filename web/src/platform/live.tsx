import type { Person } from '@teambrain/contract/id.ts';
import { createContext, useContext } from 'react';
import { createStore, useStore } from './store.ts';

/** The one realtime connection, as features see it. */
export interface Live {
  /** Follows a space's log after `head`, unless it is followed already. */
  follow(spaceId: string, head: number): void;
  unfollow(spaceId: string): void;
  /** Says that the person is typing; throttled here. */
  typing(spaceId: string, threadId?: string): void;
  /** Where the stream of events stands now, for `replay`. */
  position(): number;
  /** Applies once more what came since: it may be newer than what has just been read. */
  replay(spaceId: string, since: number): void;
}

const LiveContext = createContext<Live | null>(null);
export const LiveProvider = LiveContext.Provider;

export function useLive(): Live {
  const live = useContext(LiveContext);
  if (!live) throw new Error('useLive needs a LiveProvider');
  return live;
}

/**
 * `polling`: there is no socket, and what is new is asked for over HTTP. `offline`: nothing is
 * answered. `connecting`: not known yet.
 */
export type Connection = 'connecting' | 'live' | 'polling' | 'offline';
export const connection = createStore<Connection>('connecting');

export function useConnection() {
  return useStore(connection);
}

interface Typist {
  person: Person;
  until: number;
}
type Typists = ReadonlyMap<string, readonly Typist[]>;

const typists = createStore<Typists>(new Map());
const TYPING_FOR = 5_000;
const NOBODY: readonly Typist[] = [];

/** Where one types: a space's own stream, or a thread of it. */
const placeOf = (spaceId: string, threadId?: string) =>
  threadId ? `${spaceId} ${threadId}` : spaceId;

/** Notes that someone is typing there, for the next seconds. */
export function noteTyping(spaceId: string, person: Person, threadId?: string): void {
  const place = placeOf(spaceId, threadId);
  const until = Date.now() + TYPING_FOR;
  change(place, (was) => [...was.filter((one) => one.person.id !== person.id), { person, until }]);
  setTimeout(() => {
    change(place, (was) => was.filter((one) => one.until > Date.now()));
  }, TYPING_FOR + 50);
}

/** Someone's message has come: they are typing there no more. */
export function noteTyped(spaceId: string, userId: string, threadId?: string): void {
  change(placeOf(spaceId, threadId), (was) => was.filter((one) => one.person.id !== userId));
}

function change(place: string, how: (was: readonly Typist[]) => readonly Typist[]): void {
  typists.set((was) => {
    const now = new Map(was);
    const typing = how(was.get(place) ?? NOBODY);
    if (typing.length > 0) now.set(place, typing);
    else now.delete(place);
    return now;
  });
}

export function useTypists(spaceId: string, threadId?: string): readonly Typist[] {
  return useStore(typists, (all) => all.get(placeOf(spaceId, threadId)) ?? NOBODY);
}
