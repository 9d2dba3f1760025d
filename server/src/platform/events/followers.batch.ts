import type { Log } from '../core/log.ts';
import type { FollowedEvent, Follower } from './follower.ts';
import { isDeletion, type Parking } from './parking.ts';

/** So often a batch is tried as a whole; then its events are handled one by one. */
const TOGETHER = 4;
/** So often all of a batch may fail before any of it is parked: it may be an outage, which ends. */
const PATIENCE = 6;
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
 * @throws what made it fail, in which case it has to be handled again
 */
export async function handleBatch(events: readonly FollowedEvent[], work: Work): Promise<void> {
  const { follower, parking, failures, signal } = work;
  if (failures === 0) await parking.releaseSubjects(events);
  // Nothing is tried again while a batch is handled: who began to died before the end.
  else await parking.endTries();
  if (failures >= TOGETHER) await handleEach(events, work);
  else await follower.handle(events, signal);
}

async function handleEach(events: readonly FollowedEvent[], work: Work): Promise<void> {
  const { parking, failures, signal } = work;
  const parked: FollowedEvent[] = [];
  let failed = 0;
  let undeleted: Error | null = null;
  for (const [n, event] of events.entries()) {
    const error = await failureOf(event, work);
    if (error === null) continue;
    signal.throwIfAborted();
    failed += 1;
    // A neighbouring message may be what fails. Its own event comes later in the batch and is parked.
    if (isDeletion(event)) undeleted = error;
    else {
      await park(event, error, work);
      parked.push(event);
    }
    const isAll = failed === n + 1 && (n + 1 === events.length || n + 1 >= OUTAGE);
    if (isAll && failures < PATIENCE) {
      signal.throwIfAborted();
      for (const one of parked) await parking.release(one);
      throw error;
    }
  }
  if (undeleted) throw undeleted;
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
