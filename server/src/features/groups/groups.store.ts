import { and, eq, sql, type SQL } from 'drizzle-orm';
import type { Group, GroupMember, GroupRole } from '@teambrain/contract/groups.ts';
import type { Visible } from '../../platform/access/access.ts';
import type { Actor } from '../../platform/core/actor.ts';
import { wordStarts } from '../../platform/db/like.ts';
import type { Executor, Tx } from '../../platform/db/database.ts';
import { groupMembers, groups } from '../../platform/db/schema/groups.ts';
import { users } from '../../platform/db/schema.ts';

type Row = Group & Record<string, unknown>;

/** Groups `g` as their reader sees them. */
const columns = ({ userId }: Actor): SQL => sql`g.id, g.name,
  (select count(*)::int from group_members m where m.group_id = g.id) "memberCount",
  (select case when m.is_owner then 'owner' else 'member' end from group_members m
    where m.group_id = g.id and m.user_id = ${userId}) "role"`;

export async function findGroup(db: Executor, actor: Actor, id: string): Promise<Group | null> {
  const { rows } = await db.execute<Row>(
    sql`select ${columns(actor)} from groups g where g.id = ${id}`,
  );
  return rows[0] ?? null;
}

interface Listing {
  text: string;
  limit: number;
  /** Name in lower case and id of the last one before. */
  after: readonly [string, string] | undefined;
}

export async function listGroups(
  db: Executor,
  actor: Actor,
  { text, limit, after }: Listing,
): Promise<(Group & { key: string })[]> {
  const isLater = after ? sql`(lower(g.name), g.id) > (${after[0]}, ${after[1]}::uuid)` : sql`true`;
  const { rows } = await db.execute<Row & { key: string }>(sql`
    select ${columns(actor)}, lower(g.name) "key" from groups g
    where ${wordStarts(sql`g.name`, text)} and ${isLater}
    order by lower(g.name), g.id limit ${limit}`);
  return rows;
}

/** Members by name: all, or those who are the reader or in a space they may read. */
export async function listMembers(
  db: Executor,
  { actor, spaceIds }: Visible,
  id: string,
  seesAll: boolean,
): Promise<GroupMember[]> {
  const isKnown = sql`(${seesAll} or g.user_id = ${actor.userId} or exists (
    select from memberships m where m.user_id = g.user_id and m.space_id in ${spaceIds}))`;
  const { rows } = await db.execute<{ id: string; name: string; role: GroupRole }>(sql`
    select u.id, u.name, case when g.is_owner then 'owner' else 'member' end "role"
    from group_members g join users u on u.id = g.user_id
    where g.group_id = ${id} and ${isKnown}
    order by g.is_owner desc, lower(u.name), u.id`);
  return rows.map(({ id, name, role }) => ({ user: { id, name }, role }));
}

/** Lets nobody else make groups for the person until the transaction ends. */
export async function holdPerson(tx: Tx, userId: string): Promise<void> {
  await tx.select({ id: users.id }).from(users).where(eq(users.id, userId)).for('no key update');
}

/** Lets nobody else change the group until the transaction ends; gives its name. */
export async function holdGroup(tx: Tx, id: string): Promise<string | null> {
  const [row] = await tx
    .select({ name: groups.name })
    .from(groups)
    .where(eq(groups.id, id))
    .for('update');
  return row?.name ?? null;
}

export async function creatorOf(tx: Tx, id: string): Promise<string | null> {
  const [row] = await tx
    .select({ createdBy: groups.createdBy })
    .from(groups)
    .where(eq(groups.id, id));
  return row?.createdBy ?? null;
}

export const countMadeBy = (tx: Tx, userId: string): Promise<number> =>
  tx.$count(groups, eq(groups.createdBy, userId));

/** Makes a group with its maker as owner; false where another group has the name, or the id. */
export async function insertGroup(
  tx: Tx,
  { userId }: Actor,
  group: { id: string; name: string; createdAt: Date },
): Promise<boolean> {
  const { rows } = await tx.execute(sql`
    insert into groups (id, name, created_by, created_at)
    values (${group.id}, ${group.name}, ${userId}, ${group.createdAt.toISOString()}::timestamptz)
    on conflict do nothing returning id`);
  if (rows.length === 0) return false;
  await tx.insert(groupMembers).values({ groupId: group.id, userId, isOwner: true });
  return true;
}

/** False where another group has the name. */
export async function renameGroup(tx: Tx, id: string, name: string): Promise<boolean> {
  // One at a time, so that of two equal names the second is seen.
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('groups'))`);
  const { rows } = await tx.execute(sql`
    update groups set name = ${name} where id = ${id}
      and not exists (select from groups o where lower(o.name) = lower(${name}) and o.id <> ${id})
    returning id`);
  return rows.length > 0;
}

export async function removeGroup(tx: Tx, id: string): Promise<void> {
  await tx.delete(groups).where(eq(groups.id, id));
}

const isMember = (groupId: string, userId: string) =>
  and(eq(groupMembers.groupId, groupId), eq(groupMembers.userId, userId));

export async function roleIn(
  db: Executor,
  groupId: string,
  userId: string,
): Promise<GroupRole | null> {
  const [row] = await db
    .select({ isOwner: groupMembers.isOwner })
    .from(groupMembers)
    .where(isMember(groupId, userId));
  if (!row) return null;
  return row.isOwner ? 'owner' : 'member';
}

/** Whether somebody is the reader, or in a space they may read. */
export async function mayKnow(
  tx: Tx,
  { actor, spaceIds }: Visible,
  userId: string,
): Promise<boolean> {
  const { rows } = await tx.execute(sql`
    select from users u where u.id = ${userId} and (u.id = ${actor.userId} or exists (
      select from memberships m where m.user_id = u.id and m.space_id in ${spaceIds}))`);
  return rows.length > 0;
}

export const countMembers = (tx: Tx, groupId: string): Promise<number> =>
  tx.$count(groupMembers, eq(groupMembers.groupId, groupId));

export const countOwners = (tx: Tx, groupId: string): Promise<number> =>
  tx.$count(groupMembers, and(eq(groupMembers.groupId, groupId), eq(groupMembers.isOwner, true)));

export async function putMember(
  tx: Tx,
  groupId: string,
  userId: string,
  isOwner: boolean,
): Promise<void> {
  await tx
    .insert(groupMembers)
    .values({ groupId, userId, isOwner })
    .onConflictDoUpdate({ target: [groupMembers.groupId, groupMembers.userId], set: { isOwner } });
}

export async function removeMember(tx: Tx, groupId: string, userId: string): Promise<void> {
  await tx.delete(groupMembers).where(isMember(groupId, userId));
}
