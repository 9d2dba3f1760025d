import { parseCookie, stringifySetCookie } from 'cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { problem } from '../core/problem.ts';
import type { Cookie } from './route.ts';

const DAY_SECONDS = 24 * 3600;

/** The cookies there are, and for how many seconds a browser keeps them. */
const MAX_AGE = { refresh: 30 * DAY_SECONDS, device: 365 * DAY_SECONDS } as const;

/**
 * A cookie out of reach for scripts and other sites. Behind HTTPS it is `__Host-…` and Secure; on
 * plain HTTP (the embedded default on one's own machine or network) browsers would not take such a
 * cookie, so it goes without.
 */
export function cookieOf(
  kind: keyof typeof MAX_AGE,
  request: FastifyRequest,
  reply: FastifyReply,
  baseUrl: string | null,
): Cookie {
  const isSecure = baseUrl?.startsWith('https:') ?? false;
  const name = `${isSecure ? '__Host-' : ''}teambrain-${kind}`;
  const attributes = { path: '/', httpOnly: true, secure: isSecure, sameSite: 'strict' } as const;
  const send = (value: string, maxAge: number) =>
    void reply.header('set-cookie', stringifySetCookie({ name, value, maxAge, ...attributes }));
  return {
    get value() {
      return parseCookie(request.headers.cookie ?? '')[name] ?? null;
    },
    set: (value) => send(value, MAX_AGE[kind]),
    clear: () => send('', 0),
  };
}

/**
 * Refuses a request that carries the cookie from another site: `Sec-Fetch-Site` must be
 * same-origin; where a browser does not send it, `Origin` must match. A request with neither header
 * does not come from a browser.
 */
export function guardCrossSite(request: FastifyRequest, baseUrl: string | null): void {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) {
    if (site !== 'same-origin') throw problem('cross-site');
    return;
  }
  const { origin } = request.headers;
  if (origin !== undefined && !isOwnOrigin(origin, request.headers.host, baseUrl)) {
    throw problem('cross-site');
  }
}

/** Whether an Origin header names this instance: BASE_URL, or the host asked where that is not set. */
export function isOwnOrigin(
  origin: string,
  host: string | undefined,
  baseUrl: string | null,
): boolean {
  if (baseUrl) return origin === new URL(baseUrl).origin;
  return origin === `http://${host}` || origin === `https://${host}`;
}
