import type { KindOf } from '@teambrain/contract/kinds.ts';
import { keep, readKept } from './kept.ts';
import { createStore, useStore } from './store.ts';

/** A page that was opened: an entry of a space. */
export interface Recent {
  spaceId: string;
  entryId: string;
  kind: KindOf<'entry'>;
  title: string;
}

const MOST = 8;
const recents = createStore<readonly Recent[]>([]);
let owner: string | null = null;

const isRecent = (one: unknown): one is Recent =>
  typeof one === 'object' && one !== null && 'entryId' in one && 'title' in one;

/** Takes up what this browser remembers of a person's pages. */
export function openRecents(userId: string): void {
  owner = userId;
  const kept = readKept(`recent-${userId}`);
  recents.set(Array.isArray(kept) ? kept.filter(isRecent).slice(0, MOST) : []);
}

/** Puts a page first among the recent ones. */
export function noteRecent(page: Recent): void {
  const others = recents.get().filter((one) => one.entryId !== page.entryId);
  recents.set([page, ...others].slice(0, MOST));
  if (owner !== null) keep(`recent-${owner}`, recents.get());
}

/** Takes pages out that are gone, or that may not be read any more. */
export function dropRecents(isGone: (page: Recent) => boolean): void {
  recents.set(recents.get().filter((one) => !isGone(one)));
  if (owner !== null) keep(`recent-${owner}`, recents.get());
}

/** At a log-out this browser forgets them: titles are words of the team. */
export function clearRecents(): void {
  if (owner !== null) keep(`recent-${owner}`, undefined);
  owner = null;
  recents.set([]);
}

export const useRecents = (): readonly Recent[] => useStore(recents);
