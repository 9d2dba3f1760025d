import type { LimitName } from '@teambrain/contract/limit.ts';

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

/** Counts requests per policy and key; atomic over everything that shares the adapter. */
export interface Limits {
  /** Counts one request and says whether it may go on. */
  take(policy: LimitName, key: string): Promise<LimitState>;
  /** Forgets what was counted, e.g. after a right password. */
  forgive(policy: LimitName, key: string): Promise<void>;
  close(): Promise<void>;
}
