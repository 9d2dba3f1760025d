import { and, asc, eq, ilike, inArray, isNotNull, sql, type SQL } from 'drizzle-orm';
import type { Space as SpaceView, SpaceColour } from '@teambrain/contract/spaces.ts';
import type { Space } from '../../platform/access/access.ts';
import type { Actor } from '../../platform/core/actor.ts';
import type { Executor } from '../../platform/db/database.ts';
import { escapeLike } from '../../platform/db/like.ts';
import { memberships, spaces } from '../../platform/db/schema.ts';

const memberCount = sql<number>`(select count(*)::int from memberships m where m.space_id = ${spaces.id})`;

/** Names in the order of the list, whatever their case; the database's idea of it alone counts. */
const sortKey = sql<string>`lower(${spaces.name})`;

const columns = {
  id: spaces.id,
  name: spaces.name,
  description: spaces.description,
  emoji: spaces.emoji,
  colour: spaces.colour,
  visibility: spaces.visibility,
  role: memberships.role,
  memberCount,
  lastSeq: spaces.lastSeq,
  createdAt: spaces.createdAt,
  guessedAt: spaces.guessedAt,
  sortKey,
};

/** Spaces joined with the actor's own membership, if any. */
const fromSpaces = (db: Executor, actor: Actor) =>
  db
    .select(columns)
    .from(spaces)
    .leftJoin(
      memberships,
      and(eq(memberships.spaceId, spaces.id), eq(memberships.userId, actor.userId)),
    );

type Row = Awaited<ReturnType<typeof fromSpaces>>[number];

const NOTHING = {
  description: null,
  emoji: null,
  colour: null,
  memberCount: null,
  lastSeq: null,
  createdAt: null,
};

/**
 * Of a protected space that was not joined nothing but name and lock leaves this file, and of
 * guessing at its password nothing but to its owners and moderators.
 */
function toView({ id, name, visibility, role, guessedAt, sortKey: _, ...rest }: Row): SpaceView {
  const isLocked = visibility === 'protected' && role === null;
  const inside = isLocked ? { ...NOTHING } : { ...rest, createdAt: rest.createdAt.toISOString() };
  const isTold = role === 'owner' || role === 'moderator';
  const told = isTold && guessedAt ? guessedAt.toISOString() : null;
  return { id, name, visibility, role, ...inside, guessedAt: told };
}

export async function findSpace(db: Executor, actor: Actor, id: string): Promise<SpaceView | null> {
  const [row] = await fromSpaces(db, actor).where(eq(spaces.id, id));
  return row ? toView(row) : null;
}

/** Spaces by name, after the given key and `id`, each with its key. */
export async function listSpaces(
  db: Executor,
  actor: Actor,
  filter: { query?: string; joined?: boolean; after?: [string, string]; limit: number },
): Promise<{ key: string; space: SpaceView }[]> {
  const conditions: (SQL | undefined)[] = [
    filter.query ? ilike(spaces.name, `%${escapeLike(filter.query)}%`) : undefined,
    filter.joined === true ? sql`${memberships.role} is not null` : undefined,
    filter.joined === false ? sql`${memberships.role} is null` : undefined,
    filter.after
      ? sql`(${sortKey}, ${spaces.id}) > (${filter.after[0]}, ${filter.after[1]}::uuid)`
      : undefined,
  ];
  const rows = await fromSpaces(db, actor)
    .where(and(...conditions))
    .orderBy(asc(sortKey), asc(spaces.id))
    .limit(filter.limit);
  return rows.map((row) => ({ key: row.sortKey, space: toView(row) }));
}

export async function insertSpace(db: Executor, row: typeof spaces.$inferInsert): Promise<boolean> {
  const inserted = await db.insert(spaces).values(row).onConflictDoNothing().returning();
  return inserted.length > 0;
}

/** Whether the actor made the space with this id by the very same request, as far as that is known. */
export async function isCreation(
  db: Executor,
  actor: Actor,
  { id, requestHash }: { id: string; requestHash: string },
): Promise<boolean> {
  const rows = await db
    .select({ id: spaces.id })
    .from(spaces)
    .where(
      and(
        eq(spaces.id, id),
        eq(spaces.createdBy, actor.userId),
        inArray(spaces.requestHash, [requestHash, '']),
      ),
    );
  return rows.length > 0;
}

/** The stored hash of a space's password; for its door only. */
export async function findPasswordHash(db: Executor, space: Space): Promise<string | null> {
  const [row] = await db
    .select({ hash: spaces.passwordHash })
    .from(spaces)
    .where(eq(spaces.id, space.id));
  return row?.hash ?? null;
}

/** What those who manage a space can change of it. */
export interface Settings {
  name?: string;
  description?: string;
  emoji?: string | null;
  colour?: SpaceColour | null;
  passwordHash?: string | null;
}

/** The settings at this moment; null where the space is gone. */
export async function findSettings(
  db: Executor,
  space: Space<'manage'>,
): Promise<Required<Settings> | null> {
  const { name, description, emoji, colour, passwordHash } = spaces;
  const [row] = await db
    .select({ name, description, emoji, colour, passwordHash })
    .from(spaces)
    .where(eq(spaces.id, space.id));
  return row ?? null;
}

export async function updateSpace(
  db: Executor,
  space: Space<'manage'>,
  change: Settings & { guessedAt?: null; requestHash?: '' },
): Promise<void> {
  await db.update(spaces).set(change).where(eq(spaces.id, space.id));
}

/** Notes when many wrong passwords were tried, for those who manage the space. */
export async function markGuessed(db: Executor, space: Space, at: Date): Promise<void> {
  await db.update(spaces).set({ guessedAt: at }).where(eq(spaces.id, space.id));
}

/** Until the transaction ends nobody writes in the space. */
export async function lockSpace(db: Executor, space: Space<'manage'>): Promise<void> {
  await db.select({ id: spaces.id }).from(spaces).where(eq(spaces.id, space.id)).for('update');
}

/** Takes the note down; false if there was none. */
export async function clearGuessed(db: Executor, space: Space<'manage'>): Promise<boolean> {
  const cleared = await db
    .update(spaces)
    .set({ guessedAt: null })
    .where(and(eq(spaces.id, space.id), isNotNull(spaces.guessedAt)))
    .returning({ id: spaces.id });
  return cleared.length > 0;
}

/** Removes the space with all it holds; false unless the actor owns it now. */
export async function removeSpace(db: Executor, space: Space<'manage'>): Promise<boolean> {
  const isOwner = sql`exists (select 1 from memberships m where m.space_id = ${spaces.id}
    and m.user_id = ${space.actor.userId} and m.role = 'owner')`;
  const removed = await db
    .delete(spaces)
    .where(and(eq(spaces.id, space.id), isOwner))
    .returning({ id: spaces.id });
  return removed.length > 0;
}
