import Type, { type Static } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Closed, Id, Instant, Line } from './id.ts';

export const PASSWORD_MIN = 8;
export const PASSWORD_MAX = 256;
export const NAME_MAX = 80;

/** No composition rules, no trimming; length counts Unicode code points. What it must not be: see `isMadeOf`. */
export const Password = Type.String({ minLength: PASSWORD_MIN, maxLength: PASSWORD_MAX });
/** A password as typed at log-in: whatever could once have been set. */
const TypedPassword = Type.String({ minLength: 1, maxLength: PASSWORD_MAX });

const lettersOf = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');

/**
 * Whether a password is little else than these words or parts of them (a name, the part of an e-mail
 * address before the @, the name of a space), in whatever case and with whatever signs and digits
 * between and after them. Then it is refused.
 */
export function isMadeOf(password: string, words: readonly string[]): boolean {
  const whole = words.map(lettersOf).filter((word) => word.length > 1);
  const parts = words.flatMap((word) => word.split(/[^\p{L}\p{N}]+/u).map(lettersOf));
  const longestFirst = [...whole, ...parts.filter((part) => part.length > 2)].sort(
    (a, b) => b.length - a.length,
  );
  const letters = lettersOf(password);
  let rest = letters;
  for (const word of longestFirst) rest = rest.replaceAll(word, '');
  if (rest !== letters) return rest.length < 4 || /^\p{N}*$/u.test(rest);
  const typed = password.normalize('NFC').trim().toLowerCase();
  return words.some((word) => word.normalize('NFC').trim().toLowerCase() === typed);
}

export const Email = Type.String({ format: 'email', maxLength: 254 });

export const User = Closed({
  id: Id,
  email: Type.String(),
  name: Type.String(),
  isAdministrator: Type.Boolean(),
  createdAt: Instant,
});
export type User = Static<typeof User>;

const Access = {
  accessToken: Type.String({ description: 'Bearer token; keep it in memory only' }),
  expiresIn: Type.Integer({ description: 'Seconds until the access token ends' }),
};
export const SignedIn = Closed({ user: User, ...Access });
export type SignedIn = Static<typeof SignedIn>;
const Nobody = Closed({ user: Type.Null({ description: 'No cookie came with the request' }) });

export const Session = Closed({
  id: Id,
  isCurrent: Type.Boolean(),
  device: Type.String({ description: 'The browser’s own description of itself' }),
  address: Type.String(),
  createdAt: Instant,
  lastUsedAt: Instant,
});
export type Session = Static<typeof Session>;

export const register = endpoint('POST /auth/register', 'public', {
  summary: 'Create an account and sign in; the first account is the administrator',
  limit: 'register',
  body: Closed({ email: Email, name: Line(NAME_MAX, 'name'), password: Password }),
  answer: SignedIn,
  status: 201,
  problems: ['email-taken', 'sign-up-closed', 'weak-password', 'busy'],
});

export const login = endpoint('POST /auth/login', 'public', {
  summary: 'Sign in',
  limit: 'login',
  body: Closed({ email: Email, password: TypedPassword }),
  answer: SignedIn,
  problems: ['wrong-credentials', 'busy'],
});

export const refresh = endpoint('POST /auth/refresh', 'public', {
  summary: 'Exchange the refresh cookie for a new access token; the cookie is rotated',
  limit: 'refresh',
  cookie: true,
  // Who is signed out is no failure: browsers show those of every request in their console.
  answer: Type.Union([SignedIn, Nobody]),
  problems: ['session-ended', 'retry', 'cross-site'],
});

export const logout = endpoint('POST /auth/logout', 'public', {
  summary: 'End this session; its tokens and sockets are dead at once',
  limit: 'refresh',
  cookie: true,
  problems: ['cross-site'],
});

export const logoutAll = endpoint('POST /auth/logout-all', 'user', {
  summary: 'End every session of this account',
  limit: 'refresh',
});

export const listSessions = endpoint('GET /auth/sessions', 'user', {
  summary: 'Where this account is signed in',
  limit: 'read',
  answer: Closed({ items: Type.Array(Session), next: Type.Null() }),
});

export const endSession = endpoint('DELETE /auth/sessions/:sessionId', 'user', {
  summary: 'End one of one’s own sessions',
  limit: 'write',
  problems: ['not-found'],
});

export const getMe = endpoint('GET /me', 'user', {
  summary: 'The signed-in account',
  limit: 'read',
  answer: User,
});

export const updateMe = endpoint('PATCH /me', 'user', {
  summary: 'Change one’s own profile',
  limit: 'write',
  body: Closed({ name: Type.Optional(Line(NAME_MAX, 'name')) }, { minProperties: 1 }),
  answer: User,
  problems: ['conflict'],
});

export const changePassword = endpoint('PUT /me/password', 'user', {
  summary: 'Change the password; every other session ends',
  limit: 'login',
  body: Closed({ current: TypedPassword, password: Password }),
  answer: Closed({ endedSessions: Type.Integer() }),
  problems: ['wrong-password', 'weak-password', 'conflict', 'busy'],
});
