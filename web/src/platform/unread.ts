import { createStore, useStore } from './store.ts';

interface Unread {
  /** The space whose latest messages are on screen. */
  watched: string | null;
  /** By space the seq up to which this tab has shown messages. */
  seen: ReadonlyMap<string, number>;
  /** Spaces with messages that came since. */
  spaces: ReadonlySet<string>;
}

const NONE: Unread = { watched: null, seen: new Map(), spaces: new Set() };
const unread = createStore<Unread>(NONE);

/** Notes a message of someone else: the space is unread unless it is being watched. */
export function noteMessage(spaceId: string, seq: number): void {
  const { watched, seen } = unread.get();
  if (seq <= (seen.get(spaceId) ?? 0)) return;
  if (watched === spaceId && document.visibilityState === 'visible') return;
  unread.set((was) => ({ ...was, spaces: new Set(was.spaces).add(spaceId) }));
}

/** Where reading starts from for a space of which nothing was shown yet. */
export function startSeen(spaceId: string, seq: number): void {
  if (unread.get().seen.has(spaceId)) return;
  unread.set((was) => ({ ...was, seen: new Map(was.seen).set(spaceId, seq) }));
}

export function markSeen(spaceId: string, seq: number): void {
  unread.set((was) => {
    const spaces = new Set(was.spaces);
    spaces.delete(spaceId);
    const known = Math.max(seq, was.seen.get(spaceId) ?? 0);
    return { ...was, spaces, seen: new Map(was.seen).set(spaceId, known) };
  });
}

export function watch(spaceId: string | null): void {
  unread.set((was) => ({ ...was, watched: spaceId }));
}

export function seenSeq(spaceId: string): number | null {
  return unread.get().seen.get(spaceId) ?? null;
}

export function isWatched(spaceId: string): boolean {
  return unread.get().watched === spaceId;
}

export function clearUnread(): void {
  unread.set(NONE);
}

export function useUnreadSpaces(): ReadonlySet<string> {
  return useStore(unread, (value) => value.spaces);
}
