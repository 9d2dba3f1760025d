import { sql, type SQL } from 'drizzle-orm';
import type { Pin } from '@teambrain/contract/chat.ts';
import { PINS_MAX } from '@teambrain/contract/pins.ts';
import type { Space } from '../../platform/access/access.ts';
import { instantOf } from '../../platform/db/columns.ts';
import type { Database, Tx } from '../../platform/db/database.ts';

/** A message's pin, as JSON for readers; null where it has none. */
export const pinOf = (spaceId: SQL, id: SQL): SQL => sql`(
  select json_build_object('by', json_build_object('id', u.id, 'name', u.name),
    'at', ${instantOf(sql`p.created_at`)})
  from pins p join users u on u.id = p.user_id
  where p.space_id = ${spaceId} and p.message_id = ${id})`;

/**
 * Pins the message for the actor. The space is locked, so that no two pins pass the bound together.
 * @returns `full` where the space has too many pins, `same` where the message was pinned already
 */
export async function addPin(
  tx: Tx,
  space: Space<'write'>,
  messageId: string,
  at: Date,
): Promise<'added' | 'same' | 'full'> {
  const { rows } = await tx.execute<{ count: number; has: boolean }>(sql`
    select count(*)::int count, coalesce(bool_or(message_id = ${messageId}), false) has
    from pins where space_id = ${space.id}`);
  const { count = 0, has = false } = rows[0] ?? {};
  if (has) return 'same';
  if (count >= PINS_MAX) return 'full';
  await tx.execute(sql`
    insert into pins (space_id, message_id, user_id, created_at)
    values (${space.id}, ${messageId}, ${space.actor.userId}, ${at.toISOString()})`);
  return 'added';
}

/** Takes a message's pin away; false where it has none. */
export async function removePin(
  tx: Tx,
  space: Space<'write'>,
  messageId: string,
): Promise<boolean> {
  const { rows } = await tx.execute(sql`
    delete from pins where space_id = ${space.id} and message_id = ${messageId} returning 1`);
  return rows.length > 0;
}

/** Pins of a space, the last one first; after the one that `before` names. */
export async function listPins(
  db: Database,
  space: Space<'read'>,
  before: { at: Date; id: string } | null,
  limit: number,
): Promise<{ id: string; pin: Pin }[]> {
  const beyond = before
    ? sql`and (x.created_at, x.message_id) < (${before.at.toISOString()}::timestamptz, ${before.id}::uuid)`
    : sql``;
  const { rows } = await db.execute<{ id: string; pin: Pin }>(sql`
    select x.message_id id, ${pinOf(sql`x.space_id`, sql`x.message_id`)} pin
    from pins x where x.space_id = ${space.id} ${beyond}
    order by x.created_at desc, x.message_id desc limit ${limit}`);
  return rows;
}
