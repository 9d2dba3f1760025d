import type { SignedIn } from '@teambrain/contract/auth.ts';
import { send, type Reply, type SendOptions } from './http.ts';

/** What a browser window of one session holds, with the tokens in the open for tests. */
export interface Window {
  userId: string;
  token: string;
  /** `name=value` of the refresh cookie. */
  cookie: string;
}

let count = 0;
export const PASSWORD = 'a password for windows';

/** Registers someone new and opens their first window. */
export async function openWindow(url: string, options?: SendOptions) {
  const email = `window.${(count += 1)}@example.org`;
  const body = { email, name: `Window ${count}`, password: PASSWORD };
  const first = windowOf(await send(url, 'POST /auth/register', { ...options, body }));
  return { ...first, email, another: () => logIn(url, email) };
}

/** Opens a further window of an account. */
export async function logIn(url: string, email: string, password = PASSWORD): Promise<Window> {
  return windowOf(await send(url, 'POST /auth/login', { body: { email, password } }));
}

function windowOf(reply: Reply): Window {
  if (reply.status > 201) throw new Error(`signing in failed: ${reply.text}`);
  const { user, accessToken } = reply.json<SignedIn>();
  return { userId: user.id, token: accessToken, cookie: reply.cookie ?? '' };
}

/** Exchanges a refresh cookie; `cookie` and `token` are empty when that was refused. */
export async function refresh(url: string, cookie: string, headers: Record<string, string> = {}) {
  const reply = await send(url, 'POST /auth/refresh', { cookie, headers });
  const token = reply.status === 200 ? reply.json<SignedIn>().accessToken : '';
  return { status: reply.status, code: reply.code, cookie: reply.cookie ?? '', token };
}

/** The status that this access token gets at an endpoint for signed-in users. */
export async function statusOf(url: string, token: string): Promise<number> {
  return (await send(url, 'GET /me', { token })).status;
}
