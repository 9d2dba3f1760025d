import type { SpaceEvent } from '@teambrain/contract/log.ts';

/** Events that came too early are held up to this many; what is beyond is fetched again. */
export const MAX_HELD = 200;

interface Numbered {
  seq: number;
}

/** Where a client stands in the log of one space. Never changed in place. */
export interface LogState<E extends Numbered = SpaceEvent> {
  /** The last seq applied. */
  readonly cursor: number;
  /** The highest seq known to exist. */
  readonly head: number;
  /** Events beyond a hole, by ascending seq, each once. */
  readonly held: readonly E[];
  /** The fetch under way, by the cursor it was asked from. */
  readonly fetching: { readonly after: number } | null;
}

export type LogInput<E extends Numbered = SpaceEvent> =
  | { type: 'event'; event: E }
  /** A page of the log: the reply to a fetch, or a replay after subscribing. */
  | { type: 'events'; events: readonly E[]; head: number }
  | { type: 'beat'; head: number }
  /** A snapshot up to `seq` takes the place of everything before. */
  | { type: 'reset'; seq: number }
  /** The fetch under way got no reply in time. */
  | { type: 'timeout' }
  /** A new connection replays from the cursor: nothing of the old one is to be waited for. */
  | { type: 'resumed' };

export interface LogStep<E extends Numbered = SpaceEvent> {
  state: LogState<E>;
  /** Events to apply now, in this order. */
  apply: readonly E[];
  /** The fetch to send now. */
  fetch: { after: number } | null;
  /** Whether events were let go because too many were held; they will be fetched. */
  hasOverflowed: boolean;
}

/** The state of a client that has everything up to `cursor`. */
export function startLog<E extends Numbered = SpaceEvent>(cursor: number): LogState<E> {
  return { cursor, head: cursor, held: [], fetching: null };
}

/**
 * One step of following a space's log: every event is applied exactly once and in order, whatever
 * the connection drops, doubles, delays or swaps, as long as fetches are answered in the end. At
 * most one fetch is under way, and none is repeated without progress or a time-out.
 */
export function reduceLog<E extends Numbered = SpaceEvent>(
  state: LogState<E>,
  input: LogInput<E>,
): LogStep<E> {
  if (input.type === 'reset') return still(startLog(input.seq));
  if (input.type === 'resumed') return still(startLog(state.cursor));
  const arrived =
    input.type === 'event' ? [input.event] : input.type === 'events' ? input.events : [];
  const taken = take(state, arrived);
  const named = 'head' in input ? input.head : 0;
  const head = Math.max(state.head, named, arrived.at(-1)?.seq ?? 0);
  const { cursor, held, apply, hasOverflowed } = taken;
  if (head <= cursor) {
    return { state: startLog(cursor), apply, fetch: null, hasOverflowed };
  }
  const fetching = isFetchDue(state, input, cursor) ? { after: cursor } : state.fetching;
  const fetch = fetching === state.fetching ? null : fetching;
  return { state: { cursor, head, held, fetching }, apply, fetch, hasOverflowed };
}

function still<E extends Numbered>(state: LogState<E>): LogStep<E> {
  return { state, apply: [], fetch: null, hasOverflowed: false };
}

function isFetchDue<E extends Numbered>(
  { fetching }: LogState<E>,
  input: LogInput<E>,
  cursor: number,
): boolean {
  if (fetching === null || input.type === 'timeout') return true;
  // A reply after which the cursor stands where it stood would only be asked for in a circle.
  return input.type === 'events' && cursor > fetching.after;
}

interface Taken<E> {
  cursor: number;
  held: readonly E[];
  apply: readonly E[];
  hasOverflowed: boolean;
}

function take<E extends Numbered>(state: LogState<E>, arrived: readonly E[]): Taken<E> {
  const apply: E[] = [];
  const held = [...state.held];
  let { cursor } = state;
  let hasOverflowed = false;
  for (const event of arrived) {
    if (event.seq <= cursor) continue;
    if (event.seq > cursor + 1) {
      hold(held, event);
      // The nearest are kept: they are wanted first.
      if (held.length > MAX_HELD) hasOverflowed = held.pop() !== undefined;
      continue;
    }
    for (let next: E | undefined = event; next; next = drain(held, cursor)) {
      apply.push(next);
      cursor += 1;
    }
  }
  return { cursor, held, apply, hasOverflowed };
}

function drain<E extends Numbered>(held: E[], cursor: number): E | undefined {
  return held[0]?.seq === cursor + 1 ? held.shift() : undefined;
}

function hold<E extends Numbered>(held: E[], event: E): void {
  const at = held.findIndex(({ seq }) => seq >= event.seq);
  if (at === -1) held.push(event);
  else if (held[at]?.seq !== event.seq) held.splice(at, 0, event);
}
