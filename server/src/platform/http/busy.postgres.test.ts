import { sql } from 'drizzle-orm';
import { expect, inject, it, onTestFinished } from 'vitest';
import { postMessage } from '@teambrain/contract/chat.ts';
import { closeCodes } from '@teambrain/contract/socket.ts';
import { useFaultyLink } from '../../testing/faulty-link.ts';
import { send } from '../../testing/http.ts';
import { register } from '../../testing/people.ts';
import { opened, rawSocket } from '../../testing/socket.ts';
import { createSpace, post } from '../../testing/space.ts';
import { createServerDatabase } from '../../testing/template.ts';
import { useTestApp } from '../../testing/test-app.ts';
import { createLog } from '../core/log.ts';
import { openDatabase } from '../db/database.ts';

// The embedded database has one connection: nobody else can hold its locks.
it('a write that waits too long for a lock is told to come again, and nothing came of it', async () => {
  const app = await useTestApp();
  const { db } = app.database;
  const owner = await register(app.url, 'Owner');
  const spaceId = await createSpace(owner);
  const path = `POST ${postMessage.path.replace(':spaceId', spaceId)}` as const;
  const write = () =>
    send(app.url, path, { token: owner.token, body: { text: 'while it is locked' } });
  await db.transaction(async (tx) => {
    await tx.execute(sql`select 1 from spaces where id = ${spaceId} for update`);
    const reply = await write();
    expect(reply.status).toBe(503);
    expect(reply.headers.get('retry-after')).toBe('2');
    expect(reply.json<{ code: string }>().code).toBe('busy');
  });
  // The seq that was not given then is given now.
  expect((await post(owner, spaceId, 'afterwards')).seq).toBe(3);
});

/** An app whose database is reached through a link that can fall silent. */
async function useAppOverLink() {
  const template = inject('serverTemplate');
  if (!template) throw new Error('These tests need PostgreSQL');
  const { url, drop } = await createServerDatabase(template);
  onTestFinished(async () => void (await drop()));
  const link = await useFaultyLink(url);
  const through = new URL(url);
  through.port = new URL(link.url).port;
  const database = await openDatabase({
    url: through.href,
    dataDir: null,
    log: createLog('silent'),
  });
  return { app: await useTestApp({ database }), link };
}

it('a database that falls silent is said to be away in time, and used again when it answers', async () => {
  const { app, link } = await useAppOverLink();
  const owner = await register(app.url, 'Owner');
  const spaceId = await createSpace(owner);
  const path = `/spaces/${spaceId}` as const;
  const { token } = owner;
  const asked = [
    ...Array.from({ length: 30 }, (_, n) => ({
      route: `POST ${path}/messages` as const,
      body: { text: `message ${n}` },
    })),
    ...Array.from({ length: 30 }, (_, n) => ({
      route: `POST ${path}/entries` as const,
      body: { kind: 'document', title: `Entry ${n}`, markdown: '' },
    })),
    ...Array.from({ length: 30 }, () => ({ route: `GET ${path}/messages` as const })),
  ];
  link.hang();
  // A socket that cannot be let in is told to come back, not left without an answer.
  const socket = rawSocket(app.url);
  await opened(socket);
  socket.send({ frame: 'hello', token, protocol: 1, spaces: [{ id: spaceId, after: 0 }] });
  const closed = socket.closed();
  const began = performance.now();
  const probe = await fetch(`${app.url}/readyz`);
  expect(probe.status).toBe(503);
  expect(performance.now() - began).toBeLessThan(2_000);
  const replies = await Promise.all(
    asked.map(async ({ route, ...rest }) => {
      const from = performance.now();
      const { status, headers } = await send(app.url, route, { token, ...rest });
      return { status, retry: headers.get('retry-after'), took: performance.now() - from };
    }),
  );
  expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([503]));
  expect(replies.every(({ retry }) => Number(retry) >= 1)).toBe(true);
  expect(Math.max(...replies.map(({ took }) => took))).toBeLessThan(6_000);
  expect(await closed).toBe(closeCodes.restart);

  link.heal();
  const write = () => send(app.url, `POST ${path}/messages`, { token, body: { text: 'again' } });
  await expect.poll(async () => (await write()).status, { timeout: 15_000 }).toBe(201);
}, 60_000);
