import * as contract from '@teambrain/contract/auth.ts';
import { getInstance } from '@teambrain/contract/instance.ts';
import { problem } from '../../platform/core/problem.ts';
import { route, type RefreshCookie, type Route } from '../../platform/http/route.ts';
import type { Auth } from './auth.service.ts';
import type { Sessions } from './sessions.service.ts';

/** Moves the refresh token from an answer into the cookie. */
function keepRefresh<T extends { refreshToken: string }>(cookie: RefreshCookie, opened: T) {
  const { refreshToken, ...answer } = opened;
  cookie.set(refreshToken);
  return answer;
}

export const authRoutes = (auth: Auth, sessions: Sessions): Route[] => [
  route(getInstance, () => auth.instance()),
  route(contract.register, async ({ body, origin, cookie }) =>
    keepRefresh(cookie, await auth.register(body, origin)),
  ),
  route(contract.login, async ({ body, origin, cookie }) =>
    keepRefresh(cookie, await auth.login(body, origin)),
  ),
  route(contract.refresh, async ({ cookie }) => {
    if (!cookie.value) throw problem('session-ended');
    return keepRefresh(cookie, await sessions.refresh(cookie.value));
  }),
  route(contract.logout, async ({ actor, cookie }) => {
    if (actor) await sessions.end(actor.userId, { only: actor.sessionId }, 'logout');
    if (cookie.value) await sessions.endByRefreshToken(cookie.value);
    cookie.clear();
    return undefined;
  }),
  route(contract.logoutAll, async ({ actor, cookie }) => {
    await sessions.end(actor.userId, 'all', 'logout-all');
    cookie.clear();
    return undefined;
  }),
  route(contract.listSessions, ({ actor }) => sessions.list(actor)),
  route(contract.endSession, async ({ actor, params }) => {
    const ended = await sessions.end(actor.userId, { only: params.sessionId }, 'ended-by-user');
    if (ended === 0) throw problem('not-found');
    return undefined;
  }),
  route(contract.getMe, ({ actor }) => auth.me(actor)),
  route(contract.updateMe, ({ actor, body }) => auth.updateMe(actor, body)),
  route(contract.changePassword, ({ actor, body }) => auth.changePassword(actor, body)),
];
