import type { Session } from '@teambrain/contract/auth.ts';
import type { Actor, Origin } from '../../platform/core/actor.ts';
import type { Clock } from '../../platform/core/clock.ts';
import { newId } from '../../platform/core/id.ts';
import { chain, type MaybePromise } from '../../platform/core/maybe-promise.ts';
import type { Names } from '../../platform/core/names.ts';
import { problem } from '../../platform/core/problem.ts';
import { insertAudit } from '../../platform/db/audit.ts';
import type { Database } from '../../platform/db/database.ts';
import { ACCESS_SECONDS, type Tokens } from '../../platform/http/tokens.ts';
import type { Bus } from '../../platform/ports/bus.ts';
import type { Cache } from '../../platform/ports/cache.ts';
import * as store from './auth.store.ts';

/** A retried refresh (lost answer, second tab) gets the same successor for this long. */
const RETRY_MS = 5 * 60_000;
/** For this long after its first use a token may still be on its way from other tabs. */
const RACE_MS = 10_000;
/** A refresh token unused for this long is no good any more. */
const IDLE_MS = 30 * 24 * 3_600_000;
const STATE_TTL_MS = 5_000;
/** Less than a second: the end of a session is obeyed by then even if no word of it came. */
const COPY_MS = 800;

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

/** What a session was found to be; `actor` is null once it ended. */
interface SessionState {
  actor: Actor | null;
}

/** Opens, continues and ends sessions, and knows at every request whether one stands. */
export function createSessions({ db, tokens, cache, names, bus, clock }: SessionDependencies) {
  async function load(sessionId: string): Promise<SessionState> {
    const row = await store.findLiveSession(db, sessionId);
    if (!row) return { actor: null };
    const { id: userId, name, isAdministrator } = row.user;
    return { actor: { userId, name, isAdministrator, sessionId } };
  }

  /** Drops what is known of these sessions and has their sockets closed. */
  async function forget(ids: string[]): Promise<void> {
    await Promise.all(ids.map((id) => cache.drop(id)));
    if (ids.length > 0) await bus.publish(SESSIONS_ENDED, { ids });
  }

  async function grant(userId: string, sessionId: string) {
    return { accessToken: await tokens.access(userId, sessionId), expiresIn: ACCESS_SECONDS };
  }

  async function end(
    userId: string,
    which: Parameters<typeof store.endSessions>[2],
    reason: string,
  ): Promise<number> {
    const ids = await store.endSessions(db, userId, which, { at: clock.now(), reason });
    await forget(ids);
    return ids.length;
  }

  return {
    /**
     * Opens a session of a user: an access token and the first refresh token. Null if the user's
     * password is another one by now than that with this hash, or the user was suspended.
     */
    async open(user: { id: string; passwordHash: string | null }, origin: Origin) {
      const id = newId();
      const refreshToken = tokens.firstRefresh();
      const at = clock.now();
      const { device, address } = origin;
      const row = { id, userId: user.id, device, address, createdAt: at, lastUsedAt: at };
      const hashes = {
        tokenHash: tokens.hashRefresh(refreshToken),
        passwordHash: user.passwordHash,
      };
      const isOpen = await db.transaction((tx) => store.insertSession(tx, row, hashes));
      return isOpen ? { ...(await grant(user.id, id)), refreshToken } : null;
    },

    /** The actor of a valid access token whose session stands, and when the token ends. */
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

    /** Those of the sessions that do not stand in the database any more, e.g. to close their sockets. */
    async findEnded(ids: readonly string[]): Promise<string[]> {
      const live = new Set(await store.listLiveIds(db, ids));
      return ids.filter((id) => !live.has(id));
    },

    /**
     * Rotates a refresh token (RFC 9700 §4.14). The immediate predecessor of an unused token gets
     * the same successor again. Any older one comes from a tab that raced with others, for the first
     * ten seconds; after them the token was copied, which ends the session (decision 22).
     * @throws session-ended, retry (nothing happened: ask with the cookie there is now)
     */
    async refresh(token: string) {
      const hash = tokens.hashRefresh(token);
      const nextToken = tokens.nextRefresh(token);
      const nextHash = tokens.hashRefresh(nextToken);
      const at = clock.now();
      const outcome = await db.transaction(async (tx) => {
        const fresh = await store.useRefreshToken(tx, hash, at);
        const row = fresh ?? (await store.findRefreshToken(tx, hash));
        const live = row && (await store.findLiveSession(tx, row.sessionId));
        if (!live) return null;
        const { user, session } = live;
        if (!fresh) {
          const successor = await store.findRefreshToken(tx, nextHash);
          return { user, session, verdict: judgeReuse(row, successor, at) };
        }
        if (at.getTime() - session.lastUsedAt.getTime() > IDLE_MS)
          return { user, session, verdict: 'idle' } as const;
        await store.insertRefreshToken(tx, session.id, row.generation + 1, nextHash, at);
        await store.touchSession(tx, session.id, at);
        return { user, session, verdict: 'good' } as const;
      });
      if (!outcome) throw problem('session-ended');
      const { user, session, verdict } = outcome;
      if (verdict === 'retry') throw problem('retry');
      if (verdict !== 'good') {
        await end(user.id, { only: session.id }, verdict);
        if (verdict === 'reuse') await audit('session.reuse-detected', user.id, session.id);
        throw problem('session-ended');
      }
      return { ...(await grant(user.id, session.id)), refreshToken: nextToken };
    },

    /** Ends the session a refresh token belongs to, if it is one. */
    async endByRefreshToken(token: string): Promise<void> {
      const row = await store.findRefreshToken(db, tokens.hashRefresh(token));
      const live = row && (await store.findLiveSession(db, row.sessionId));
      if (live) await end(live.user.id, { only: live.session.id }, 'logout');
    },

    end,

    async list(actor: Actor): Promise<{ items: Session[]; next: null }> {
      const rows = await store.listLiveSessions(db, actor.userId);
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

  async function audit(action: string, actorId: string, subjectId: string): Promise<void> {
    await insertAudit(db, { id: newId(), at: clock.now(), action, actorId, subjectId });
  }
}

/** What it means that a used refresh token comes again. */
function judgeReuse(
  { usedAt }: store.TokenRow,
  successor: store.TokenRow | null,
  at: Date,
): 'good' | 'retry' | 'reuse' {
  const isUnused = successor?.usedAt === null;
  if (isUnused && at.getTime() - successor.createdAt.getTime() <= RETRY_MS) return 'good';
  const isRace = !isUnused && usedAt !== null && at.getTime() - usedAt.getTime() <= RACE_MS;
  return isRace ? 'retry' : 'reuse';
}
