import type { SignedIn, User } from '@teambrain/contract/auth.ts';
import type { Instance } from '@teambrain/contract/instance.ts';
import { holdSession } from '../../platform/access/hold-session.ts';
import { version } from '../../platform/core/version.ts';
import type { Actor, Origin } from '../../platform/core/actor.ts';
import type { Clock } from '../../platform/core/clock.ts';
import { newId } from '../../platform/core/id.ts';
import { checkPassword, hashPassword } from '../../platform/core/password.ts';
import { requireGoodPassword } from '../../platform/core/password-rules.ts';
import { fieldProblem, problem } from '../../platform/core/problem.ts';
import { insertAudit } from '../../platform/db/audit.ts';
import { violatedConstraint, type Database } from '../../platform/db/database.ts';
import { addressKey } from '../../platform/http/address.ts';
import type { Attempts } from './auth.attempts.ts';
import * as store from './auth.store.ts';
import type { KnownDevices } from './known-devices.ts';
import type { Sessions } from './sessions.service.ts';

export interface AuthDependencies {
  db: Database;
  sessions: Sessions;
  attempts: Attempts;
  devices: KnownDevices;
  clock: Clock;
  signUp: 'open' | 'closed';
}

/** A sign-in with the refresh token that goes into the cookie. */
type Opened = SignedIn & { refreshToken: string };

export type Auth = ReturnType<typeof createAuth>;

const wordsOf = ({ name, email }: { name: string; email: string | null }) => ({
  'your name': name,
  'your e-mail address': email?.split('@')[0] ?? '',
});

/** Accounts: register, log in, profile and password. */
export function createAuth(deps: AuthDependencies) {
  const { db, sessions, attempts, devices, clock, signUp } = deps;

  /** @throws wrong-credentials when the password was changed while it was being compared */
  async function open(
    user: store.UserRow,
    origin: Origin,
    action?: Parameters<Sessions['open']>[2],
  ): Promise<Opened> {
    const opened = await sessions.open(user, origin, action);
    if (!opened) throw problem('wrong-credentials');
    return { user: store.toUser(user), ...opened };
  }

  /** The user, if this is the password; null after the same time for any reason. */
  async function withPassword(
    user: store.UserRow | null,
    password: string,
  ): Promise<store.UserRow | null> {
    const usable = user && !user.suspendedAt ? user.passwordHash : null;
    const verdict = await checkPassword(usable, password);
    if (verdict === 'wrong' || !user) return null;
    if (verdict === 'right') return user;
    return store.replacePasswordHash(db, user, await hashPassword(password));
  }

  async function create(
    input: { email: string; name: string; passwordHash: string },
    origin: Origin,
  ): Promise<store.UserRow> {
    const createdAt = clock.now();
    try {
      return await db.transaction(async (tx) => {
        const isAdministrator = await store.claimSetUp(tx, createdAt);
        if (!isAdministrator && signUp === 'closed') throw problem('sign-up-closed');
        const row = { id: newId(), ...input, isAdministrator, createdAt };
        const user = await store.insertUser(tx, row);
        const act = { action: 'account.registered', at: createdAt, actorId: row.id } as const;
        await insertAudit(tx, { ...act, subjectId: row.id, origin });
        return user;
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

    /** @throws weak-password, email-taken, sign-up-closed */
    async register(
      input: { email: string; name: string; password: string },
      origin: Origin,
    ): Promise<Opened> {
      const email = input.email.trim();
      const name = input.name.trim();
      requireGoodPassword(input.password, wordsOf({ name, email }));
      const passwordHash = await hashPassword(input.password);
      return open(await create({ email, name, passwordHash }, origin), origin, null);
    },

    /**
     * One answer and one duration for an unknown account, a wrong password and a suspended user.
     * Guesses are counted per account; the wait grows, and a right password clears the count.
     * @param deviceCookie what this browser holds of the accounts that signed in to it
     */
    async login(
      { email, password }: { email: string; password: string },
      origin: Origin,
      deviceCookie: string | null,
    ): Promise<Opened> {
      const account = email.trim().toLowerCase();
      const known = await store.findUserByEmail(db, account);
      const device = devices.find(deviceCookie, known?.id ?? '');
      // Per account and place: guessing from elsewhere does not shut the owner out.
      const place = device === null ? addressKey(origin.address) : `browser ${device}`;
      const attempt = await attempts.begin(account, place, { isKnown: device !== null });
      const user = await withPassword(known, password);
      if (!user) {
        const act = { action: 'login.failed', at: clock.now(), subjectId: known?.id } as const;
        await insertAudit(db, { ...act, origin });
        throw problem('wrong-credentials');
      }
      await attempt.wasRight();
      return open(user, origin);
    },

    async me(actor: Actor): Promise<User> {
      const user = await store.findUser(db, actor.userId);
      if (!user) throw problem('session-ended');
      return store.toUser(user);
    },

    /** @throws conflict when the name was changed at the same moment */
    async updateMe(actor: Actor, change: { name?: string }, origin: Origin): Promise<User> {
      const before = await store.findUser(db, actor.userId);
      const name = change.name?.trim() ?? before?.name;
      const user = await db.transaction(async (tx) => {
        const now = await store.holdUser(tx, actor.userId);
        await holdSession(tx, actor);
        if (!now || name === undefined || now.name === name) return now;
        if (now.name !== before?.name) {
          throw problem('conflict', { detail: 'The name was changed at the same moment' });
        }
        const act = { action: 'account.renamed', at: clock.now(), actorId: now.id } as const;
        await insertAudit(tx, { ...act, subjectId: now.id, origin });
        return store.updateUser(tx, now.id, { name });
      });
      if (!user) throw problem('session-ended');
      await sessions.refreshProfile(actor.sessionId);
      return store.toUser(user);
    },

    /**
     * Changes the password and ends every other session. Of several changes at the same moment one
     * takes effect. @throws weak-password, wrong-password, too-many-requests, conflict
     */
    async changePassword(
      actor: Actor,
      input: { current: string; password: string },
      origin: Origin,
    ): Promise<{ endedSessions: number }> {
      const before = await store.findUser(db, actor.userId);
      if (!before) throw problem('session-ended');
      requireGoodPassword(input.password, wordsOf(before));
      // Who took over a session guesses as slowly as at the log-in, and shuts out this session alone.
      const place = `session ${actor.sessionId}`;
      const attempt = await attempts.begin(actor.userId, place, { isKnown: true });
      if ((await checkPassword(before.passwordHash, input.current)) === 'wrong') {
        throw fieldProblem('wrong-password', '/current', 'This is not your current password');
      }
      await attempt.wasRight();
      const passwordHash = await hashPassword(input.password);
      const at = clock.now();
      const ended = await db.transaction(async (tx) => {
        const now = await store.holdUser(tx, actor.userId);
        await holdSession(tx, actor);
        if (now?.passwordHash !== before.passwordHash) {
          const detail = 'Your password was changed at the same moment; sign in with the new one';
          throw problem('conflict', { detail });
        }
        await store.updateUser(tx, actor.userId, { passwordHash });
        const others = { except: actor.sessionId };
        const end = { at, reason: 'password-change' } as const;
        const ids = await store.endSessions(tx, actor.userId, others, end);
        const act = { action: 'account.password-changed', at, actorId: actor.userId } as const;
        await insertAudit(tx, { ...act, subjectId: actor.userId, origin });
        return ids;
      });
      await sessions.forget(ended);
      return { endedSessions: ended.length };
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
  sessionId: '',
});
