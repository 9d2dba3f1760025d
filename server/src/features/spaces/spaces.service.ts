import * as contract from '@teambrain/contract/spaces.ts';
import type { BodyOf, QueryOf } from '@teambrain/contract/endpoint.ts';
import type { Access, Space } from '../../platform/access/access.ts';
import type { Actor } from '../../platform/core/actor.ts';
import type { Clock } from '../../platform/core/clock.ts';
import { decodeCursor, toPage } from '../../platform/core/cursor.ts';
import { hashOf, newId } from '../../platform/core/id.ts';
import { hashPassword, verifyPassword } from '../../platform/core/password.ts';
import { fieldProblem, problem } from '../../platform/core/problem.ts';
import type { Log } from '../../platform/core/log.ts';
import { insertAudit } from '../../platform/db/audit.ts';
import type { Database, Executor } from '../../platform/db/database.ts';
import type { EventWriter } from '../../platform/events/write.ts';
import type { Limits } from '../../platform/ports/limits.ts';
import * as store from './spaces.store.ts';

export interface SpacesDependencies {
  db: Database;
  access: Access;
  write: EventWriter;
  limits: Limits;
  clock: Clock;
  log: Log;
  /** Tells open windows that a space is gone. */
  onDeleted(spaceId: string): void;
}

export interface RemovalOptions {
  by?: Actor;
  isToStay?(tx: Executor): Promise<boolean>;
}

export type Spaces = ReturnType<typeof createSpaces>;

