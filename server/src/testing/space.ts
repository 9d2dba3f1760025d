import * as chat from '@teambrain/contract/chat.ts';
import * as spaces from '@teambrain/contract/spaces.ts';
import { sql } from 'drizzle-orm';
import type { Executor } from '../platform/db/database.ts';
import type { Person } from './people.ts';

export const SPACE_KEY = 'the word at the door';

/** A new space of `owner` that the others have joined; gives its id. */
export async function createSpace(
  owner: Person,
  members: readonly Person[] = [],
  visibility: 'public' | 'protected' = 'protected',
): Promise<string> {
  const password = visibility === 'protected' ? { password: SPACE_KEY } : {};
  const body = { name: `Space of ${owner.name}`, visibility, ...password };
  const { id } = await owner.call(spaces.createSpace, { body });
  for (const member of members) {
    await member.call(spaces.joinSpace, { params: { spaceId: id }, body: password });
  }
  return id;
}

export const post = (person: Person, spaceId: string, text: string, id?: string) =>
  person.call(chat.postMessage, {
    params: { spaceId },
    body: id === undefined ? { text } : { id, text },
  });

/** A reply to a message. */
export const reply = (
  person: Person,
  spaceId: string,
  threadId: string,
  text: string,
  more: { id?: string; inSpace?: boolean } = {},
) => person.call(chat.postMessage, { params: { spaceId }, body: { text, threadId, ...more } });

/**
 * Makes a log long without the work behind it: `count` more events that change nothing, each with
 * `size` characters to carry.
 */
export async function appendEvents(
  { db }: { db: Executor },
  spaceId: string,
  count: number,
  size = 0,
): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.execute(sql`
      insert into events (space_id, seq, id, type, payload, created_at)
      select id, last_seq + n, gen_random_uuid(), 'space.updated',
        jsonb_build_object('name', 'as before', 'description', repeat('x', ${size}::int)), now()
      from spaces, generate_series(1, ${count}::int) n where id = ${spaceId}`);
    await tx.execute(sql`update spaces set last_seq = last_seq + ${count} where id = ${spaceId}`);
  });
}

/** 1, 2 … n */
export const upTo = (n: number) => Array.from({ length: n }, (_, index) => index + 1);
