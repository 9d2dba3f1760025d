import { parseCookie, stringifySetCookie } from 'cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { problem } from '../core/problem.ts';
import type { Cookie } from './route.ts';

const DAY_SECONDS = 24 * 3600;

/** The cookies there are, and for how many seconds a browser keeps them. */
const COOKIES = {
  refresh: { maxAge: 30 * DAY_SECONDS, path: '/' },
  device: { maxAge: 365 * DAY_SECONDS, path: '/' },
  files: { maxAge: 30 * DAY_SECONDS, path: '/files' },
} as const;

/**
 * A cookie out of reach for scripts and other sites. Behind HTTPS it is `__Host-…` (that for files
 * `__Secure-…`) and Secure; on
 * plain HTTP (the embedded default on one's own machine or network) browsers would not take such a
 * cookie, so it goes without. Its name carries the port: browsers give cookies to all ports of a
 * host, and two instances on one machine would sign each other's people out.
 */
export function cookieOf(
  kind: keyof typeof COOKIES,
  request: FastifyRequest,
  reply: FastifyReply,
  baseUrl: string | null,
): Cookie {
  const isSecure = baseUrl?.startsWith('https:') ?? false;
  const { maxAge, path } = COOKIES[kind];
  // `__Host-` is for cookies of all paths alone.
  const prefix = isSecure ? (path === '/' ? '__Host-' : '__Secure-') : '';
  const formerName = `${prefix}teambrain-${kind}`;
  const name = `${formerName}-${portOf(request, baseUrl)}`;
  const attributes = { path, httpOnly: true, secure: isSecure, sameSite: 'strict' } as const;
  const given = () => parseCookie(request.headers.cookie ?? '');
  const send = (value: string, seconds: number) => {
    const line = (cookie: string, text: string, age: number) =>
      stringifySetCookie({ name: cookie, value: text, maxAge: age, ...attributes });
    void reply.header('set-cookie', line(name, value, seconds));
    const { [name]: own, [formerName]: former } = given();
    if (!own && former) void reply.header('set-cookie', line(formerName, '', 0));
  };
  return {
    /** Older sessions have a cookie without the port in its name; the next answer replaces it. */
    get value() {
      const cookies = given();
      return cookies[name] ?? cookies[formerName] ?? null;
    },
    set: (value) => send(value, maxAge),
    clear: () => send('', 0),
  };
}

/** The port that browsers see: that of BASE_URL, or of the address asked where that is not set. */
function portOf(request: FastifyRequest, baseUrl: string | null): string {
  if (baseUrl === null) return /:(\d{1,5})$/.exec(request.headers.host ?? '')?.[1] ?? '80';
  const { port, protocol } = new URL(baseUrl);
  return port || (protocol === 'https:' ? '443' : '80');
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
