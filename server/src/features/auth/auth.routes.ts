import * as contract from '@teambrain/contract/auth.ts';
import type { SignedIn } from '@teambrain/contract/auth.ts';
import { getInstance } from '@teambrain/contract/instance.ts';
import { problem } from '../../platform/core/problem.ts';
import { route, type Cookie, type Route } from '../../platform/http/route.ts';
import type { Auth } from './auth.service.ts';
import type { KnownDevices } from './known-devices.ts';
import type { Sessions } from './sessions.service.ts';

interface Cookies {
  cookie: Cookie;
  deviceCookie: Cookie;
}

/** Moves the refresh token from an answer into the cookie. */
function keepRefresh<T extends { refreshToken: string }>(cookie: Cookie, opened: T) {
  const { refreshToken, ...answer } = opened;
  cookie.set(refreshToken);
  return answer;
}

export function authRoutes(auth: Auth, sessions: Sessions, devices: KnownDevices): Route[] {
  /** The answer to a sign-in: the session goes into one cookie, that it was here into the other. */
  function signIn(
    { cookie, deviceCookie }: Cookies,
    opened: Awaited<ReturnType<Auth['login']>>,
  ): SignedIn {
    const answer = keepRefresh(cookie, opened);
    deviceCookie.set(devices.remember(deviceCookie.value, opened.user.id));
    return answer;
  }

  return [
    route(getInstance, () => auth.instance()),
    route(contract.register, async (context) => {
      const { body, origin, deviceCookie } = context;
      return signIn(context, await auth.register(body, origin, deviceCookie.value));
    }),
    route(contract.login, async (context) => {
      const { body, origin, deviceCookie } = context;
      return signIn(
        context,
        await auth.login({ ...body, deviceCookie: deviceCookie.value }, origin),
      );
    }),
    route(contract.refresh, async ({ cookie, origin }) => {
      if (!cookie.value) return { user: null };
      return keepRefresh(cookie, await sessions.refresh(cookie.value, origin));
    }),
    route(contract.logout, async ({ actor, cookie, origin }) => {
      if (actor) await sessions.leave(actor.userId, actor.sessionId, origin);
      if (cookie.value) await sessions.leaveByRefreshToken(cookie.value, origin);
      cookie.clear();
      return undefined;
    }),
    route(contract.logoutAll, async ({ actor, cookie, origin }) => {
      await sessions.end(actor, 'all', 'logout.everywhere', origin);
      cookie.clear();
      return undefined;
    }),
    route(contract.listSessions, ({ actor }) => sessions.list(actor)),
    route(contract.endSession, async ({ actor, params, origin }) => {
      const which = { only: params.sessionId };
      const ended = await sessions.end(actor, which, 'session.ended', origin);
      if (ended === 0) throw problem('not-found');
      return undefined;
    }),
    route(contract.getMe, ({ actor }) => auth.me(actor)),
    route(contract.updateMe, ({ actor, body, origin }) => auth.updateMe(actor, body, origin)),
    route(contract.changePassword, ({ actor, body, origin }) =>
      auth.changePassword(actor, body, origin),
    ),
  ];
}
