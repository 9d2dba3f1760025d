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
  fileCookie: Cookie;
}

/** Moves the refresh token from an answer into its cookie, and what reads files into the other. */
function keepSession<T extends { refreshToken: string; fileCookie: string }>(
  { cookie, fileCookie }: Cookies,
  opened: T,
) {
  const { refreshToken, fileCookie: ofFiles, ...answer } = opened;
  cookie.set(refreshToken);
  fileCookie.set(ofFiles);
  return answer;
}

export function authRoutes(auth: Auth, sessions: Sessions, devices: KnownDevices): Route[] {
  /** The answer to a sign-in: the session goes into one cookie, that it was here into the other. */
  function signIn(
    context: Cookies & { deviceCookie: Cookie },
    opened: Awaited<ReturnType<Auth['login']>>,
  ): SignedIn {
    const { deviceCookie } = context;
    const answer = keepSession(context, opened);
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
    route(contract.refresh, async (context) => {
      const { cookie, origin } = context;
      if (!cookie.value) return { user: null };
      return keepSession(context, await sessions.refresh(cookie.value, origin));
    }),
    route(contract.logout, async ({ actor, cookie, fileCookie, origin }) => {
      if (actor) await sessions.leave(actor.userId, actor.sessionId, origin);
      if (cookie.value) await sessions.leaveByRefreshToken(cookie.value, origin);
      cookie.clear();
      fileCookie.clear();
      return undefined;
    }),
    route(contract.logoutAll, async ({ actor, cookie, fileCookie, origin }) => {
      await sessions.end(actor, 'all', 'logout.everywhere', origin);
      cookie.clear();
      fileCookie.clear();
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
