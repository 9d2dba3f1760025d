import type { LimitName } from '@teambrain/contract/limit.ts';
import type { MaybePromise } from '../core/maybe-promise.ts';

/** What a policy has left for a key after this request. */
export interface LimitState {
  isAllowed: boolean;
  /** The policy's quota and window (seconds). */
  quota: number;
  window: number;
  remaining: number;
  /** Whole seconds until there is room again (refused), or until the window ends. */
  resetSeconds: number;
}

/** One of the places of a policy that lets only so many requests run at a time, or none free. */
export type Hold =
  | {
      isAllowed: true;
      /** Gives the place back; never fails. */
      release(): Promise<void>;
    }
  | {
      isAllowed: false;
      /** Whole seconds after which asking again makes sense. */
      resetSeconds: number;
    };

/** Counts requests per policy and key; atomic over everything that shares the adapter. */
export interface Limits {
  /** Counts one request and says whether it may go on. */
  take(policy: LimitName, key: string): MaybePromise<LimitState>;
  /** Takes a place among those running at a time; where a policy has no such bound, always one. */
  enter(policy: LimitName, key: string): Promise<Hold>;
  /** Takes back one that was counted and allowed, where only failures are to count. */
  giveBack(policy: LimitName, key: string): Promise<void>;
  /** Forgets what was counted, e.g. after a right password. */
  forgive(policy: LimitName, key: string): Promise<void>;
  close(): Promise<void>;
}
