import { keep, readKept } from './kept.ts';
import { createStore, useStore } from './store.ts';

interface Unread {
  /** The space whose latest messages are on screen. */
  watched: string | null;
  /** By space the seq up to which this browser has shown messages. */
  seen: ReadonlyMap<string, number>;
  /** By space how many messages of others came since; spaces without any are not in it. */
  counts: ReadonlyMap<string, number>;
}

const NONE: Unread = { watched: null, seen: new Map(), counts: new Map() };
const unread = createStore<Unread>(NONE);
/** Milliseconds after which marks are written down; messages often come in bursts. */
const WRITE_AFTER = 500;
let owner: string | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;

const nameOf = (userId: string) => `seen-${userId}`;

function marksOf(userId: string): Map<string, number> {
  const kept = readKept(nameOf(userId));
  const pairs = Object.entries(kept && typeof kept === 'object' ? kept : {});
  return new Map(pairs.filter((pair): pair is [string, number] => Number.isInteger(pair[1])));
}

/** Takes up what this browser remembers of a person's reading. */
export function openMarks(userId: string): void {
  owner = userId;
  unread.set({ ...NONE, seen: marksOf(userId) });
  window.addEventListener('pagehide', writeMarks);
}

/** Another tab may have read further meanwhile: the furthest counts. */
function writeMarks(): void {
  clearTimeout(timer);
  timer = undefined;
  if (owner === null) return;
  const marks = marksOf(owner);
  for (const [spaceId, seq] of unread.get().seen) {
    marks.set(spaceId, Math.max(seq, marks.get(spaceId) ?? 0));
  }
  keep(nameOf(owner), Object.fromEntries(marks));
}

function setSeen(spaceId: string, seq: number): void {
  unread.set((was) => ({ ...was, seen: new Map(was.seen).set(spaceId, seq) }));
  timer ??= setTimeout(writeMarks, WRITE_AFTER);
}

/** Notes a message of someone else: the space is unread unless it is being watched. */
export function noteMessage(spaceId: string, seq: number): void {
  const { watched, seen, counts } = unread.get();
  if (seq <= (seen.get(spaceId) ?? 0)) return;
  if (watched === spaceId && document.visibilityState === 'visible') return;
  setCount(spaceId, (counts.get(spaceId) ?? 0) + 1);
}

/** How many messages of others are unread in a space, as the server or its list counts them. */
export function setCount(spaceId: string, count: number): void {
  if ((unread.get().counts.get(spaceId) ?? 0) === count) return;
  unread.set((was) => {
    const counts = new Map(was.counts);
    if (count > 0) counts.set(spaceId, count);
    else counts.delete(spaceId);
    return { ...was, counts };
  });
}

/** Where reading starts from for a space of which nothing was shown yet. */
export function startSeen(spaceId: string, seq: number): void {
  if (!unread.get().seen.has(spaceId)) setSeen(spaceId, seq);
}

/** Everything up to that message was shown; `left` messages of others come after it. */
export function markSeen(spaceId: string, seq: number, left = 0): void {
  const known = unread.get().seen.get(spaceId) ?? 0;
  if (seq > known) setSeen(spaceId, seq);
  if (seq >= known) setCount(spaceId, left);
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

/** Forgets in this tab who read what; the browser remembers it for when they are back. */
export function clearUnread(): void {
  writeMarks();
  owner = null;
  unread.set(NONE);
}

export function useUnread(): ReadonlyMap<string, number> {
  return useStore(unread, (value) => value.counts);
}
