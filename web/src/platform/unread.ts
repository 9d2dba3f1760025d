import * as marks from '@teambrain/client/unread.ts';
import type { SpaceUnread } from '@teambrain/client/unread.ts';
import type { ReadMark } from '@teambrain/contract/unread.ts';
import { createStore, useStore } from './store.ts';

interface Unread {
  /** The space whose messages are on screen. */
  watched: string | null;
  /** By joined space how far one has read; empty until the server has told it. */
  spaces: ReadonlyMap<string, SpaceUnread>;
  /** By space how many messages of others are unread; spaces without any are not in it. */
  counts: ReadonlyMap<string, number>;
  /** By space how many of them mention the reader, likewise. */
  mentions: ReadonlyMap<string, number>;
}

/** Who tells the server, and asks it. */
interface Keeper {
  /** The mark of a space went on in this window. */
  moved(spaceId: string): void;
  /** What is known of a space may be wrong. */
  ask(spaceId: string): void;
  markUnread(spaceId: string, seq: number): Promise<void>;
  markAllRead(marks: readonly { spaceId: string; seq: number }[]): Promise<void>;
}

const NONE: Unread = { watched: null, spaces: new Map(), counts: new Map(), mentions: new Map() };
const unread = createStore<Unread>(NONE);
/** Milliseconds in which a message that arrives before one's eyes is marked by the list itself. */
const IN_SIGHT = 150;
let keeper: Keeper | null = null;
let know: () => void = () => undefined;
let known: Promise<void> = Promise.resolve();

/** From now on marks are kept by the server. @returns ends that */
export function openUnread(by: Keeper): () => void {
  keeper = by;
  known = new Promise((resolve) => (know = resolve));
  return () => {
    if (keeper === by) keeper = null;
    know();
  };
}

/** Resolves once the server has said how far one has read, or cannot be asked. */
export const whenKnown = (): Promise<void> => known;

function change(spaceId: string, next: SpaceUnread | undefined): void {
  unread.set((was) => {
    if (was.spaces.get(spaceId) === next) return was;
    const spaces = new Map(was.spaces);
    if (next) spaces.set(spaceId, next);
    else spaces.delete(spaceId);
    const counts = withCount(was.counts, spaceId, next ? marks.countOf(next) : 0);
    const mentions = withCount(was.mentions, spaceId, next ? marks.mentionsOf(next) : 0);
    return { ...was, spaces, counts, mentions };
  });
}

/** The same map where nothing changes, so that nothing that shows it is drawn. */
function withCount(was: ReadonlyMap<string, number>, spaceId: string, count: number) {
  if (count === (was.get(spaceId) ?? 0)) return was;
  const counts = new Map(was);
  if (count > 0) counts.set(spaceId, count);
  else counts.delete(spaceId);
  return counts;
}

const of = (spaceId: string) => unread.get().spaces.get(spaceId);

/** Takes over marks as the server keeps them. */
export function takeMarks(taken: readonly ReadMark[]): void {
  for (const mark of taken) change(mark.spaceId, marks.takeMark(of(mark.spaceId), mark));
}

/** These marks are all there are: other spaces are not joined any more. Reading can begin. */
export function takeAllMarks(taken: readonly ReadMark[]): void {
  const joined = new Set(taken.map(({ spaceId }) => spaceId));
  for (const spaceId of unread.get().spaces.keys()) if (!joined.has(spaceId)) dropUnread(spaceId);
  takeMarks(taken);
  know();
}

/** The server cannot be asked now: what is shown does not wait for it. */
export const giveUpKnowing = (): void => know();

export function dropUnread(spaceId: string): void {
  change(spaceId, undefined);
}

/** Notes a message of someone else; one before one's eyes is left to the list for a moment. */
export function noteMessage(spaceId: string, message: { id: string; seq: number }): void {
  const note = () => {
    const state = of(spaceId);
    if (state) change(spaceId, marks.noteMessage(state, message));
  };
  if (isWatched(spaceId) && document.visibilityState === 'visible') setTimeout(note, IN_SIGHT);
  else note();
}

/** A message of someone else mentions the reader, or may do so since an edit: the server counts. */
export function noteMention(spaceId: string, seq: number): void {
  const state = of(spaceId);
  if (state && seq > state.seq) keeper?.ask(spaceId);
}

export function noteDeletion(spaceId: string, id: string): void {
  const before = of(spaceId);
  if (!before) return;
  const { state, isUnsure } = marks.noteDeletion(before, id);
  change(spaceId, state);
  if (isUnsure) keeper?.ask(spaceId);
}

/** Everything up to `seq` was shown; see `readTo` of the client for what is said of the rest. */
export function markSeen(
  spaceId: string,
  seq: number,
  rest: { left: number; head: number } | { passed: number },
): void {
  const before = of(spaceId);
  if (!before) return;
  const after = marks.readTo(before, seq, rest);
  change(spaceId, after);
  if (after.seq > before.seq) keeper?.moved(spaceId);
}

/** Spaces that were joined: of those nothing is known of, the server is asked. */
export function knowOf(spaceIds: readonly string[]): void {
  void known.then(() => {
    for (const id of spaceIds) if (!of(id)) keeper?.ask(id);
  });
}

/** Marks the message with this seq, and all after it, unread. */
export async function markUnread(spaceId: string, seq: number): Promise<void> {
  await keeper?.markUnread(spaceId, seq - 1);
}

/** Marks everything read that has been counted here: in a space, or in all. */
export async function markAllRead(only?: string): Promise<void> {
  const { spaces, counts } = unread.get();
  const read = [...counts.keys()]
    .filter((spaceId) => only === undefined || spaceId === only)
    .map((spaceId) => ({ spaceId, seq: marks.knownHead(spaces.get(spaceId)) }));
  if (read.length > 0) await keeper?.markAllRead(read);
}

export function watch(spaceId: string | null): void {
  unread.set((was) => ({ ...was, watched: spaceId }));
}

export function isWatched(spaceId: string): boolean {
  return unread.get().watched === spaceId;
}

/** How far one has read, and under which version; null where no mark is kept. */
export function markOf(spaceId: string): SpaceUnread | null {
  return of(spaceId) ?? null;
}

/** Forgets who read what. */
export function clearUnread(): void {
  unread.set(NONE);
}

export function useUnread(): ReadonlyMap<string, number> {
  return useStore(unread, (value) => value.counts);
}

/** By space how many unread messages mention the reader. */
export function useMentions(): ReadonlyMap<string, number> {
  return useStore(unread, (value) => value.mentions);
}

/** How many messages are unread in a space, at most 100: then it may be more. */
export const unreadIn = (spaceId: string): number => unread.get().counts.get(spaceId) ?? 0;

export function useMark(spaceId: string): SpaceUnread | null {
  return useStore(unread, ({ spaces }) => spaces.get(spaceId) ?? null);
}
