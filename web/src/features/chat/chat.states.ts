import {
  THREAD_FACES,
  type Message,
  type MessagePage,
  type ThreadState,
} from '@teambrain/contract/chat.ts';

/** What is under a root, and the seq of the last event that it takes account of. */
export interface KnownState extends ThreadState {
  readonly asOf: number;
}

export function statesOf({ states, head }: MessagePage): Map<string, KnownState> {
  return new Map(
    states.flatMap(({ id, thread }) => (thread ? [[id, { ...thread, asOf: head }] as const] : [])),
  );
}

/** A thread with one more reply; the same as before where it takes account of it already. */
export function withReply(state: KnownState, { author, createdAt, seq }: Message): KnownState {
  if (seq <= state.asOf) return state;
  const others = state.faces.filter(({ id }) => id !== author.id);
  const before = state.lastReplyAt ?? createdAt;
  return {
    replies: state.replies + 1,
    lastReplyAt: before > createdAt ? before : createdAt,
    faces: [author, ...others].slice(0, THREAD_FACES),
    asOf: seq,
  };
}

/** Before the first reply, at a head of the log. */
export const noReply = (asOf: number): KnownState => ({
  replies: 0,
  lastReplyAt: null,
  faces: [],
  asOf,
});
