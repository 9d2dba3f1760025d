import { sql, type SQL } from 'drizzle-orm';
import { QUOTE_TEXT, type QuoteRef } from '@teambrain/contract/quoted.ts';
import type { Visible } from '../../platform/access/access.ts';
import { instantOf } from '../../platform/db/columns.ts';
import type { Database } from '../../platform/db/database.ts';

/** Bytes that a quote may add to a page: each character can take six. */
const QUOTE_BYTES = 6 * QUOTE_TEXT;

/** What a row `m` of messages adds to its page for what it quotes, to be joined to its text. */
export const quoteBytes = (m: SQL): SQL =>
  sql`case when ${m}.quote_id is null then '' else repeat(' ', ${sql.raw(String(QUOTE_BYTES))}) end`;

/**
 * What a row `m` of messages quotes, as JSON for readers; null where it quotes nothing. The words are
 * those of the quoted message itself, so that they are gone with it: nothing is copied.
 */
export const quoteOf = (m: SQL): SQL => sql`case
  when ${m}.quote_id is not null and ${m}.deleted_at is null then (
    select json_build_object(
      'from', json_build_object('spaceId', ${m}.quote_space_id, 'id', ${m}.quote_id),
      'words', case when q.is_shown then json_build_object(
        'author', json_build_object('id', u.id, 'name', u.name),
        'at', ${instantOf(sql`q.created_at`)}, 'text', left(q.text, ${sql.raw(String(QUOTE_TEXT))})) end,
      'isChanged', q.id is not null and not q.is_shown)
    from (select 1) one
    left join (
      select x.*, x.space_id = ${m}.space_id or x.version = ${m}.quote_version is_shown
      from messages x where x.space_id = ${m}.quote_space_id and x.id = ${m}.quote_id
        and x.deleted_at is null) q on true
    left join users u on u.id = q.author_id) end`;

/** Whether somebody may read the message and it was not deleted. */
export async function isQuotable(
  db: Database,
  visible: Visible,
  { spaceId, id }: QuoteRef,
): Promise<boolean> {
  const { rows } = await db.execute(sql`
    select from messages m where m.space_id = ${spaceId} and m.id = ${id} and m.deleted_at is null
      and m.space_id in ${visible.spaceIds}`);
  return rows.length > 0;
}
