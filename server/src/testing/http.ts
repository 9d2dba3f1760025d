import type { Problem } from '@teambrain/contract/problem.ts';

/** An answer as it came over the wire, for tests that look at statuses, headers and cookies. */
export interface Reply {
  status: number;
  headers: Headers;
  text: string;
  json<T>(): T;
  /** The problem's code; null for a success. */
  code: string | null;
  /** `name=value` of the refresh cookie that was set, null if none was. */
  cookie: string | null;
}

export interface SendOptions {
  token?: string;
  body?: unknown;
  /** `name=value`, as `Reply.cookie` gives it. */
  cookie?: string | null;
  headers?: Record<string, string>;
}

/** Sends one request below `/api` and reads the whole answer, whatever its status. */
export async function send(
  url: string,
  route: string,
  { token, body, cookie, headers = {} }: SendOptions = {},
): Promise<Reply> {
  const [method = 'GET', path = ''] = route.split(' ');
  const response = await fetch(`${url}/api${path}`, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(cookie ? { cookie } : {}),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const set = response.headers.getSetCookie().find((line) => line.includes('teambrain-refresh'));
  const json = <T>() => JSON.parse(text) as T;
  return {
    status: response.status,
    headers: response.headers,
    text,
    json,
    code: response.ok ? null : json<Problem>().code,
    cookie: set?.split(';')[0] ?? null,
  };
}
