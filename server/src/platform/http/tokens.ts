import { createHash, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { errors, jwtVerify, SignJWT } from 'jose';
import type { Clock } from '../core/clock.ts';
import { newId } from '../core/id.ts';
import type { MaybePromise } from '../core/maybe-promise.ts';

/** Seconds an access token lives. */
export const ACCESS_SECONDS = 600;
const LEEWAY_SECONDS = 30;
/** Tokens whose signature was checked and is remembered. */
const MAX_VERIFIED = 10_000;
const ISSUER = 'teambrain';
const AUDIENCE = 'teambrain-api';
const TYPE = 'at+jwt';

const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const isId = (claim: unknown): claim is string => typeof claim === 'string' && ID.test(claim);

export interface AccessClaims {
  userId: string;
  sessionId: string;
  /** When the token ends. */
  expires: Date;
}

/** A token's claims, and between which seconds it is good. */
interface Verified {
  token: string;
  claims: AccessClaims;
  from: number;
  until: number;
}

/** A short key for a token, which is compared whole with what is found: hashing 350 characters costs. */
const signatureOf = (token: string) => token.slice(-43);

/** As the first check judged it, at another time. */
function isCurrent({ from, until }: Verified, at: Date): boolean {
  const now = Math.floor(at.getTime() / 1000);
  return from <= now + LEEWAY_SECONDS && until > now - LEEWAY_SECONDS;
}

export type Tokens = ReturnType<typeof createTokens>;

/**
 * Access and refresh tokens. Access: JWT, HS256 pinned, checked for typ, iss, aud, exp, sub, sid,
 * jti (RFC 8725). Refresh: opaque, 256 bits; the next one of a family is an HMAC of its
 * predecessor, so that a retried refresh gives the same successor and a chain cannot fork.
 *
 * @param secret at least 32 bytes; separate keys are derived from it
 */
export function createTokens(secret: string, clock: Clock) {
  const derive = (purpose: string) =>
    new Uint8Array(hkdfSync('sha256', secret, 'teambrain', purpose, 32));
  const accessKey = derive('access-token');
  const refreshKey = derive('refresh-token');
  const deviceKey = derive('known-device');
  const fileKey = derive('file-cookie');
  const verified = new LRUCache<string, Verified>({ max: MAX_VERIFIED });
  const keyId = createHash('sha256').update(accessKey).digest('base64url').slice(0, 12);

  const markFiles = (sessionId: string) =>
    createHmac('sha256', fileKey).update(sessionId).digest('base64url');

  async function check(token: string): Promise<AccessClaims | null> {
    try {
      const { payload, protectedHeader } = await jwtVerify(token, accessKey, {
        algorithms: ['HS256'],
        typ: TYPE,
        issuer: ISSUER,
        audience: AUDIENCE,
        clockTolerance: LEEWAY_SECONDS,
        currentDate: clock.now(),
        requiredClaims: ['sub', 'sid', 'jti', 'exp', 'nbf', 'iat'],
      });
      const { sub, sid, exp, nbf } = payload;
      if (protectedHeader.kid !== keyId || Object.keys(protectedHeader).length !== 3) return null;
      if (!isId(sub) || !isId(sid) || exp === undefined) return null;
      const claims = { userId: sub, sessionId: sid, expires: new Date(exp * 1000) };
      verified.set(signatureOf(token), { token, claims, from: nbf ?? 0, until: exp });
      return claims;
    } catch (error) {
      if (error instanceof errors.JOSEError || error instanceof TypeError) return null;
      throw error;
    }
  }

  return {
    /** A new access token for a session, good for so many seconds. */
    async access(userId: string, sessionId: string, seconds = ACCESS_SECONDS): Promise<string> {
      const now = Math.floor(clock.now().getTime() / 1000);
      return new SignJWT({ sid: sessionId })
        .setProtectedHeader({ alg: 'HS256', typ: TYPE, kid: keyId })
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setSubject(userId)
        .setJti(newId())
        .setIssuedAt(now)
        .setNotBefore(now)
        .setExpirationTime(now + seconds)
        .sign(accessKey);
    },

    /** What a valid access token says; null for any other string. */
    verify(token: string): MaybePromise<AccessClaims | null> {
      const known = verified.get(signatureOf(token));
      if (known?.token === token) return isCurrent(known, clock.now()) ? known.claims : null;
      return check(token);
    },
    /** The first refresh token of a new session. */
    firstRefresh: () => randomBytes(32).toString('base64url'),
    /** The token that follows `token` in its family. */
    nextRefresh: (token: string) =>
      createHmac('sha256', refreshKey).update(token).digest('base64url'),
    /** The id of a browser that was not seen before. */
    newDevice: () => randomBytes(16).toString('base64url'),
    /** The mark by which a browser is known to have signed in to an account. */
    markDevice: (device: string, userId: string) =>
      createHmac('sha256', deviceKey)
        .update(`${device}|${userId}`)
        .digest()
        .subarray(0, 16)
        .toString('base64url'),
    /** What the cookie for files says: a session, and a mark that only this server can make. */
    fileCookie: (sessionId: string) => `${sessionId}.${markFiles(sessionId)}`,
    /** The session of a cookie for files; null where its mark is wrong. */
    sessionOfFiles(cookie: string): string | null {
      const [sessionId = '', mark = ''] = cookie.split('.');
      const right = Buffer.from(isId(sessionId) ? markFiles(sessionId) : '');
      const given = Buffer.from(mark);
      const isRight =
        right.length > 0 && right.length === given.length && timingSafeEqual(right, given);
      return isRight ? sessionId : null;
    },
    /** What is stored of a refresh token. */
    hashRefresh: (token: string) => createHash('sha256').update(token).digest('hex'),
  };
}
