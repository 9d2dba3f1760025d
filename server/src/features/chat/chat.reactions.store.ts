import { sql, type SQL } from 'drizzle-orm';
import { REACTION_PEOPLE, REACTIONS_MAX } from '@teambrain/contract/reactions.ts';
import type { Space } from '../../platform/access/access.ts';
import type { Tx } from '../../platform/db/database.ts';

/** What is under a message, as JSON for readers: its reactions, the first emoji first; null without. */
export const reactionsOf = (spaceId: SQL, id: SQL): SQL => sql`(
  select json_agg(json_build_object('emoji', g.emoji, 'count', g.count, 'people', g.people)
    order by g.first, g.emoji)
  from (
    select r.emoji, count(*) count, min(r.created_at) first,
      json_agg(json_build_object('id', u.id, 'name', u.name) order by r.created_at, u.id)
        filter (where r.n <= ${sql.raw(String(REACTION_PEOPLE))}) people
    from (
      select x.*, row_number() over (partition by x.emoji order by x.created_at, x.user_id) n
      from reactions x where x.space_id = ${spaceId} and x.message_id = ${id}) r
    join users u on u.id = r.user_id
    group by r.emoji) g)`;

/**
 * Adds the actor's reaction; the message is locked.
 * @returns `full` where the message has too many emoji, `same` where the reaction was there
 */
export async function addReaction(
  tx: Tx,
  space: Space<'write'>,
  messageId: string,
  emoji: string,
  at: Date,
): Promise<'added' | 'same' | 'full'> {
  const is = sql`space_id = ${space.id} and message_id = ${messageId}`;
  const { rows } = await tx.execute<{ emoji: string }>(
    sql`select distinct emoji from reactions where ${is}`,
  );
  if (rows.length >= REACTIONS_MAX && !rows.some((row) => row.emoji === emoji)) return 'full';
  const added = await tx.execute(sql`
    insert into reactions (space_id, message_id, emoji, user_id, created_at)
    values (${space.id}, ${messageId}, ${emoji}, ${space.actor.userId}, ${at.toISOString()})
    on conflict do nothing returning 1`);
  return added.rows.length > 0 ? 'added' : 'same';
}

/** Takes the actor's reaction back; false where there is none. */
export async function removeReaction(
  tx: Tx,
  space: Space<'write'>,
  messageId: string,
  emoji: string,
): Promise<boolean> {
  const { rows } = await tx.execute(sql`
    delete from reactions where space_id = ${space.id} and message_id = ${messageId}
      and emoji = ${emoji} and user_id = ${space.actor.userId} returning 1`);
  return rows.length > 0;
}

/** Takes all reactions away, as a deletion does. */
export async function clearReactions(
  tx: Tx,
  space: Space<'write'>,
  messageId: string,
): Promise<void> {
  await tx.execute(
    sql`delete from reactions where space_id = ${space.id} and message_id = ${messageId}`,
  );
}
