import type { SignedIn, User } from '@teambrain/contract/auth.ts';
import type { Instance } from '@teambrain/contract/instance.ts';
import { holdSession } from '../../platform/access/hold-session.ts';
import { version } from '../../platform/core/version.ts';
import type { Actor, Origin } from '../../platform/core/actor.ts';
import type { Clock } from '../../platform/core/clock.ts';
import { newId } from '../../platform/core/id.ts';
import { checkPassword, hashPassword } from '../../platform/core/password.ts';
import { requireGoodPassword } from '../../platform/core/password-rules.ts';
import { fieldProblem, problem, ProblemError } from '../../platform/core/problem.ts';
import { insertAudit } from '../../platform/db/audit.ts';
import { violatedConstraint, type Database } from '../../platform/db/database.ts';
import type { Attempts } from './auth.attempts.ts';
import { createProof, type Credentials } from './auth.proof.ts';
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

/** How long after it was made an account may be registered again in the same words. */
const REPEAT_MS = 3_600_000;

/** A sign-in with the refresh token that goes into the cookie. */
type Opened = SignedIn & { refreshToken: string; fileCookie: string };

export type Auth = ReturnType<typeof createAuth>;

const wordsOf = ({ name, email }: { name: string; email: string | null }) => ({
  'your name': name,
  'your e-mail address': email?.split('@')[0] ?? '',
});

/** Accounts: register, log in, profile and password. */
export function createAuth(deps: AuthDependencies) {
  const { db, sessions, attempts, clock, signUp } = deps;
  const prove = createProof(deps);

  /** @throws wrong-credentials when the password was changed while it was being compared */
  async function open(user: store.UserRow, origin: Origin): Promise<Opened> {
    const opened = await sessions.open(user, origin);
    if (!opened) throw problem('wrong-credentials');
    return { user: store.toUser(user), ...opened };
  }

  /** Account, first session and audit row, or none of them. @throws email-taken, sign-up-closed */
  async function create(
    input: { email: string; name: string; passwordHash: string },
    origin: Origin,
  ): Promise<Opened> {
    const createdAt = clock.now();
    try {
      const { user, opened } = await db.transaction(async (tx) => {
        const isAdministrator = await store.claimSetUp(tx, createdAt);
        if (!isAdministrator && signUp === 'closed') throw problem('sign-up-closed');
        const row = { id: newId(), ...input, isAdministrator, createdAt };
        const user = await store.insertUser(tx, row);
        const act = { action: 'account.registered', at: createdAt, actorId: row.id } as const;
        await insertAudit(tx, { ...act, subjectId: row.id, origin });
        const opened = await sessions.openIn(tx, user, origin, null);
        if (!opened) throw new Error('a new account has another password');
        return { user, opened };
      });
      return { user: store.toUser(user), ...(await sessions.conclude(opened)) };
    } catch (error) {
      if (violatedConstraint(error) !== 'users_email') throw error;
      throw fieldProblem('email-taken', '/email', 'An account with this e-mail exists');
    }
  }

  return {
    async instance(): Promise<Instance> {
      return { name: 'TeamBrain', version, isEmpty: !(await store.findSetUp(db)), signUp };
    },

    /**
     * An account and its first session. Who registers again in the same words shortly after, because
     * no answer came, is signed in to the account there is by its password, as at the log-in.
     * @throws weak-password, email-taken, sign-up-closed, too-many-requests
     */
    async register(
      input: { email: string; name: string; password: string },
      origin: Origin,
      deviceCookie: string | null,
    ): Promise<Opened> {
      const [email, name] = [input.email.trim(), input.name.trim()];
      const { password } = input;
      requireGoodPassword(password, wordsOf({ name, email }));
      const passwordHash = await hashPassword(password);
      try {
        return await create({ email, name, passwordHash }, origin);
      } catch (error) {
        if (!isRefusal(error)) throw error;
        const known = await store.findUserByEmail(db, email);
        const since = clock.now().getTime() - REPEAT_MS;
        if (known?.name !== name || known.createdAt.getTime() < since) throw error;
        const user = await prove(known, { email, password, deviceCookie }, origin);
        if (!user) throw error;
        return open(user, origin);
      }
    },

    /**
     * One answer and one duration for an unknown account, a wrong password and a suspended user.
     * Guesses are counted per account; the wait grows, and a right password clears the count.
     */
    async login(credentials: Credentials, origin: Origin): Promise<Opened> {
      const email = credentials.email.trim();
      const known = await store.findUserByEmail(db, email);
      const user = await prove(known, { ...credentials, email }, origin);
      if (!user) throw problem('wrong-credentials');
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

/** No account was made, as there is one or may be no more. */
const isRefusal = (error: unknown): boolean =>
  error instanceof ProblemError && ['email-taken', 'sign-up-closed'].includes(error.code);

const asActor = (user: store.UserRow): Actor => ({
  userId: user.id,
  name: user.name,
  isAdministrator: user.isAdministrator,
  sessionId: '',
});
