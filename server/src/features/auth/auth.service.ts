import type { SignedIn, User } from '@teambrain/contract/auth.ts';
import type { Instance } from '@teambrain/contract/instance.ts';
import { version } from '../../platform/core/version.ts';
import type { Actor, Origin } from '../../platform/core/actor.ts';
import type { Clock } from '../../platform/core/clock.ts';
import { newId } from '../../platform/core/id.ts';
import { hashPassword, needsRehash, verifyPassword } from '../../platform/core/password.ts';
import { fieldProblem, problem } from '../../platform/core/problem.ts';
import { violatedConstraint, type Database } from '../../platform/db/database.ts';
import { addressKey } from '../../platform/http/address.ts';
import type { Limits } from '../../platform/ports/limits.ts';
import * as store from './auth.store.ts';
import type { Sessions } from './sessions.service.ts';

export interface AuthDependencies {
  db: Database;
  sessions: Sessions;
  limits: Limits;
  clock: Clock;
  signUp: 'open' | 'closed';
}

/** A sign-in with the refresh token that goes into the cookie. */
type Opened = SignedIn & { refreshToken: string };

export type Auth = ReturnType<typeof createAuth>;

/** Accounts: register, log in, profile and password. */
export function createAuth({ db, sessions, limits, clock, signUp }: AuthDependencies) {
  /** @throws wrong-credentials when the password was changed while it was being compared */
  async function open(user: store.UserRow, origin: Origin): Promise<Opened> {
    const opened = await sessions.open(user, origin);
    if (!opened) throw problem('wrong-credentials');
    return { user: store.toUser(user), ...opened };
  }

  /** The user with this password. @throws wrong-credentials, after the same time for any reason */
  async function requireUser(account: string, password: string): Promise<store.UserRow> {
    const user = await store.findUserByEmail(db, account);
    const usable = user && !user.suspendedAt ? user.passwordHash : null;
    if (!(await verifyPassword(usable, password)) || !user) throw problem('wrong-credentials');
    if (!usable || !needsRehash(usable)) return user;
    await store.replacePasswordHash(db, user.id, usable, await hashPassword(password));
    return requireUser(account, password);
  }

  async function create(input: { email: string; name: string; passwordHash: string }) {
    const createdAt = clock.now();
    try {
      return await db.transaction(async (tx) => {
        const isAdministrator = await store.claimSetUp(tx, createdAt);
        if (!isAdministrator && signUp === 'closed') throw problem('sign-up-closed');
        return store.insertUser(tx, { id: newId(), ...input, isAdministrator, createdAt });
      });
    } catch (error) {
      if (violatedConstraint(error) !== 'users_email') throw error;
      throw fieldProblem('email-taken', '/email', 'An account with this e-mail exists');
    }
  }

  return {
    async instance(): Promise<Instance> {
      return { name: 'TeamBrain', version, isEmpty: !(await store.findSetUp(db)), signUp };
    },

    /** @throws email-taken, sign-up-closed */
    async register(
      { email, name, password }: { email: string; name: string; password: string },
      origin: Origin,
    ): Promise<Opened> {
      const passwordHash = await hashPassword(password);
      return open(await create({ email: email.trim(), name: name.trim(), passwordHash }), origin);
    },

    /**
     * One answer and one duration for an unknown account, a wrong password and a suspended user.
     * Guesses are counted per account; the wait grows, and a right password clears the count.
     */
    async login(
      { email, password }: { email: string; password: string },
      origin: Origin,
    ): Promise<Opened> {
      const account = email.trim().toLowerCase();
      // Per account and address: guessing from elsewhere does not shut the owner out.
      const key = `${account}|${addressKey(origin.address)}`;
      const state = await limits.take('login-account', key);
      if (!state.isAllowed) throw problem('too-many-requests', { retryAfter: state.resetSeconds });
      const user = await requireUser(account, password);
      await limits.forgive('login-account', key);
      return open(user, origin);
    },

    async me(actor: Actor): Promise<User> {
      const user = await store.findUser(db, actor.userId);
      if (!user) throw problem('session-ended');
      return store.toUser(user);
    },

    async updateMe(actor: Actor, change: { name?: string }): Promise<User> {
      const name = change.name?.trim();
      const user = await store.updateUser(db, actor.userId, name === undefined ? {} : { name });
      if (!user) throw problem('session-ended');
      await sessions.refreshProfile(actor.sessionId);
      return store.toUser(user);
    },

    /** Changes the password and ends every other session. @throws wrong-password */
    async changePassword(actor: Actor, input: { current: string; password: string }) {
      const user = await store.findUser(db, actor.userId);
      if (!(await verifyPassword(user?.passwordHash ?? null, input.current))) {
        throw fieldProblem('wrong-password', '/current', 'This is not your current password');
      }
      await store.updateUser(db, actor.userId, {
        passwordHash: await hashPassword(input.password),
      });
      const endedSessions = await sessions.end(
        actor.userId,
        { except: actor.sessionId },
        'password-change',
      );
      return { endedSessions };
    },

    /**
     * An author who came with an import: has a name, cannot log in. The same id again gives the
     * author there is, so that an import can go on where it stopped.
     */
    async createImported(name: string, id = newId()): Promise<Actor> {
      const user = await store.findUser(db, id);
      return asActor(user ?? (await store.insertUser(db, { id, name, createdAt: clock.now() })));
    },

    async isImported(id: string): Promise<boolean> {
      return (await store.findUser(db, id))?.email === null;
    },

    /** Removes those of them that came with an import and to whom nothing refers. */
    removeImported: (ids: readonly string[]): Promise<void> => store.removeImported(db, ids),

    /** The first administrator as actor, for command-line tools; null on an empty instance. */
    async administrator(): Promise<Actor | null> {
      const user = await store.findAdministrator(db);
      return user && asActor(user);
    },
  };
}

const asActor = (user: store.UserRow): Actor => ({
  userId: user.id,
  name: user.name,
  isAdministrator: user.isAdministrator,
  sessionId: newId(),
});
