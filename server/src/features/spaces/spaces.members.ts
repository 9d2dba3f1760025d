import { canChangeMember, type Role } from '@teambrain/contract/role.ts';
import { memberRemoved, memberRoleChanged } from '@teambrain/contract/spaces.ts';
import type { Space } from '../../platform/access/access.ts';
import { decodeCursor, toPage } from '../../platform/core/cursor.ts';
import { problem } from '../../platform/core/problem.ts';
import type { Database } from '../../platform/db/database.ts';
import type { Change, EventWriter } from '../../platform/events/write.ts';
import * as store from './spaces.store.ts';

export type Members = ReturnType<typeof createMembers>;

/** Who belongs to a space and as what. */
export function createMembers(db: Database, write: EventWriter) {
  /** The member, if the manager may change them to `next` (null = remove) and an owner remains. */
  async function requireChangeable(
    { tx, standing }: Change,
    space: Space<'manage'>,
    userId: string,
    next: Role | null,
  ) {
    const member = await store.findMember(tx, space, userId);
    if (!member) throw problem('not-found');
    const { role } = await standing();
    if (!canChangeMember(role, member.role, next)) throw problem('forbidden');
    const losesOwner = member.role === 'owner' && next !== 'owner';
    if (losesOwner && !(await store.hasOtherOwner(tx, space, userId))) throw problem('last-owner');
    return member;
  }

  return {
    async list(space: Space<'read'>, query: { after?: string; limit?: number }) {
      const limit = query.limit ?? 100;
      const [after] = decodeCursor(query.after, 1) ?? [];
      const rows = await store.listMembers(db, space, after, limit + 1);
      return toPage(rows, limit, ({ user }) => [user.id]);
    },

    /** @throws not-found, forbidden, last-owner */
    async update(space: Space<'manage'>, userId: string, role: Role) {
      return write(space, async (change) => {
        const { tx, next, record } = change;
        await next();
        const member = await requireChangeable(change, space, userId, role);
        await store.updateMember(tx, space, userId, role);
        const { user } = member;
        await record(memberRoleChanged, { id: userId, version: 1 }, { user, role });
        return { ...member, role };
      });
    },

    /** @throws not-found, forbidden, last-owner */
    async remove(space: Space<'manage'>, userId: string): Promise<void> {
      await write(space, async (change) => {
        const { tx, next, record } = change;
        await next();
        const { user } = await requireChangeable(change, space, userId, null);
        await store.removeMember(tx, space, userId);
        await record(memberRemoved, { id: userId, version: 1 }, { user });
      });
    },
  };
}
