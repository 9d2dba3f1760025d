import {
  createHash,
  createHmac,
  generateKeyPairSync,
  hkdfSync,
  randomBytes,
  sign as signWith,
  type KeyObject,
} from 'node:crypto';
import { v7 as newId } from 'uuid';

type Part = Record<string, unknown>;

const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

const without = (part: Part, name: string): Part =>
  Object.fromEntries(Object.entries(part).filter(([key]) => key !== name));

/** What a token of the server is made of: forgeries differ from it in one thing. */
export interface Genuine {
  header: Part;
  claims: Part;
  key: Uint8Array;
}

/** A token as the server with this secret makes it, in parts. */
export function genuine(secret: string, userId: string, sessionId: string): Genuine {
  const key = new Uint8Array(hkdfSync('sha256', secret, 'teambrain', 'access-token', 32));
  const kid = createHash('sha256').update(key).digest('base64url').slice(0, 12);
  const now = Math.floor(Date.now() / 1000);
  return {
    key,
    header: { alg: 'HS256', typ: 'at+jwt', kid },
    claims: {
      sid: sessionId,
      iss: 'teambrain',
      aud: 'teambrain-api',
      sub: userId,
      jti: newId(),
      iat: now,
      nbf: now,
      exp: now + 600,
    },
  };
}

/** Signs header and claims, whatever they say, with an HMAC. */
export function mint(
  { header, claims, key }: { header: unknown; claims: unknown; key: Uint8Array | string },
  hash = 'sha256',
): string {
  const body = `${encode(header)}.${encode(claims)}`;
  return `${body}.${createHmac(hash, key).update(body).digest('base64url')}`;
}

function mintAsymmetric({ claims, header }: Genuine, alg: string, key: KeyObject, more: Part = {}) {
  const body = `${encode({ ...header, alg, ...more })}.${encode(claims)}`;
  const hash = alg === 'EdDSA' ? null : 'sha256';
  const signature = signWith(hash, Buffer.from(body), { key, dsaEncoding: 'ieee-p1363' });
  return `${body}.${signature.toString('base64url')}`;
}

/** Tokens by what is wrong with them; none may be taken. */
export function forgeries(real: Genuine): Record<string, string> {
  return {
    ...withoutSignature(real),
    ...withOtherKeys(real),
    ...withHeaders(real),
    ...withClaims(real),
    ...withTampering(real),
  };
}

function withoutSignature({ header, claims }: Genuine) {
  const none = (alg: string) => `${encode({ ...header, alg })}.${encode(claims)}.`;
  return {
    'alg none': none('none'),
    'alg None': none('None'),
    'alg NONE': none('NONE'),
    'alg nOnE': none('nOnE'),
    'alg empty': none(''),
    'alg none without the last dot': none('none').slice(0, -1),
    'an empty signature': none('HS256'),
  };
}

function withOtherKeys(real: Genuine) {
  const { header } = real;
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ed = generateKeyPairSync('ed25519');
  const jwk = rsa.publicKey.export({ format: 'jwk' });
  const pem = rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  return {
    'another key': mint({ ...real, key: randomBytes(32) }),
    'an empty key': mint({ ...real, key: '' }),
    'the key id as key': mint({ ...real, key: String(header['kid']) }),
    RS256: mintAsymmetric(real, 'RS256', rsa.privateKey),
    'RS256 with its own jwk': mintAsymmetric(real, 'RS256', rsa.privateKey, { jwk }),
    'RS256 with a jku': mintAsymmetric(real, 'RS256', rsa.privateKey, {
      jku: 'http://127.0.0.1:1/keys',
    }),
    'a public key as HMAC key': mint({ ...real, key: pem }),
    ES256: mintAsymmetric(real, 'ES256', ec.privateKey),
    EdDSA: mintAsymmetric(real, 'EdDSA', ed.privateKey),
  };
}

