import type { Session } from '@teambrain/contract/auth.ts';
import { holdSession } from '../../platform/access/hold-session.ts';
import type { Actor, Origin } from '../../platform/core/actor.ts';
import type { Clock } from '../../platform/core/clock.ts';
import { newId } from '../../platform/core/id.ts';
import { chain, type MaybePromise } from '../../platform/core/maybe-promise.ts';
import type { Names } from '../../platform/core/names.ts';
import { problem } from '../../platform/core/problem.ts';
import { insertAudit, type AuditAction } from '../../platform/db/audit.ts';
import type { Database, Tx } from '../../platform/db/database.ts';
import { ACCESS_SECONDS, type Tokens } from '../../platform/http/tokens.ts';
import type { Bus } from '../../platform/ports/bus.ts';
import type { Cache } from '../../platform/ports/cache.ts';
import * as store from './auth.store.ts';
import { judgeReuse } from './refresh-reuse.ts';

const STATE_TTL_MS = 5_000;
/** Less than a second: the end of a session is obeyed by then even if no word of it came. */
const COPY_MS = 800;

/** Statements of one pruning. */
const MAX_PRUNES = 100;

/** Topic on which ended sessions are told to sockets and other instances: `{ids}`. */
export const SESSIONS_ENDED = 'sessions.ended';

export interface SessionDependencies {
  db: Database;
  tokens: Tokens;
  cache: Cache;
  names: Names;
  bus: Bus;
  clock: Clock;
}

export type Sessions = ReturnType<typeof createSessions>;

/** Whose session is opened, and which password that rests on. */
type SignedInUser = Pick<store.UserRow, 'id' | 'passwordHash'>;

/** A session that was opened, before its tokens are handed out. */
interface OpenedSession {
  row: { id: string; userId: string; createdAt: Date };
  refreshToken: string;
  /** The oldest ones, which ended for being too many. */
  ended: string[];
}

/** What a session was found to be; `actor` is null once it ended. */
interface SessionState {
  actor: Actor | null;
}