/** Spaces themselves: browse, create, settings, join and leave. Members are in spaces.members.ts. */
export function createSpaces(deps: SpacesDependencies) {
  const { db, access, write, limits, clock, log } = deps;

  async function view(actor: Actor, id: string): Promise<contract.Space> {
    const space = await store.findSpace(db, actor, id);
    if (!space) throw problem('not-found');
    return space;
  }

  async function requirePassword(space: Space, password: string): Promise<string | null> {
    const tries = [
      ['join-person', space.actor.userId],
      ['join-space', space.id],
    ] as const;
    for (const [policy, key] of tries) {
      const state = await limits.take(policy, key);
      if (!state.isAllowed) throw problem('too-many-requests', { retryAfter: state.resetSeconds });
    }
    const hash = await store.findPasswordHash(db, space);
    if (await verifyPassword(hash, password)) {
      for (const [policy, key] of tries) await limits.giveBack(policy, key);
      return hash;
    }
    await noteWrongPassword(space);
    throw fieldProblem('wrong-password', '/password', 'This is not the password of the space');
  }

  /** At so many wrong passwords within an hour, whoever tried them, those who manage are told. */
  async function noteWrongPassword(space: Space): Promise<void> {
    const { isAllowed, remaining } = await limits.take('join-guesses', space.id);
    if (!isAllowed || remaining > 0) return;
    const at = clock.now();
    await db.transaction(async (tx) => {
      await store.markGuessed(tx, space, at);
      await insertAudit(tx, {
        id: newId(),
        at,
        action: 'space.password-guessed',
        subjectId: space.id,
      });
    });
    log.warn({ space: space.id }, 'many wrong passwords at a space; its managers are told');
  }

  return {
    async list(actor: Actor, query: QueryOf<typeof contract.listSpaces>) {
      const limit = query.limit ?? 50;
      const after = decodeCursor(query.after, 2) as [string, string] | undefined;
      const rows = await store.listSpaces(db, actor, {
        limit: limit + 1,
        ...(query.query ? { query: query.query } : {}),
        ...(query.joined ? { joined: query.joined === 'true' } : {}),
        ...(after ? { after } : {}),
      });
      const { items, next } = toPage(rows, limit, ({ key, space }) => [key, space.id]);
      return { items: items.map(({ space }) => space), next };
    },

    find: view,

    /**
     * The same id and content again gives its creator the space there is, as long as they belong to
     * it. The password says nothing then: it is compared with none, which would tell the present one.
     * @throws invalid-request (protected without a password, or public with one), id-taken
     */
    async create(actor: Actor, body: BodyOf<typeof contract.createSpace>): Promise<contract.Space> {
      const { id = newId(), visibility, password } = body;
      const name = body.name.trim();
      if ((visibility === 'protected') !== (password !== undefined)) {
        const detail = password ? 'A public space has no password' : 'Choose a password';
        throw fieldProblem('invalid-request', '/password', detail);
      }
      const description = body.description ?? '';
      // Without the password, which a fast hash would give away.
      const requestHash = hashOf([name, description, visibility]);
      const row = {
        id,
        name,
        description,
        visibility,
        passwordHash: password === undefined ? null : await hashPassword(password),
        createdBy: actor.userId,
        requestHash,
        createdAt: clock.now(),
      };
      if (await found(actor, row)) return view(actor, id);
      const isSame = await store.isCreation(db, actor, { id, requestHash });
      const space = isSame ? await view(actor, id) : null;
      if (!space?.role) throw problem('id-taken');
      return space;
    },

    async update(space: Space<'manage'>, body: BodyOf<typeof contract.updateSpace>) {
      const { name, description, password, everyoneJoinsAnew = false } = body;
      if ((password !== undefined || everyoneJoinsAnew) && space.visibility === 'public') {
        throw fieldProblem('invalid-request', '/password', 'A public space has no password');
      }
      const passwordHash = password === undefined ? undefined : await hashPassword(password);
      await write(space, async ({ tx, next, record }) => {
        await next();
        const change = {
          ...(name === undefined ? {} : { name: name.trim() }),
          ...(description === undefined ? {} : { description }),
          ...(passwordHash === undefined ? {} : { passwordHash, guessedAt: null }),
        };
        if (Object.keys(change).length > 0) await store.updateSpace(tx, space, change);
        const after = await store.findSpace(tx, space.actor, space.id);
        const subject = { id: space.id, version: 1 };
        if (name !== undefined || description !== undefined) {
          await record(contract.spaceUpdated, subject, {
            name: after?.name ?? '',
            description: after?.description ?? '',
          });
        }
        if (everyoneJoinsAnew) await store.removeAllButOwners(tx, space);
        if (passwordHash !== undefined || everyoneJoinsAnew) {
          await record(contract.spacePasswordChanged, subject, { everyoneJoinsAnew });
        }
      });
      return view(space.actor, space.id);
    },

    /** Takes the note down that the password was being guessed. */
    takeNote: (space: Space<'manage'>): Promise<void> =>
      store.updateSpace(db, space, { guessedAt: null }),

    /**
     * Deletes the space with all it holds; false if it is to stay, which is asked while nobody can
     * write there. `by` is who asked for it, if not the owner. @throws forbidden unless an owner does
     */
    async remove(
      space: Space<'manage'>,
      { by = space.actor, isToStay }: RemovalOptions = {},
    ): Promise<boolean> {
      if (space.role !== 'owner') throw problem('forbidden', { detail: 'Only an owner may' });
      const isRemoved = await db.transaction(async (tx) => {
        if (isToStay) {
          await store.lockSpace(tx, space);
          if (await isToStay(tx)) return false;
        }
        if (!(await store.removeSpace(tx, space))) throw problem('forbidden');
        await insertAudit(tx, {
          id: newId(),
          at: clock.now(),
          actorId: by.userId,
          action: 'space.deleted',
          subjectId: space.id,
        });
        return true;
      });
      if (isRemoved) deps.onDeleted(space.id);
      return isRemoved;
    },

    /** @throws wrong-password, too-many-requests; joining twice gives the membership there is */
    async join(actor: Actor, spaceId: string, password = ''): Promise<contract.Membership> {
      const space = await access.entrance(actor, spaceId);
      const existing = await store.findMember(db, space, actor.userId);
      if (existing) return existing;
      const isProtected = space.visibility === 'protected';
      const passwordHash = isProtected ? await requirePassword(space, password) : null;
      return addMember(space, passwordHash);
    },

    async leave(space: Space<'read'>): Promise<void> {
      const { userId } = space.actor;
      await write(space, async ({ tx, next, record }) => {
        await next();
        const member = await store.findMember(tx, space, userId);
        if (!member) throw problem('not-found', { detail: 'You have not joined this space' });
        const isLast = member.role === 'owner' && !(await store.hasOtherOwner(tx, space, userId));
        if (isLast) throw problem('last-owner');
        await store.removeMember(tx, space, userId);
        const subject = { id: userId, version: 1 };
        await record(contract.memberLeft, subject, { user: member.user });
      });
    },
  };

  /** The space, its owner and its first events at once; false if the id is in use. */
  function found(actor: Actor, row: Parameters<typeof store.insertSpace>[1]): Promise<boolean> {
    const { id, name, visibility } = row;
    const { userId } = actor;
    const user = { id: userId, name: actor.name };
    const space = access.founding(actor, { id, visibility });
    return write(space, async ({ tx, at, record }) => {
      if (!(await store.insertSpace(tx, row))) return false;
      await record(contract.spaceCreated, { id, version: 1 }, { name });
      await store.insertMember(tx, space, 'owner', at);
      await record(contract.memberJoined, { id: userId, version: 1 }, { user, role: 'owner' });
      return true;
    });
  }

  /** Writes the membership, unless the password was changed since it was compared. */
  async function addMember(
    space: Space,
    passwordHash: string | null,
  ): Promise<contract.Membership> {
    const { userId, name } = space.actor;
    const user = { id: userId, name };
    const role = 'member';
    return write(space, async ({ tx, at, next, record }) => {
      await next();
      const existing = await store.findMember(tx, space, userId);
      if (existing) return existing;
      if ((await store.findPasswordHash(tx, space)) !== passwordHash)
        throw problem('wrong-password');
      await store.insertMember(tx, space, role, at);
      await record(contract.memberJoined, { id: userId, version: 1 }, { user, role });
      return { user, role, joinedAt: at.toISOString() };
    });
  }
}
