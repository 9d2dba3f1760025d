// Small tools of image-probe.mjs: ports, waiting, requests.
import assert from 'node:assert/strict';
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

export const account = (n) => ({
  email: `probe.${n}@example.org`,
  name: `Probe ${n}`,
  password: 'long enough to be taken',
});

export function signIn(url, n) {
  const { email, password } = account(n);
  return call(url, '/api/auth/login', { body: { email, password } });
}

/** Every line of a server's standard output is a JSON object. */
export function assertLog(text) {
  for (const line of text.split('\n').filter(Boolean)) {
    const isObject = line.startsWith('{') && JSON.parse(line).msg !== undefined;
    assert.ok(isObject, `not a line of the log: ${line}`);
  }
}
