import type { AnswerOf, BodyOf, ParamsOf, QueryOf } from '@teambrain/contract/endpoint.ts';
import * as contract from '@teambrain/contract/groups.ts';
import type { GroupRole } from '@teambrain/contract/groups.ts';
import type { Access } from '../../platform/access/access.ts';
import { holdSession } from '../../platform/access/hold-session.ts';
import type { Actor, Origin } from '../../platform/core/actor.ts';
import type { Clock } from '../../platform/core/clock.ts';
import { decodeCursor, toPage } from '../../platform/core/cursor.ts';
import { newId } from '../../platform/core/id.ts';
import { fieldProblem, problem } from '../../platform/core/problem.ts';
import { insertAudit, type AuditAction } from '../../platform/db/audit.ts';
import type { Database, Tx } from '../../platform/db/database.ts';
import * as store from './groups.store.ts';

export interface GroupsDependencies {
  db: Database;
  access: Access;
  clock: Clock;
}

export type Groups = ReturnType<typeof createGroupsOfPeople>;

type Membership = ParamsOf<typeof contract.putGroupMember>;

/**
 * Groups of people of the whole instance, each kept by its owners. They give nobody a right; a mention
 * of one calls those of its members who are members of the space it is said in.
 */
export function createGroupsOfPeople({ db, access, clock }: GroupsDependencies) {
  /** @throws not-found */
  async function view(actor: Actor, id: string): Promise<contract.Group> {
    const group = await store.findGroup(db, actor, id);
    if (!group) throw problem('not-found');
    return group;
  }

  /** Changes a group that nobody else changes meanwhile. @throws not-found, session-ended */
  function change<T>(
    actor: Actor,
    id: string,
    how: (tx: Tx, held: { name: string; mayKeep: boolean }) => Promise<T>,
  ): Promise<T> {
    return db.transaction(async (tx) => {
      await holdSession(tx, actor);
      const name = await store.holdGroup(tx, id);
      if (name === null) throw problem('not-found');
      const role = await store.roleIn(tx, id, actor.userId);
      return how(tx, { name, mayKeep: role === 'owner' || actor.isAdministrator });
    });
  }

  /** The same for its owners and administrators. @throws forbidden */
  const keep = <T>(actor: Actor, id: string, how: (tx: Tx, name: string) => Promise<T>) =>
    change(actor, id, (tx, { name, mayKeep }) => {
      if (!mayKeep) throw problem('forbidden');
      return how(tx, name);
    });

  const note = (
    tx: Tx,
    action: AuditAction,
    {
      actor,
      ...act
    }: { actor: Actor; subjectId: string; detail?: string; origin?: Origin | undefined },
  ) => insertAudit(tx, { action, at: clock.now(), actorId: actor.userId, ...act });

  return {
    async list(actor: Actor, query: QueryOf<typeof contract.listGroups>) {
      const limit = query.limit ?? 50;
      const after = decodeCursor(query.after, 2) as [string, string] | undefined;
      const text = query.query?.trim() ?? '';
      const rows = await store.listGroups(db, actor, { text, limit: limit + 1, after });
      const { items, next } = toPage(rows, limit, ({ key, id }) => [key, id]);
      return { items: items.map(({ key: _, ...group }) => group), next };
    },

    /** @throws not-found */
    async find(actor: Actor, id: string): Promise<AnswerOf<typeof contract.getGroup>> {
      const group = await view(actor, id);
      const seesAll = group.role === 'owner';
      const members = await store.listMembers(db, access.visible(actor), id, seesAll);
      return { ...group, members };
    },

    /** @throws id-taken; conflict where the name is that of another group; invalid-request */
    async create(
      actor: Actor,
      { id = newId(), name: given }: BodyOf<typeof contract.createGroup>,
      origin?: Origin,
    ): Promise<contract.Group> {
      const name = given.trim();
      await db.transaction(async (tx) => {
        await holdSession(tx, actor);
        await store.holdPerson(tx, actor.userId);
        const there = await store.creatorOf(tx, id);
        if (there === actor.userId) return;
        if (there !== null) throw problem('id-taken');
        if ((await store.countMadeBy(tx, actor.userId)) >= contract.GROUPS_EACH) {
          const detail = `You have made ${contract.GROUPS_EACH} groups: delete one first`;
          throw fieldProblem('invalid-request', '/name', detail);
        }
        if (!(await store.insertGroup(tx, actor, { id, name, createdAt: clock.now() }))) {
          // Another person's with this id may have come at the same moment.
          throw (await store.creatorOf(tx, id)) === null ? nameTaken() : problem('id-taken');
        }
        await note(tx, 'group.created', { actor, subjectId: id, origin });
      });
      return view(actor, id);
    },

    /** @throws not-found, forbidden, conflict */
    async rename(
      actor: Actor,
      id: string,
      given: string,
      origin?: Origin,
    ): Promise<contract.Group> {
      const name = given.trim();
      await keep(actor, id, async (tx, before) => {
        if (name === before) return;
        if (!(await store.renameGroup(tx, id, name))) throw nameTaken();
        await note(tx, 'group.renamed', { actor, subjectId: id, origin });
      });
      return view(actor, id);
    },

    /** @throws not-found, forbidden */
    async remove(actor: Actor, id: string, origin?: Origin): Promise<void> {
      await keep(actor, id, async (tx) => {
        await store.removeGroup(tx, id);
        await note(tx, 'group.deleted', { actor, subjectId: id, origin });
      });
    },

    /**
     * @throws not-found, also for somebody whom the actor may not know; forbidden; last-owner;
     *   invalid-request where the group is full
     */
    async putMember(
      actor: Actor,
      { groupId, userId }: Membership,
      role: GroupRole,
      origin?: Origin,
    ): Promise<void> {
      await keep(actor, groupId, async (tx) => {
        const before = await store.roleIn(tx, groupId, userId);
        if (before === role) return;
        if (before === null) {
          const isKnown = await store.mayKnow(tx, access.visible(actor), userId);
          if (!isKnown) throw problem('not-found');
          if ((await store.countMembers(tx, groupId)) >= contract.GROUP_MEMBERS_MAX) {
            const detail = `A group has at most ${contract.GROUP_MEMBERS_MAX} members`;
            throw fieldProblem('invalid-request', '/params/userId', detail);
          }
        }
        await store.putMember(tx, groupId, userId, role === 'owner');
        await requireOwner(tx, groupId);
        const detail = `${groupId}: ${before ?? 'none'} → ${role}`;
        await note(tx, 'group.member-changed', { actor, subjectId: userId, detail, origin });
      });
    },

    /** @throws not-found where they are none that the actor knows of; forbidden; last-owner */
    async removeMember(
      actor: Actor,
      { groupId, userId }: Membership,
      origin?: Origin,
    ): Promise<void> {
      await change(actor, groupId, async (tx, { mayKeep }) => {
        if (!mayKeep && userId !== actor.userId) throw problem('forbidden');
        const before = await store.roleIn(tx, groupId, userId);
        if (before === null) throw problem('not-found');
        await store.removeMember(tx, groupId, userId);
        await requireOwner(tx, groupId);
        const detail = `${groupId}: ${before} → none`;
        await note(tx, 'group.member-changed', { actor, subjectId: userId, detail, origin });
      });
    },
  };
}

/** @throws last-owner */
async function requireOwner(tx: Tx, groupId: string): Promise<void> {
  if ((await store.countOwners(tx, groupId)) > 0) return;
  throw problem('last-owner', { detail: 'A group needs an owner: make somebody else one first' });
}

const nameTaken = () => fieldProblem('conflict', '/name', 'There is a group with this name');
