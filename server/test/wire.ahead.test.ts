import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createEntry } from '@teambrain/contract/knowledge.ts';
import { expect, it } from 'vitest';
import { register } from '../src/testing/people.ts';
import { createSpace, upTo } from '../src/testing/space.ts';
import { useTestApp } from '../src/testing/test-app.ts';

const CONNECTIONS = 4;
const AHEAD = 12;
const markdown = '\u0001'.repeat(170_000); // six bytes each in JSON

it('what was asked ahead by who has left is not worked out', async () => {
  const app = await useTestApp({ limitFactor: 1 });
  await app.followers.stop();
  const reader = await register(app.url, 'Reader');
  const spaceId = await createSpace(reader);
  const body = { kind: 'document', title: 'Large', markdown } as const;
  const { id } = await reader.call(createEntry, { params: { spaceId }, body });
  const path = `/api/spaces/${spaceId}/entries/${id}`;
  const headers = { authorization: `Bearer ${reader.token}` };
  /** How many requests for it the reader has left in this minute, after this one. */
  const left = async () => {
    const reply = await fetch(`${app.url}${path}`, { headers });
    await reply.arrayBuffer();
    return Number(/r=(\d+)/.exec(reply.headers.get('ratelimit') ?? '')?.[1]);
  };
  const first = await left();
  const asking: Socket[] = [];
  for (const _n of upTo(CONNECTIONS)) {
    const socket = connect({ port: Number(new URL(app.url).port), host: '127.0.0.1' }).pause();
    await once(socket, 'connect');
    const request = `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: ${headers.authorization}\r\n\r\n`;
    socket.write(request.repeat(AHEAD));
    asking.push(socket);
  }
  // Each answer waits for the one before, so most are still to come.
  await expect.poll(() => app.wire.counts().unsent, { timeout: 20_000 }).toBeGreaterThan(0);
  let before = 0;
  await expect
    .poll(
      async () => {
        const known = before;
        before = await left();
        return known - before;
      },
      { timeout: 20_000, interval: 300 },
    )
    .toBe(1);
  expect(first - before).toBeLessThan(CONNECTIONS * AHEAD);
  for (const socket of asking) socket.destroy();
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(before - (await left())).toBe(1);
}, 60_000);

it.each(['says no more', 'drips on'])(
  'half of an upgrade after a whole request, of one who %s, is closed within five seconds',
  async (how) => {
    const app = await useTestApp();
    const socket = connect({ port: Number(new URL(app.url).port), host: '127.0.0.1' });
    socket.on('error', () => undefined);
    let received = '';
    socket.on('data', (data) => (received += data.toString('latin1')));
    socket.write('GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    await expect.poll(() => received, { timeout: 10_000 }).toMatch(/^HTTP\/1\.1 200/);
    const began = performance.now();
    socket.write(
      'GET /api/realtime HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n',
    );
    const drip = setInterval(() => how === 'drips on' && socket.write('X-A: b\r\n'), 200);
    await once(socket, 'close');
    clearInterval(drip);
    expect(performance.now() - began).toBeLessThan(5_500);
    expect(received).toMatch(/HTTP\/1\.1 408 /);
  },
  30_000,
);
