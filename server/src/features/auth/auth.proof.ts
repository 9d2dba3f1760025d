import type { Origin } from '../../platform/core/actor.ts';
import type { Clock } from '../../platform/core/clock.ts';
import { checkPassword, hashPassword } from '../../platform/core/password.ts';
import { insertAudit } from '../../platform/db/audit.ts';
import type { Database } from '../../platform/db/database.ts';
import { addressKey } from '../../platform/http/address.ts';
import type { Attempts } from './auth.attempts.ts';
import * as store from './auth.store.ts';
import type { KnownDevices } from './known-devices.ts';

interface ProofDependencies {
  db: Database;
  attempts: Attempts;
  devices: KnownDevices;
  clock: Clock;
}

/** What somebody shows to be let in to an account. */
export interface Credentials {
  email: string;
  password: string;
  /** What this browser holds of the accounts that signed in to it. */
  deviceCookie: string | null;
}

/** Compares passwords with accounts, whatever that is asked for: guesses are counted and slow. */
export function createProof({ db, attempts, devices, clock }: ProofDependencies) {
  /** The user, if this is the password; null after the same time for any reason. */
  async function withPassword(
    user: store.UserRow | null,
    password: string,
  ): Promise<store.UserRow | null> {
    const usable = user && !user.suspendedAt ? user.passwordHash : null;
    const verdict = await checkPassword(usable, password);
    if (verdict === 'wrong' || !user) return null;
    if (verdict === 'right') return user;
    return store.replacePasswordHash(db, user, await hashPassword(password));
  }

  /** The account with these credentials, or null after the same time for any reason. */
  return async function prove(
    known: store.UserRow | null,
    { email, password, deviceCookie }: Credentials,
    origin: Origin,
  ): Promise<store.UserRow | null> {
    const device = devices.find(deviceCookie, known?.id ?? '');
    // Per account and place: guessing from elsewhere does not shut the owner out.
    const place = device === null ? addressKey(origin.address) : `browser ${device}`;
    const attempt = await attempts.begin(email.toLowerCase(), place, { isKnown: device !== null });
    const user = await withPassword(known, password);
    if (user) {
      await attempt.wasRight();
      return user;
    }
    const act = { action: 'login.failed', at: clock.now(), subjectId: known?.id } as const;
    await insertAudit(db, { ...act, origin });
    return null;
  };
}