/** Opens, continues and ends sessions, and knows at every request whether one lives. */
export function createSessions({ db, tokens, cache, names, bus, clock }: SessionDependencies) {
  async function load(sessionId: string): Promise<SessionState> {
    const row = await store.findLiveSession(db, sessionId, clock.now());
    if (!row) return { actor: null };
    const { id: userId, name, isAdministrator } = row.user;
    return { actor: { userId, name, isAdministrator, sessionId } };
  }

  /** Drops what is known of these sessions and has their sockets closed. */
  async function forget(ids: string[]): Promise<void> {
    await Promise.all(ids.map((id) => cache.drop(id)));
    if (ids.length > 0) await bus.publish(SESSIONS_ENDED, { ids });
  }

  /** An access token that does not outlive its session, and the cookie for files, which ends with it. */
  async function grant(session: { id: string; userId: string; createdAt: Date }) {
    const left = session.createdAt.getTime() + store.LIFE_MS - clock.now().getTime();
    const expiresIn = Math.max(1, Math.min(ACCESS_SECONDS, Math.floor(left / 1000)));
    const accessToken = await tokens.access(session.userId, session.id, expiresIn);
    return { accessToken, expiresIn, fileCookie: tokens.fileCookie(session.id) };
  }

  /** Ends sessions in a transaction that judges which, and forgets them once it is committed. */
  async function endIn(work: (tx: Tx, at: Date) => Promise<string[]>): Promise<number> {
    const ids = await db.transaction((tx) => work(tx, clock.now()));
    await forget(ids);
    return ids.length;
  }

  /** Ends sessions of the actor, who must be signed in until this is done. */
  function end(
    actor: Actor,
    which: { only: string } | 'all',
    action: AuditAction & store.EndReason,
    origin: Origin,
  ): Promise<number> {
    return endIn(async (tx, at) => {
      const { userId } = actor;
      await store.holdUser(tx, userId);
      await holdSession(tx, actor);
      const ids = await store.endSessions(tx, userId, which, { at, reason: action });
      const subjectId = which === 'all' ? userId : which.only;
      if (ids.length > 0) await insertAudit(tx, { action, at, actorId: userId, subjectId, origin });
      return ids;
    });
  }

  /** Ends a session by itself, as its holder leaves it; again is no error. */
  function leave(userId: string, sessionId: string, origin: Origin): Promise<number> {
    return endIn(async (tx, at) => {
      const end = { at, reason: 'logout' } as const;
      const ids = await store.endSessions(tx, userId, { only: sessionId }, end);
      const act = { action: 'logout', at, actorId: userId, subjectId: sessionId, origin } as const;
      if (ids.length > 0) await insertAudit(tx, act);
      return ids;
    });
  }

  /**
   * Opens a session of a user in a transaction. Null if the user's password is another one by now than
   * that with this hash, or the user was suspended. What it gives is for `conclude` after the commit.
   * @param action what the audit log calls it, unless that told of it already
   */
  async function openIn(
    tx: Tx,
    user: SignedInUser,
    origin: Origin,
    action: AuditAction | null = 'login.succeeded',
  ) {
    const refreshToken = tokens.firstRefresh();
    const at = clock.now();
    const { device, address } = origin;
    const row = { id: newId(), userId: user.id, device, address, createdAt: at, lastUsedAt: at };
    const tokenHash = tokens.hashRefresh(refreshToken);
    const { passwordHash } = user;
    const ended = await store.insertSession(tx, row, { tokenHash, passwordHash });
    if (!ended) return null;
    const detail = ended.length > 0 ? 'the oldest session ended' : undefined;
    const act = { at, actorId: user.id, subjectId: row.id, detail, origin };
    if (action) await insertAudit(tx, { action, ...act });
    return { row, refreshToken, ended };
  }

  /** The access token and the first refresh token of a session that was opened. */
  async function conclude({ row, refreshToken, ended }: OpenedSession) {
    await forget(ended);
    return { ...(await grant(row)), refreshToken };
  }

  return {
    openIn,
    conclude,

    /** As `openIn`, in a transaction of its own. */
    async open(user: SignedInUser, origin: Origin) {
      const opened = await db.transaction((tx) => openIn(tx, user, origin));
      return opened && conclude(opened);
    },

    /** The actor of a valid access token whose session lives, and when the token ends. */
    authenticate(token: string): MaybePromise<{ actor: Actor; expires: Date } | null> {
      return chain(tokens.verify(token), (claims) => {
        if (!claims) return null;
        const { sessionId, userId, expires } = claims;
        const read = () => load(sessionId);
        // Under its bare id: no string to put together and hash for every request.
        const state = cache.load(sessionId, STATE_TTL_MS, read, COPY_MS);
        return chain(state, ({ actor }) => (actor?.userId === userId ? { actor, expires } : null));
      });
    },

    /** The actor of a cookie for files whose session lives. */
    authenticateFiles(cookie: string): MaybePromise<Actor | null> {
      const sessionId = tokens.sessionOfFiles(cookie);
      if (sessionId === null) return null;
      const state = cache.load(sessionId, STATE_TTL_MS, () => load(sessionId), COPY_MS);
      return chain(state, ({ actor }) => actor);
    },

    /** Those of the sessions that do not live in the database any more, e.g. to close their sockets. */
    async findEnded(ids: readonly string[]): Promise<string[]> {
      const live = new Set(await store.listLiveIds(db, ids, clock.now()));
      return ids.filter((id) => !live.has(id));
    },

    /**
     * Rotates a refresh token (RFC 9700 §4.14). The immediate predecessor of an unused token gets
     * the same successor again. Any older one comes from a tab that raced with others, for the first
     * ten seconds; after them the token was copied, which ends the session (decision 22).
     * @throws session-ended, retry (nothing happened: ask with the cookie there is now)
     */
    async refresh(token: string, origin: Origin) {
      const hash = tokens.hashRefresh(token);
      const nextToken = tokens.nextRefresh(token);
      const nextHash = tokens.hashRefresh(nextToken);
      const at = clock.now();
      const outcome = await db.transaction(async (tx) => {
        const fresh = await store.useRefreshToken(tx, hash, at);
        const row = fresh ?? (await store.findRefreshToken(tx, hash));
        const live = row && (await store.findLiveSession(tx, row.sessionId, at));
        if (!live) return null;
        const { session, user } = live;
        if (fresh) {
          await store.insertRefreshToken(tx, session.id, row.generation + 1, nextHash, at);
          await store.touchSession(tx, session.id, at);
          return { session, user, verdict: 'good' } as const;
        }
        const verdict = judgeReuse(row, await store.findRefreshToken(tx, nextHash), at);
        if (verdict === 'reuse') await endForReuse(tx, session, at, origin);
        return { session, user, verdict };
      });
      if (!outcome) throw problem('session-ended');
      const { session, user, verdict } = outcome;
      if (verdict === 'retry') throw problem('retry');
      if (verdict === 'reuse') {
        await forget([session.id]);
        throw problem('session-ended');
      }
      const access = await grant(session);
      return { user: store.toUser(user), ...access, refreshToken: nextToken };
    },

    /** Ends the session a refresh token belongs to, if it is one. */
    async leaveByRefreshToken(token: string, origin: Origin): Promise<void> {
      const row = await store.findRefreshToken(db, tokens.hashRefresh(token));
      const live = row && (await store.findLiveSession(db, row.sessionId, clock.now()));
      if (live) await leave(live.user.id, live.session.id, origin);
    },

    leave,
    end,
    forget,

    /** Removes what is left of sessions that ended long ago; at most so much at a time. */
    async prune(): Promise<void> {
      const at = clock.now();
      for (let n = 0; n < MAX_PRUNES && (await store.pruneSessions(db, at)) > 0; n += 1);
    },

    async list(actor: Actor): Promise<{ items: Session[]; next: null }> {
      const rows = await store.listLiveSessions(db, actor.userId, clock.now());
      return {
        items: rows.map((row) => ({
          id: row.id,
          isCurrent: row.id === actor.sessionId,
          device: row.device,
          address: row.address,
          createdAt: row.createdAt.toISOString(),
          lastUsedAt: row.lastUsedAt.toISOString(),
        })),
        next: null,
      };
    },

    /** Makes a changed profile show in requests that follow. */
    async refreshProfile(sessionId: string): Promise<void> {
      await Promise.all([cache.drop(sessionId), names.changed()]);
    },
  };
}

/** A copied token: who holds the other one is shut out as well. */
async function endForReuse(
  tx: Tx,
  { id, userId }: store.SessionRow,
  at: Date,
  origin: Origin,
): Promise<void> {
  const ended = await store.endSessions(tx, userId, { only: id }, { at, reason: 'reuse' });
  if (ended.length === 0) return;
  const action = 'session.reuse-detected';
  await insertAudit(tx, { action, at, actorId: userId, subjectId: id, origin });
}
