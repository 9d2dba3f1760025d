import type { SpaceEvent } from '@teambrain/contract/log.ts';

/** One event as a follower sees it: what happened to what; the present state is read from the source. */
export interface FollowedEvent {
  spaceId: string;
  seq: number;
  type: SpaceEvent['type'];
  subjectId: string | null;
}

export interface Follower {
  /** Durable name of the cursor. */
  name: string;
  /**
   * Handles a batch in log order. Idempotent: after a crash the batch comes again. What it leaves out
   * are the subjects of events that are parked for it (`parkedSubjects`).
   * @param signal aborted when another instance has taken over meanwhile: the rest is its work
   */
  handle(events: readonly FollowedEvent[], signal?: AbortSignal): Promise<void>;
  /** Work in the background, by the instance that has the lease, while no event waits. */
  background?: {
    isDue(): Promise<boolean>;
    /** Does a small part of it. */
    step(): Promise<void>;
    /** How much is left to do, in whatever it counts. */
    left(): Promise<number>;
  };
}
