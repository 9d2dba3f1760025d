const ALLOWED = new Set(['http:', 'https:', 'mailto:']);

/**
 * The address as the browser would read it if it is one we open, else null. Parsing by `URL`
 * is what strips control characters and white space, so that nothing hides behind them.
 */
export function safeUrl(value: string, base = globalThis.location?.href): URL | null {
  try {
    const url = new URL(value, base);
    return ALLOWED.has(url.protocol) ? url : null;
  } catch {
    return null;
  }
}
