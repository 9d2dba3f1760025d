import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { listEvents } from '@teambrain/contract/log.ts';
import type { Tx } from '../../platform/db/database.ts';
import { newId } from '../../platform/core/id.ts';
import { codeOf, register, type Person } from '../../testing/people.ts';
import { createSpace, post, upTo } from '../../testing/space.ts';
import { useTestApp } from '../../testing/test-app.ts';

// Another instance, played by a transaction that holds the space's lock: only a server has two.

/** Posts as another instance would, in a transaction that is still open. */
async function postElsewhere(tx: Tx, spaceId: string, author: Person, id: string): Promise<void> {
  const { rows } = await tx.execute<{ seq: string }>(sql`
    update spaces set last_seq = last_seq + 1 where id = ${spaceId} returning last_seq seq`);
  const seq = rows[0]?.seq;
  await tx.execute(sql`
    insert into messages (space_id, id, seq, author_id, text, created_at)
    values (${spaceId}, ${id}, ${seq}, ${author.id}, 'from elsewhere', now())`);
  await tx.execute(sql`
    insert into events (space_id, seq, id, type, subject_id, actor_id, client_id, request_hash,
      payload, created_at)
    values (${spaceId}, ${seq}, gen_random_uuid(), 'space.updated', ${id}, ${author.id}, ${id},
      'another', '{"name":"as before","description":""}', now())`);
}

async function setUp() {
  const app = await useTestApp();
  const owner = await register(app.url, 'Owner');
  const ana = await register(app.url, 'Ana');
  const [held, free] = [await createSpace(owner, [ana]), await createSpace(owner, [ana])];
  const seqsOf = async (spaceId: string) => {
    const { items } = await owner.call(listEvents, { params: { spaceId }, query: { limit: 200 } });
    return items.map(({ seq }) => seq);
  };
  return { app, owner, ana, held, free, seqsOf };
}

it('a space whose lock is held delays no other, and its messages follow when it is free', async () => {
  const { app, ana, held, free, seqsOf } = await setUp();
  let isFree = false;
  const waiting = await app.database.db.transaction(async (tx) => {
    await postElsewhere(tx, held, ana, newId());
    const behind = upTo(20).map((n) =>
      post(ana, held, `held ${n}`).then((message) => ({ message, isFree })),
    );
    await Promise.all(upTo(20).map((n) => post(ana, free, `free ${n}`)));
    isFree = true;
    return behind;
  });
  const answered = await Promise.all(waiting);
  expect(answered.map((one) => one.isFree)).toEqual(upTo(20).map(() => true));
  const head = 3 + 1 + 20;
  expect(answered.map(({ message }) => message.seq).sort((a, b) => a - b)).toEqual(
    upTo(head).slice(4),
  );
  expect(await seqsOf(held)).toEqual(upTo(head));
  expect(await seqsOf(free)).toEqual(upTo(3 + 20));
});

it('an id that is used elsewhere while its group waits fails alone', async () => {
  const { app, owner, ana, held, free, seqsOf } = await setUp();
  const { db } = app.database;
  const id = newId();
  const waiting = await db.transaction(async (tx) => {
    await postElsewhere(tx, held, ana, id);
    const { plug, codes } = await db.transaction(async (other) => {
      // A group that waits for its author's row, so that the next one gathers.
      await other.execute(sql`select from users where id = ${owner.id} for update`);
      const first = codeOf(post(owner, free, 'plug'));
      await untilBlocked(other);
      const together = [
        codeOf(post(ana, held, 'mine', id)),
        ...upTo(10).map((n) => codeOf(post(ana, held, `good ${n}`))),
      ];
      await new Promise((resolve) => setTimeout(resolve, 300));
      return { plug: first, codes: together };
    });
    expect(await plug).toBe(null);
    await untilBlocked(tx);
    return codes;
  });
  expect(await Promise.all(waiting)).toEqual(['id-taken', ...upTo(10).map(() => null)]);
  expect(await seqsOf(held)).toEqual(upTo(3 + 1 + 10));
});

/** Until a session waits for what this transaction holds. */
async function untilBlocked(tx: Tx): Promise<void> {
  for (let isBlocked = false; !isBlocked;) {
    const { rows } = await tx.execute<{ isBlocked: boolean }>(sql`
      select exists (select from pg_locks
        where not granted and pg_backend_pid() = any(pg_blocking_pids(pid))) "isBlocked"`);
    isBlocked = rows[0]?.isBlocked ?? false;
  }
}
