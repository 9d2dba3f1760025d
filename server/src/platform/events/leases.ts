import { and, eq, or, sql } from 'drizzle-orm';
import type { Database } from '../db/database.ts';
import { followerCursors } from '../db/schema.ts';

/** Which instance this is, and for how long it takes a lease. */
export interface Leases {
  db: Database;
  owner: string;
  seconds: number;
}

/**
 * Prolongs the lease while the work goes on, however long that is. @throws when the lease was lost, as
 * by an instance that was paused: the instance that holds the lease now does the work again
 */
export async function whileLeased<T>(
  leases: Leases,
  name: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const lost = new AbortController();
  let renewing: Promise<unknown> = Promise.resolve();
  const renew = async () => {
    // One that fails is tried again; the lease lasts three times as long.
    const isHeld = await lease(leases, name).catch(() => true);
    if (!isHeld) lost.abort(new Error(`another instance has taken over ${name}`));
  };
  const timer = setInterval(() => void (renewing = renew()), (leases.seconds * 1_000) / 3);
  let result: T;
  try {
    result = await work(lost.signal);
  } finally {
    clearInterval(timer);
    await renewing;
  }
  lost.signal.throwIfAborted();
  return result;
}

/** Takes or prolongs the lease; false while another instance holds it. */
export async function lease({ db, owner, seconds }: Leases, name: string): Promise<boolean> {
  const taken = await db
    .update(followerCursors)
    .set({ leaseOwner: owner, leaseUntil: sql`now() + make_interval(secs => ${seconds})` })
    .where(
      and(
        eq(followerCursors.follower, name),
        or(
          eq(followerCursors.leaseOwner, owner),
          sql`${followerCursors.leaseUntil} is null`,
          sql`${followerCursors.leaseUntil} < now()`,
        ),
      ),
    )
    .returning({ follower: followerCursors.follower });
  return taken.length > 0;
}

export async function release({ db, owner }: Leases, name: string): Promise<void> {
  await db
    .update(followerCursors)
    .set({ leaseOwner: null, leaseUntil: null })
    .where(and(eq(followerCursors.follower, name), eq(followerCursors.leaseOwner, owner)));
}
