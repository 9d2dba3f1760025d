import * as contract from '@teambrain/contract/spaces.ts';
import { holdSession } from '../../platform/access/hold-session.ts';
import type { Access, Space } from '../../platform/access/access.ts';
import type { Actor, Origin } from '../../platform/core/actor.ts';
import type { Clock } from '../../platform/core/clock.ts';
import type { Log } from '../../platform/core/log.ts';
import { verifyPassword } from '../../platform/core/password.ts';
import { fieldProblem, problem } from '../../platform/core/problem.ts';
import { insertAudit } from '../../platform/db/audit.ts';
import type { Database } from '../../platform/db/database.ts';
import type { EventWriter } from '../../platform/events/write.ts';
import type { Limits } from '../../platform/ports/limits.ts';
import { actOn } from './spaces.acts.ts';
import * as memberStore from './spaces.members.store.ts';
import * as store from './spaces.store.ts';

export interface JoiningDependencies {
  db: Database;
  access: Access;
  write: EventWriter;
  limits: Limits;
  clock: Clock;
  log: Log;
}

/** Coming into a space and leaving it. */
export function createJoining({ db, access, write, limits, clock, log }: JoiningDependencies) {
  /**
   * Counts a try of a space's password, of the person and of the space; where the space's tries are used
   * up, those without another wrong one have a reserve, so that nobody can keep newcomers out. Gives
   * what takes it back. @throws too-many-requests
   */
  async function countTry({ id, actor: { userId } }: Space): Promise<() => Promise<void>> {
    const own = await limits.take('join-person', userId);
    let state = own;
    let policy: 'join-space' | 'join-first' = 'join-space';
    if (own.isAllowed) {
      state = await limits.take(policy, id);
      const isFirst = own.remaining === own.quota - 1;
      if (!state.isAllowed && isFirst) state = await limits.take((policy = 'join-first'), id);
      // It was not tried: the next time may be the first again.
      if (!state.isAllowed) await limits.giveBack('join-person', userId);
    }
    if (!state.isAllowed) throw problem('too-many-requests', { retryAfter: state.resetSeconds });
    return async () => {
      await limits.giveBack('join-person', userId);
      await limits.giveBack(policy, id);
    };
  }

  /** The hash that the password fits. Only wrong ones count. @throws wrong-password, too-many-requests */
  async function requirePassword(space: Space, password: string): Promise<string | null> {
    const takeBack = await countTry(space);
    const hash = await store.findPasswordHash(db, space);
    if (await verifyPassword(hash, password)) {
      await takeBack();
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
      const subject = { subjectId: space.id, spaceId: space.id };
      await insertAudit(tx, { action: 'space.password-guessed', at, ...subject });
    });
    log.warn({ space: space.id }, 'many wrong passwords at a space; its managers are told');
  }

  /** Writes the membership, unless the password was changed since it was compared. */
  async function addMember(
    space: Space,
    passwordHash: string | null,
    origin?: Origin,
  ): Promise<contract.Membership> {
    const { userId, name } = space.actor;
    const user = { id: userId, name };
    const role = 'member';
    return write(space, async ({ tx, at, next, record }) => {
      await holdSession(tx, space.actor);
      const seq = await next();
      const existing = await memberStore.findMember(tx, space, userId);
      if (existing) return existing;
      if ((await store.findPasswordHash(tx, space)) !== passwordHash)
        throw problem('wrong-password');
      await memberStore.insertMember(tx, space, { role, at, seq });
      await record(contract.memberJoined, { id: userId, version: 1 }, { user, role });
      await insertAudit(tx, actOn(space, { action: 'member.joined', at, userId, origin }));
      return { user, role, joinedAt: at.toISOString() };
    });
  }

  return {
    /** @throws wrong-password, too-many-requests; joining twice gives the membership there is */
    async join(
      actor: Actor,
      spaceId: string,
      password = '',
      origin?: Origin,
    ): Promise<contract.Membership> {
      const space = await access.entrance(actor, spaceId);
      const existing = await memberStore.findMember(db, space, actor.userId);
      if (existing) return existing;
      const isProtected = space.visibility === 'protected';
      const passwordHash = isProtected ? await requirePassword(space, password) : null;
      return addMember(space, passwordHash, origin);
    },

    async leave(space: Space<'read'>, origin?: Origin): Promise<void> {
      const { userId } = space.actor;
      await write(space, async ({ tx, at, next, record }) => {
        await holdSession(tx, space.actor);
        await next();
        const member = await memberStore.findMember(tx, space, userId);
        if (!member) throw problem('not-found', { detail: 'You have not joined this space' });
        const isLast =
          member.role === 'owner' && !(await memberStore.hasOtherOwner(tx, space, userId));
        if (isLast) throw problem('last-owner');
        await memberStore.removeMember(tx, space, userId);
        const subject = { id: userId, version: 1 };
        await record(contract.memberLeft, subject, { user: member.user });
        await insertAudit(tx, actOn(space, { action: 'member.left', at, userId, origin }));
      });
    },
  };
}
