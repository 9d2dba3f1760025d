import { UNREAD_MAX, type ReadMark } from '@teambrain/contract/unread.ts';

/** A message of somebody else, as the log told of it. */
interface Told {
  readonly id: string;
  readonly seq: number;
}

/** What a window knows of one space: how far its person has read, and what is left. Never changed in place. */
export interface SpaceUnread {
  /** Everything up to it has been read. */
  readonly seq: number;
  readonly version: number;
  /** Unread messages up to `head`, at most UNREAD_MAX. */
  readonly counted: number;
  /** Of these those that mention the person. Only the server counts them, so until it is asked it may be too many. */
  readonly mentions: number;
  /** The log's seq at which they were counted; what is told after it counts besides. */
  readonly head: number;
  /** The last messages of others, by ascending seq, at most UNREAD_MAX. */
  readonly recent: readonly Told[];
}

const NEW: SpaceUnread = { seq: 0, version: 0, counted: 0, mentions: 0, head: 0, recent: [] };

/** How many are unread, at most UNREAD_MAX: then it may be more. */
export function countOf({ counted, head, recent }: SpaceUnread): number {
  return Math.min(UNREAD_MAX, counted + recent.filter(({ seq }) => seq > head).length);
}

/** How many of the unread messages mention the person, at most UNREAD_MAX. */
export const mentionsOf = (state: SpaceUnread): number => Math.min(state.mentions, countOf(state));

/** Takes over a mark as the server counted it, unless more is known here already. */
export function takeMark(known: SpaceUnread = NEW, mark: ReadMark): SpaceUnread {
  const { seq, version, unread, mentions, head } = mark;
  if (version < known.version) return known;
  const isSame = version === known.version && seq === known.seq;
  // This window has read further, and says so; or an answer was overtaken by another.
  if (version === known.version && (seq < known.seq || (isSame && head < known.head))) return known;
  return { ...known, seq, version, counted: unread, mentions, head };
}

/** A message of somebody else has come; told again it changes nothing. */
export function noteMessage(known: SpaceUnread, message: Told): SpaceUnread {
  if (known.recent.some(({ id }) => id === message.id)) return known;
  const after = known.recent.findLastIndex(({ seq }) => seq < message.seq);
  const recent = known.recent.toSpliced(after + 1, 0, message).slice(-UNREAD_MAX);
  return { ...known, recent };
}

/** A message was deleted; `isUnsure` where only the server can tell whether it was counted. */
export function noteDeletion(
  known: SpaceUnread,
  id: string,
): { state: SpaceUnread; isUnsure: boolean } {
  const told = known.recent.find((one) => one.id === id);
  const state = told ? { ...known, recent: known.recent.filter((one) => one !== told) } : known;
  const isAfterCount = told !== undefined && told.seq > known.head;
  return { state, isUnsure: known.counted > 0 && !isAfterCount };
}

/**
 * Everything up to `seq` was on the screen. `left` is how many of others come after it up to `head`;
 * where that is not known, `passed` how many lie between the former mark and this one.
 */
export function readTo(
  known: SpaceUnread,
  seq: number,
  rest: { left: number; head: number } | { passed: number },
): SpaceUnread {
  if (seq < known.seq) return known;
  if ('left' in rest) {
    return { ...known, seq, counted: Math.min(UNREAD_MAX, rest.left), head: rest.head };
  }
  // Of 100 or more nobody knows how many remain.
  if (known.counted >= UNREAD_MAX) return { ...known, seq };
  return { ...known, seq, counted: Math.max(0, known.counted - rest.passed) };
}

/** The seq up to which messages are known of, by the server's count or since. */
export function knownHead({ head, recent }: SpaceUnread = NEW): number {
  return Math.max(head, recent.at(-1)?.seq ?? 0);
}
