import { and, desc, eq, gt, inArray, isNull, lt, ne, or, sql } from 'drizzle-orm';
import type { User } from '@teambrain/contract/auth.ts';
import type { Executor, Tx } from '../../platform/db/database.ts';
import { instance, refreshTokens, sessions, users } from '../../platform/db/schema.ts';

export type UserRow = typeof users.$inferSelect;
export type SessionRow = typeof sessions.$inferSelect;
export type TokenRow = typeof refreshTokens.$inferSelect;

/** A session that was not used for this long has ended, and so has one that is this old. */
const IDLE_MS = 30 * 24 * 3_600_000;
export const LIFE_MS = 90 * 24 * 3_600_000;
/** Sessions of one person; who opens one more ends the oldest. */
export const MAX_SESSIONS = 50;

/** Condition of a session that has not ended by then, neither by somebody nor by its age. */
const isLive = (at: Date) =>
  and(
    isNull(sessions.endedAt),
    gt(sessions.createdAt, new Date(at.getTime() - LIFE_MS)),
    gt(sessions.lastUsedAt, new Date(at.getTime() - IDLE_MS)),
  );

export const toUser = (row: UserRow): User => ({
  id: row.id,
  email: row.email ?? '',
  name: row.name,
  isAdministrator: row.isAdministrator,
  createdAt: row.createdAt.toISOString(),
});

/** True for exactly one caller in the life of an installation: who gets to be administrator. */
export async function claimSetUp(db: Executor, at: Date): Promise<boolean> {
  const claimed = await db
    .update(instance)
    .set({ setUpAt: at })
    .where(isNull(instance.setUpAt))
    .returning({ id: instance.id });
  return claimed.length > 0;
}

export async function findSetUp(db: Executor): Promise<Date | null> {
  const [row] = await db.select({ at: instance.setUpAt }).from(instance);
  return row?.at ?? null;
}

export async function insertUser(db: Executor, row: typeof users.$inferInsert): Promise<UserRow> {
  const [user] = await db.insert(users).values(row).returning();
  if (!user) throw new Error('insert returned no row');
  return user;
}

export async function findUserByEmail(db: Executor, email: string): Promise<UserRow | null> {
  const [row] = await db
    .select()
    .from(users)
    .where(eq(sql`lower(${users.email})`, email.toLowerCase()));
  return row ?? null;
}

export async function findUser(db: Executor, id: string): Promise<UserRow | null> {
  const [row] = await db.select().from(users).where(eq(users.id, id));
  return row ?? null;
}

export async function findAdministrator(db: Executor): Promise<UserRow | null> {
  const [row] = await db.select().from(users).where(eq(users.isAdministrator, true)).limit(1);
  return row ?? null;
}

/** Removes those of the people who cannot sign in, were part of no event and made no space. */
export async function removeImported(db: Executor, ids: readonly string[]): Promise<void> {
  await db
    .delete(users)
    .where(
      and(
        inArray(users.id, [...ids]),
        isNull(users.email),
        sql`not exists (select 1 from events e where e.actor_id = ${users.id})`,
        sql`not exists (select 1 from spaces s where s.created_by = ${users.id})`,
      ),
    );
}

export async function updateUser(
  db: Executor,
  id: string,
  change: Partial<typeof users.$inferInsert>,
): Promise<UserRow | null> {
  const [row] = await db.update(users).set(change).where(eq(users.id, id)).returning();
  return row ?? null;
}

/** The user, whom nobody else changes until the transaction ends; first of all to be locked. */
export async function holdUser(tx: Tx, id: string): Promise<UserRow | null> {
  const [row] = await tx.select().from(users).where(eq(users.id, id)).for('no key update');
  return row ?? null;
}

/** Stores another hash of the same password; null if that was changed since it was read. */
export async function replacePasswordHash(
  db: Executor,
  { id, passwordHash: before }: UserRow,
  passwordHash: string,
): Promise<UserRow | null> {
  const [row] = await db
    .update(users)
    .set({ passwordHash })
    .where(and(eq(users.id, id), eq(users.passwordHash, before ?? '')))
    .returning();
  return row ?? null;
}

/**
 * Null, and nothing is inserted, unless the user's password is the one with this hash. Until the
 * transaction ends it remains so: a change of the password comes before or after, and then ends this
 * session with the others.
 * @returns the ids of the oldest sessions, which ended for being too many
 */
