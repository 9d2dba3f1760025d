const ALLOWED = new Set(['http:', 'https:', 'mailto:']);
const SCHEME = /^[a-z][a-z\d+.-]*:/i;
/** White space, controls and invisible characters, behind which a scheme can hide. */
const UNSEEN = /[\s\p{Cc}\p{Cf}]/gu;

/**
 * The address if it is one we open, else null: http, https, mailto, or a path of this site. What
 * it would be when decoded and without unseen characters has to be allowed as well.
 */
export function safeUrl(value: string, base = globalThis.location?.href): URL | null {
  const plain = decoded(value).replace(UNSEEN, '');
  const scheme = SCHEME.exec(plain)?.[0].toLowerCase();
  if (scheme ? !ALLOWED.has(scheme) : !/^[/?#]/.test(plain)) return null;
  try {
    const url = new URL(value, base);
    return ALLOWED.has(url.protocol) ? url : null;
  } catch {
    return null;
  }
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
