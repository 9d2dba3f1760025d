import { canChangeMember, type Role } from '@teambrain/contract/role.ts';
import { memberRemoved, memberRoleChanged, type Membership } from '@teambrain/contract/spaces.ts';
import type { Space } from '../../platform/access/access.ts';
import { holdSession } from '../../platform/access/hold-session.ts';
import type { Origin } from '../../platform/core/actor.ts';
import { decodeCursor, toPage } from '../../platform/core/cursor.ts';
import { problem } from '../../platform/core/problem.ts';
import { insertAudit } from '../../platform/db/audit.ts';
import type { Database } from '../../platform/db/database.ts';
import type { Change, EventWriter } from '../../platform/events/write.ts';
import { actOn } from './spaces.acts.ts';
import * as memberStore from './spaces.members.store.ts';

export type Members = ReturnType<typeof createMembers>;

/** Who belongs to a space and as what. */
export function createMembers(db: Database, write: EventWriter) {
  /** The member as the request found them. @throws not-found */
  async function seen(space: Space<'manage'>, userId: string): Promise<Membership> {
    const member = await memberStore.findMember(db, space, userId);
    if (!member) throw problem('not-found');
    return member;
  }

  /**
   * The member, if the manager may change them to `next` (null = remove), nobody else changed them
   * since they were `seen`, and an owner remains.
   */
  async function requireChangeable(
    { tx, standing }: Change,
    space: Space<'manage'>,
    before: Membership,
    next: Role | null,
  ): Promise<Membership> {
    const userId = before.user.id;
    const member = await memberStore.findMember(tx, space, userId);
    if (!member) throw problem('not-found');
    const { role } = await standing();
    if (!canChangeMember(role, member.role, next)) throw problem('forbidden');
    if (member.role !== before.role || member.joinedAt !== before.joinedAt) {
      const detail = 'Someone changed this membership at the same moment; look at it again';
      throw problem('conflict', { detail });
    }
    const losesOwner = member.role === 'owner' && next !== 'owner';
    if (losesOwner && !(await memberStore.hasOtherOwner(tx, space, userId)))
      throw problem('last-owner');
    return member;
  }

  return {
    async list(space: Space<'read'>, query: { after?: string; limit?: number }) {
      const limit = query.limit ?? 100;
      const [after] = decodeCursor(query.after, 1) ?? [];
      const rows = await memberStore.listMembers(db, space, after, limit + 1);
      return toPage(rows, limit, ({ user }) => [user.id]);
    },

    /** @throws not-found, forbidden, last-owner, conflict */
    async update(space: Space<'manage'>, userId: string, role: Role, origin?: Origin) {
      const before = await seen(space, userId);
      return write(space, async (change) => {
        const { tx, at, next, record } = change;
        await holdSession(tx, space.actor);
        await next();
        const member = await requireChangeable(change, space, before, role);
        await memberStore.updateMember(tx, space, userId, role);
        const { user } = member;
        await record(memberRoleChanged, { id: userId, version: 1 }, { user, role });
        const detail = `${member.role} → ${role}`;
        const act = { action: 'member.role-changed', at, userId, detail, origin } as const;
        await insertAudit(tx, actOn(space, act));
        return { ...member, role };
      });
    },

    /** @throws not-found, forbidden, last-owner, conflict */
    async remove(space: Space<'manage'>, userId: string, origin?: Origin): Promise<void> {
      const before = await seen(space, userId);
      await write(space, async (change) => {
        const { tx, at, next, record } = change;
        await holdSession(tx, space.actor);
        await next();
        const { user, role } = await requireChangeable(change, space, before, null);
        await memberStore.removeMember(tx, space, userId);
        await record(memberRemoved, { id: userId, version: 1 }, { user });
        const act = { action: 'member.removed', at, userId, detail: role, origin } as const;
        await insertAudit(tx, actOn(space, act));
      });
    },
  };
}