/** Signed with the server's own key: only the header is wrong. */
function withHeaders(real: Genuine) {
  const head = (more: Part) => mint({ ...real, header: { ...real.header, ...more } });
  const lacking = (name: string) => mint({ ...real, header: without(real.header, name) });
  const oct = { kty: 'oct', k: Buffer.from(real.key).toString('base64url') };
  return {
    HS384: mint({ ...real, header: { ...real.header, alg: 'HS384' } }, 'sha384'),
    HS512: mint({ ...real, header: { ...real.header, alg: 'HS512' } }, 'sha512'),
    'alg in lower case': head({ alg: 'hs256' }),
    'no alg': lacking('alg'),
    'alg as a list': head({ alg: ['HS256'] }),
    'a jwk': head({ jwk: oct }),
    'a jku': head({ jku: 'http://127.0.0.1:1/keys' }),
    'an x5u': head({ x5u: 'http://127.0.0.1:1/cert' }),
    'an x5c': head({ x5c: ['MIIB'] }),
    'an unknown crit': head({ crit: ['exp'], exp: 0 }),
    'crit b64': head({ crit: ['b64'], b64: false }),
    'an empty crit': head({ crit: [] }),
    'another kid': head({ kid: 'other' }),
    'a kid that is a path': head({ kid: '../../dev/null' }),
    'no kid': lacking('kid'),
    'typ JWT': head({ typ: 'JWT' }),
    'typ of a refresh token': head({ typ: 'rt+jwt' }),
    'no typ': lacking('typ'),
    'a header that is no object': mint({ ...real, header: '"HS256"' }),
    'a header that is no JSON': mint({ ...real, header: '{alg:HS256' }),
  };
}

/** Signed with the server's own key: only a claim is wrong. */
function withClaims(real: Genuine) {
  const now = Math.floor(Date.now() / 1000);
  const claim = (more: Part) => mint({ ...real, claims: { ...real.claims, ...more } });
  const names = ['sub', 'sid', 'jti', 'exp', 'nbf', 'iat', 'iss', 'aud'];
  const lacking = names.map((name) => [
    `no ${name}`,
    mint({ ...real, claims: without(real.claims, name) }),
  ]);
  return {
    ...(Object.fromEntries(lacking) as Record<string, string>),
    'expired beyond the leeway': claim({ exp: now - 31 }),
    'not yet valid': claim({ nbf: now + 60 }),
    'exp as a text': claim({ exp: String(now + 600) }),
    'exp that is no number': claim({ exp: null }),
    'another iss': claim({ iss: 'elsewhere' }),
    'another aud': claim({ aud: 'teambrain-refresh' }),
    'a session that never was': claim({ sid: newId() }),
    'a session that is no id': claim({ sid: "' or 1=1 --" }),
    'a session with a NUL': claim({ sid: 'a\0b' }),
    'another subject': claim({ sub: newId() }),
    'a subject that is no text': claim({ sub: 1 }),
    'claims that are a list': mint({ ...real, claims: [real.claims] }),
    'claims that are no JSON': mint({ ...real, claims: '{"sub":' }),
  };
}

function withTampering(real: Genuine) {
  const token = mint(real);
  const [head = '', body = '', tail = ''] = token.split('.');
  const raised = encode({ ...real.claims, isAdministrator: true });
  return {
    'changed claims': `${head}.${raised}.${tail}`,
    'a changed header': `${encode({ ...real.header, x: 1 })}.${body}.${tail}`,
    'a cut signature': `${head}.${body}.${tail.slice(0, -6)}`,
    'a signature of something else': `${head}.${body}.${mint({ ...real, claims: {} }).split('.')[2]}`,
    'a fourth part': `${token}.${tail}`,
    'five parts': `${head}..${body}.${tail}.${tail}`,
    'two parts': `${head}.${body}`,
    'three empty parts': '..',
    'percent signs': '%00%00.%2e.%2e',
    'an unknown word': 'undefined',
    'a long word': 'a'.repeat(4_000),
  };
}
