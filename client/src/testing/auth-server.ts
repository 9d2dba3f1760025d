import type { ServerResponse } from 'node:http';
import { sendJson, sendProblem, startHttpServer, type Asked } from './http-server.ts';

const userOf = (email: string) => ({
  id: `id-of-${email}`,
  email,
  name: email,
  isAdministrator: false,
  createdAt: '2026-01-01T00:00:00Z',
});

/** One refresh cookie per log-in, good for one exchange, and tokens that can be ended. */
class Sessions {
  readonly emails = new Map<string, string>();
  readonly tokens = new Map<string, string>();
  expiresIn = 600;
  /** Answers instead of the server when it returns true. */
  interfere: (asked: Asked, response: ServerResponse) => boolean = () => false;
  /** How many refreshes ran at once, at most. */
  atOnce = 0;
  #running = 0;
  #made = 0;

  give(response: ServerResponse, email: string, more: object = {}): void {
    this.#made += 1;
    const [cookie, accessToken] = [`c${this.#made}`, `t${this.#made}`];
    this.emails.set(cookie, email);
    this.tokens.set(accessToken, email);
    response.setHeader('set-cookie', `refresh=${cookie}; HttpOnly; Path=/`);
    sendJson(response, 200, { ...more, accessToken, expiresIn: this.expiresIn });
  }

  rotate(response: ServerResponse, cookie: string): void {
    const email = this.emails.get(cookie);
    if (!cookie) return sendJson(response, 200, { user: null });
    if (email === undefined) return sendProblem(response, 'session-ended');
    this.#running += 1;
    this.atOnce = Math.max(this.atOnce, this.#running);
    this.emails.delete(cookie);
    setTimeout(() => {
      this.#running -= 1;
      this.give(response, email, { user: userOf(email) });
    }, 20);
  }
}

/** A server with the auth endpoints alone. */
export async function startAuthServer() {
  const sessions = new Sessions();
  const state = Object.assign(sessions, {
    endTokens: () => sessions.tokens.clear(),
    endSessions: () => sessions.emails.clear(),
  });
  const server = await startHttpServer((asked, response) => {
    if (!state.interfere(asked, response)) answer(sessions, asked, response);
  });
  const count = (path: string) => server.asked.filter(({ url }) => url === `/api${path}`).length;
  return Object.assign(state, { server, count });
}

function answer(sessions: Sessions, { method, url, headers, body }: Asked, to: ServerResponse) {
  const cookie = /refresh=(\w+)/.exec(headers.cookie ?? '')?.[1] ?? '';
  const email = sessions.tokens.get(headers.authorization?.slice(7) ?? '');
  switch (`${method} ${url}`) {
    case 'POST /api/auth/register':
    case 'POST /api/auth/login': {
      const typed = body as { email: string; password: string };
      if (typed.password === 'wrong') return sendProblem(to, 'wrong-credentials');
      return sessions.give(to, typed.email, { user: userOf(typed.email) });
    }
    case 'POST /api/auth/refresh':
      return sessions.rotate(to, cookie);
    case 'POST /api/auth/logout':
      sessions.emails.delete(cookie);
      to.setHeader('set-cookie', 'refresh=; Max-Age=0; Path=/');
      return void to.writeHead(204).end();
    case 'POST /api/auth/logout-all':
      if (!email) return sendProblem(to, 'not-signed-in');
      sessions.emails.clear();
      return void to.writeHead(204).end();
    default:
      if (!email) return sendProblem(to, 'not-signed-in');
      return sendJson(to, 200, userOf(email));
  }
}
