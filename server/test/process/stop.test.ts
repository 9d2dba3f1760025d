import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import * as chat from '@teambrain/contract/chat.ts';
import * as spaces from '@teambrain/contract/spaces.ts';
import { register } from '../../src/testing/people.ts';
import { newDataFolder, startServer } from '../../src/testing/server-process.ts';
import { connectAs } from '../support/socket.ts';

const WITHIN = { timeout: 20_000, interval: 20 };

async function statusOf(url: string): Promise<number> {
  const reply = await fetch(url, { headers: { connection: 'close' } });
  await reply.arrayBuffer();
  return reply.status;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

interface Post {
  path: string;
  token: string;
  body: object;
}

/** A request that has begun: with its head and a part of its body, or a part of its `head` alone. */
async function beginPost(url: string, { path, token, body }: Post, part: 'body' | 'head' = 'body') {
  const { port, host } = new URL(url);
  const socket = connect(Number(port), '127.0.0.1');
  let answer = '';
  socket.on('data', (data) => (answer += data.toString()));
  const ended = once(socket, 'close');
  ended.catch(() => undefined); // cut by the server, where that is what the test waits for
  await once(socket, 'connect');
  const head = [
    `POST /api${path} HTTP/1.1`,
    `Host: ${host}`,
    `Authorization: Bearer ${token}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(JSON.stringify(body))}`,
  ];
  const text = `${head.join('\r\n')}\r\n\r\n${JSON.stringify(body)}`;
  const begun = part === 'head' ? 30 : text.indexOf('\r\n\r\n') + 9;
  socket.write(text.slice(0, begun));
  return {
    async finish(): Promise<string> {
      socket.write(text.slice(begun));
      await ended;
      return answer;
    },
  };
}

describe('while it starts', { timeout: 120_000 }, () => {
  it('is alive, not ready, and asks who comes to come again', async () => {
    const [port, nobody] = [await freePort(), await freePort()];
    const server = startServer({
      PORT: String(port),
      DATA_DIR: newDataFolder(),
      DATABASE_URL: `postgres://nobody@127.0.0.1:${nobody}/none`,
      SECRET: 'Zm9yIHRlc3RzIG9ubHksIGJ1dCBsb25nIGVub3VnaCBmb3I=',
    });
    const url = `http://127.0.0.1:${port}`;
    await vi.waitFor(async () => expect(await statusOf(`${url}/livez`)).toBe(200), WITHIN);
    expect(await statusOf(`${url}/readyz`)).toBe(503);
    const reply = await fetch(`${url}/api/instance`);
    expect(reply.status).toBe(503);
    expect(reply.headers.get('content-type')).toContain('application/problem+json');
    expect(reply.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(await reply.json()).toMatchObject({ code: 'busy', status: 503 });
    server.kill('SIGTERM');
    expect(await server.ended()).toBe(0);
  });
});

describe('a stop by SIGTERM', { timeout: 120_000 }, () => {
  it('turns unready first, then answers what is under way, takes nothing new, loses nothing', async () => {
    const env = { DATA_DIR: newDataFolder(), DRAIN_SECONDS: '2' };
    const server = startServer(env);
    await server.ready();
    const { url } = server;
    const person = await register(url);
    const { id: spaceId } = await person.call(spaces.createSpace, {
      body: { name: 'Kept', visibility: 'public' },
    });
    const params = { spaceId };
    const post = (text: string) => person.call(chat.postMessage, { params, body: { text } });
    const socket = await connectAs(url, person.token);
    const path = `/spaces/${spaceId}/messages`;
    const begin = (text: string, part: 'body' | 'head') =>
      beginPost(url, { path, token: person.token, body: { text } }, part);
    expect(await statusOf(`${url}/readyz`)).toBe(200);

    const began = Date.now();
    server.kill('SIGTERM');
    await vi.waitFor(async () => expect(await statusOf(`${url}/readyz`)).toBe(503), WITHIN);
    // Balancers learn it by now; until they do, all is as before.
    expect(await statusOf(`${url}/livez`)).toBe(200);
    expect(socket.isOpen()).toBe(true);
    const underWay = await begin('under way', 'body');
    const late = await begin('too late', 'head');
    const acknowledged = (await post('while draining')).id;

    expect(await socket.closed).toBe(1012);
    await vi.waitFor(
      () => expect(statusOf(`${url}/livez`)).rejects.toThrow('fetch failed'),
      WITHIN,
    );
    // What is asked only now is not taken, over an open connection neither.
    expect(await late.finish()).toMatch(/^HTTP\/1\.1 503 [^]*"code":"busy"/);
    const answer = await underWay.finish();
    expect(answer).toMatch(/^HTTP\/1\.1 201 /);
    expect(answer.toLowerCase()).toContain('connection: close');
    expect(await server.ended()).toBe(0);
    expect(Date.now() - began).toBeLessThan(15_000);

    const again = startServer(env);
    await again.ready();
    const reader = await fetch(`${again.url}/api${path}`, {
      headers: { authorization: `Bearer ${person.token}` },
    });
    const { items } = (await reader.json()) as { items: { id: string; text: string }[] };
    expect(items.map(({ text }) => text).sort()).toEqual(['under way', 'while draining']);
    expect(items.map(({ id }) => id)).toContain(acknowledged);
    again.kill('SIGTERM');
    expect(await again.ended()).toBe(0);
  });

  it('does not wait for a request that never ends', async () => {
    const server = startServer({ DATA_DIR: newDataFolder() });
    await server.ready();
    const { token } = await register(server.url);
    await beginPost(server.url, { path: '/spaces', token, body: { name: 'never sent' } });
    const began = Date.now();
    server.kill('SIGTERM');
    expect(await server.ended()).toBe(0);
    expect(Date.now() - began).toBeLessThan(15_000);
  });
});
