import { problem } from '../../platform/core/problem.ts';
import type { LimitName } from '@teambrain/contract/limit.ts';
import type { Limits } from '../../platform/ports/limits.ts';

/** A guess that was counted before it was looked at. */
export interface Attempt {
  /** The password was right: it does not count, nor what was typed wrong before it from here. */
  wasRight(): Promise<void>;
}

export type Attempts = ReturnType<typeof createAttempts>;

/**
 * Limits of guessing one account's password: at each place, and over all places together but for
 * browsers that signed in to the account before, which nobody else can shut out.
 */
export function createAttempts(limits: Limits) {
  async function take(policy: LimitName, key: string): Promise<void> {
    const state = await limits.take(policy, key);
    if (!state.isAllowed) throw problem('too-many-requests', { retryAfter: state.resetSeconds });
  }

  return {
    /**
     * @param account what the account is known by
     * @param place an address, a known browser or a session
     * @throws too-many-requests
     */
    async begin(
      account: string,
      place: string,
      { isKnown }: { isKnown: boolean },
    ): Promise<Attempt> {
      const here = `${account}|${place}`;
      await take('login-account', here);
      if (!isKnown) await take('login-anywhere', account);
      return {
        async wasRight() {
          await limits.forgive('login-account', here);
          if (!isKnown) await limits.giveBack('login-anywhere', account);
        },
      };
    },
  };
}
