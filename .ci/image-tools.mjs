// Small tools of image-probe.mjs: ports, waiting, requests.
import { once } from 'node:events';
import { createServer } from 'node:net';

export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export async function until(what, check, seconds = 120) {
  const deadline = Date.now() + seconds * 1_000;
  for (;;) {
    const found = await Promise.resolve()
      .then(check)
      .catch(() => null);
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${seconds} s`);
    await pause(200);
  }
}

export async function call(
  url,
  path,
  { token, body, method = body ? 'POST' : 'GET', headers = {} } = {},
) {
  const reply = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(body ? { 'content-type': 'application/json' } : {}),
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...headers,
    },
    body: body ? JSON.stringify(body) : undefined,
    signal: AbortSignal.timeout(15_000),
  });
  const text = await reply.text();
  const isJson = /json/.test(reply.headers.get('content-type') ?? '');
  return { status: reply.status, headers: reply.headers, body: isJson ? JSON.parse(text) : text };
}
