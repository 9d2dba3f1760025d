import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { postMessage } from '@teambrain/contract/chat.ts';
import { send } from '../../testing/http.ts';
import { register } from '../../testing/people.ts';
import { createSpace, post } from '../../testing/space.ts';
import { useTestApp } from '../../testing/test-app.ts';

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
