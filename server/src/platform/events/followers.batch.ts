import type { Log } from '../core/log.ts';
import type { FollowedEvent, Follower } from './follower.ts';
import { isDeletion, type Parking } from './parking.ts';

/** So often a batch is tried as a whole; then its events are handled one by one. */
const TOGETHER = 4;
/** So often all of a batch may fail before any of it is parked: it may be an outage, which ends. */
const PATIENCE = 8;
/** So many events that fail, and none that succeeds, are enough to suppose an outage. */
const OUTAGE = 5;

interface Work {
  follower: Follower;
  parking: Parking;
  log: Log;
  /** How often this batch has failed already. */
  failures: number;
  signal: AbortSignal;
}

/**
 * Has a follower handle a batch. One that fails again and again is handled event by event, and what
 * fails by itself is parked, so that the follower goes on; a deletion never is.
 * @returns how many of the events are done, and what stopped the rest
 */
export async function handleBatch(
  events: readonly FollowedEvent[],
  work: Work,
): Promise<{ done: number; error?: Error }> {
  const { follower, parking, failures, signal } = work;
  await parking.releaseSubjects(events);
  if (failures >= TOGETHER) return handleEach(events, work);
  await follower.handle(events, signal);
  return { done: events.length };
}

async function handleEach(events: readonly FollowedEvent[], work: Work) {
  const { parking, failures, signal } = work;
  const parked: FollowedEvent[] = [];
  for (const [n, event] of events.entries()) {
    const error = await failureOf(event, work);
    if (error === null) continue;
    signal.throwIfAborted();
    if (isDeletion(event)) return { done: n, error };
    await park(event, error, work);
    parked.push(event);
    const isAll = parked.length === n + 1 && (n + 1 === events.length || n + 1 >= OUTAGE);
    if (isAll && failures < PATIENCE) {
      for (const one of parked) await parking.release(one);
      throw error;
    }
  }
  return { done: events.length };
}

/** Tries a parked event again. */
export async function handleParked(event: FollowedEvent, work: Omit<Work, 'failures'>) {
  const error = await failureOf(event, work);
  work.signal.throwIfAborted();
  if (error === null) await work.parking.release(event);
  else await park(event, error, work);
}

/** What an event fails with by itself; null if it does not. */
async function failureOf(
  event: FollowedEvent,
  { follower, signal }: Pick<Work, 'follower' | 'signal'>,
): Promise<Error | null> {
  try {
    await follower.handle([event], signal);
    return null;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

async function park(event: FollowedEvent, error: Error, work: Omit<Work, 'failures'>) {
  const { follower, parking, log } = work;
  await parking.park(event, error);
  const { spaceId, seq, type } = event;
  log.error(
    { err: error, follower: follower.name, space: spaceId, seq, type },
    'an event is parked: it fails by itself, and the follower goes on without it',
  );
  // The follower leaves its subject out from now on: what it made of the subject earlier goes.
  const left = await failureOf(event, work);
  if (left !== null)
    log.warn({ err: left, follower: follower.name }, 'what is around it fails too');
}
