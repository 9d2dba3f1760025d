/**
 * A `fetch` for Node programs and tests that keeps the cookies of one origin as a browser's window
 * would and names that origin, which what the refresh cookie authenticates asks for.
 */
export function createCookieFetch(origin: string): typeof fetch {
  const jar = new Map<string, string>();
  return async (input, init) => {
    const request = new Request(input, init);
    if (new URL(request.url).origin !== origin) return fetch(request);
    const cookies = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    if (cookies) request.headers.set('cookie', cookies);
    request.headers.set('origin', origin);
    const response = await fetch(request);
    for (const line of response.headers.getSetCookie()) take(jar, line);
    return response;
  };
}

function take(jar: Map<string, string>, line: string): void {
  const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
  const at = pair.indexOf('=');
  if (at < 1) return;
  const name = pair.slice(0, at);
  const isGone = attributes.some((attribute) => {
    const [key = '', value = ''] = attribute.split('=');
    if (key.toLowerCase() === 'max-age') return Number(value) <= 0;
    return key.toLowerCase() === 'expires' && Date.parse(value) <= Date.now();
  });
  if (isGone) jar.delete(name);
  else jar.set(name, pair.slice(at + 1));
}
