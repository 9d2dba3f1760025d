import { and, asc, eq, gt, inArray, sql } from 'drizzle-orm';
import type { Membership } from '@teambrain/contract/spaces.ts';
import type { Role } from '@teambrain/contract/role.ts';
import type { Space } from '../../platform/access/access.ts';
import { personOf, type Executor } from '../../platform/db/database.ts';
import { memberships } from '../../platform/db/schema.ts';

/** @param seq of the log: what was said before it is not unread */
export async function insertMember(
  db: Executor,
  space: Space,
  { role, at, seq }: { role: Role; at: Date; seq: number },
): Promise<void> {
  const { userId } = space.actor;
  const row = { spaceId: space.id, userId, role, joinedAt: at, joinedSeq: seq };
  await db.insert(memberships).values(row);
}

const memberColumns = {
  user: personOf(memberships.userId),
  userId: memberships.userId,
  role: memberships.role,
  joinedAt: memberships.joinedAt,
};

interface MemberRow {
  user: Membership['user'];
  role: Role;
  joinedAt: Date;
}

const toMembership = ({ user, role, joinedAt }: MemberRow): Membership => ({
  user,
  role,
  joinedAt: joinedAt.toISOString(),
});

export async function findMember(
  db: Executor,
  space: Space,
  userId: string,
): Promise<Membership | null> {
  const [row] = await db
    .select(memberColumns)
    .from(memberships)
    .where(and(eq(memberships.spaceId, space.id), eq(memberships.userId, userId)));
  return row ? toMembership(row) : null;
}

export async function listMembers(
  db: Executor,
  space: Space<'read'>,
  after: string | undefined,
  limit: number,
): Promise<Membership[]> {
  const rows = await db
    .select(memberColumns)
    .from(memberships)
    .where(
      and(
        eq(memberships.spaceId, space.id),
        after === undefined ? undefined : gt(memberships.userId, after),
      ),
    )
    .orderBy(asc(memberships.userId))
    .limit(limit);
  return rows.map(toMembership);
}

export async function updateMember(
  db: Executor,
  space: Space<'manage'>,
  userId: string,
  role: Role,
): Promise<void> {
  await db
    .update(memberships)
    .set({ role })
    .where(and(eq(memberships.spaceId, space.id), eq(memberships.userId, userId)));
}

export async function removeMember(
  db: Executor,
  space: Space<'read'>,
  userId: string,
): Promise<void> {
  await db
    .delete(memberships)
    .where(and(eq(memberships.spaceId, space.id), eq(memberships.userId, userId)));
}

/** Ends every membership of these roles; gives their number. */
export async function removeMembers(
  db: Executor,
  space: Space<'manage'>,
  roles: Role[],
): Promise<number> {
  const removed = await db
    .delete(memberships)
    .where(and(eq(memberships.spaceId, space.id), inArray(memberships.role, roles)))
    .returning({ userId: memberships.userId });
  return removed.length;
}

/** Whether anyone besides this user owns the space. */
export async function hasOtherOwner(
  db: Executor,
  space: Space<'read'>,
  userId: string,
): Promise<boolean> {
  const rows = await db
    .select({ userId: memberships.userId })
    .from(memberships)
    .where(
      and(
        eq(memberships.spaceId, space.id),
        eq(memberships.role, 'owner'),
        sql`${memberships.userId} <> ${userId}`,
      ),
    )
    .limit(1);
  return rows.length > 0;
}