export async function insertSession(
  tx: Tx,
  row: typeof sessions.$inferInsert,
  { tokenHash, passwordHash }: { tokenHash: string; passwordHash: string | null },
): Promise<string[] | null> {
  const user = await holdUser(tx, row.userId);
  if (!user || user.suspendedAt || user.passwordHash !== passwordHash) return null;
  await tx.insert(sessions).values(row);
  await insertRefreshToken(tx, row.id, 1, tokenHash, row.createdAt);
  const oldest = tx
    .select({ id: sessions.id })
    .from(sessions)
    .where(and(eq(sessions.userId, row.userId), isLive(row.createdAt)))
    .orderBy(desc(sessions.createdAt), desc(sessions.id))
    .offset(MAX_SESSIONS);
  const ended = await tx
    .update(sessions)
    .set({ endedAt: row.createdAt, endReason: 'too-many' satisfies EndReason })
    .where(inArray(sessions.id, oldest))
    .returning({ id: sessions.id });
  return ended.map(({ id }) => id);
}

/** A session that lives, and its user. */
export async function findLiveSession(db: Executor, sessionId: string, at: Date) {
  const [row] = await db
    .select({ session: sessions, user: users })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(and(eq(sessions.id, sessionId), isLive(at), isNull(users.suspendedAt)));
  return row ?? null;
}

/** Those of the sessions that live, as their users do. */
export async function listLiveIds(
  db: Executor,
  ids: readonly string[],
  at: Date,
): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .select({ id: sessions.id })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(and(inArray(sessions.id, [...ids]), isLive(at), isNull(users.suspendedAt)));
  return rows.map(({ id }) => id);
}

export function listLiveSessions(db: Executor, userId: string, at: Date): Promise<SessionRow[]> {
  return db
    .select()
    .from(sessions)
    .where(and(eq(sessions.userId, userId), isLive(at)))
    .orderBy(desc(sessions.lastUsedAt))
    .limit(MAX_SESSIONS);
}

/** Why a session ended. */
export type EndReason =
  'logout' | 'logout.everywhere' | 'session.ended' | 'password-change' | 'reuse' | 'too-many';

/** Ends the user's sessions that `which` selects; gives the ids of those that were alive. */
export async function endSessions(
  db: Executor,
  userId: string,
  which: { only: string } | { except: string } | 'all',
  end: { at: Date; reason: EndReason },
): Promise<string[]> {
  const selected =
    which === 'all'
      ? undefined
      : 'only' in which
        ? eq(sessions.id, which.only)
        : ne(sessions.id, which.except);
  const ended = await db
    .update(sessions)
    .set({ endedAt: end.at, endReason: end.reason })
    .where(and(eq(sessions.userId, userId), isNull(sessions.endedAt), selected))
    .returning({ id: sessions.id });
  return ended.map(({ id }) => id);
}

export async function touchSession(db: Executor, id: string, at: Date): Promise<void> {
  await db.update(sessions).set({ lastUsedAt: at }).where(eq(sessions.id, id));
}

/** Marks the token used if nobody has; the row goes to exactly one of many parallel callers. */
export async function useRefreshToken(db: Executor, hash: string, at: Date) {
  const [row] = await db
    .update(refreshTokens)
    .set({ usedAt: at })
    .where(and(eq(refreshTokens.hash, hash), isNull(refreshTokens.usedAt)))
    .returning();
  return row ?? null;
}

export async function findRefreshToken(db: Executor, hash: string) {
  const [row] = await db.select().from(refreshTokens).where(eq(refreshTokens.hash, hash));
  return row ?? null;
}

export async function insertRefreshToken(
  db: Executor,
  sessionId: string,
  generation: number,
  hash: string,
  at: Date,
): Promise<void> {
  await db
    .insert(refreshTokens)
    .values({ hash, sessionId, generation, createdAt: at })
    .onConflictDoNothing();
}

/** How long sessions are kept after their end, and how many rows a statement removes. */
const KEPT_MS = 30 * 24 * 3_600_000;
const PRUNED = 1_000;

/**
 * Removes some of the sessions that ended long ago, whichever way, with their refresh tokens: first
 * tokens, of which one session may have thousands. Gives how many rows that were; 0 when none is left.
 */
export async function pruneSessions(db: Executor, at: Date): Promise<number> {
  const before = (ms: number) => new Date(at.getTime() - KEPT_MS - ms);
  const dead = or(
    lt(sessions.endedAt, before(0)),
    lt(sessions.createdAt, before(LIFE_MS)),
    lt(sessions.lastUsedAt, before(IDLE_MS)),
  );
  const spent = db
    .select({ hash: refreshTokens.hash })
    .from(refreshTokens)
    .innerJoin(sessions, eq(sessions.id, refreshTokens.sessionId))
    .where(dead)
    .limit(PRUNED);
  const gone = await db
    .delete(refreshTokens)
    .where(inArray(refreshTokens.hash, spent))
    .returning({ sessionId: refreshTokens.sessionId });
  if (gone.length > 0) return gone.length;
  const empty = db.select({ id: sessions.id }).from(sessions).where(dead).limit(PRUNED);
  const ended = await db.delete(sessions).where(inArray(sessions.id, empty)).returning();
  return ended.length;
}
