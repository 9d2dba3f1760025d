import { sql, type SQL } from 'drizzle-orm';
import { linksOf, type LinkTarget } from '@teambrain/contract/links.ts';
import type { ContentType } from '@teambrain/contract/kinds.ts';
import type { Tx } from '../db/database.ts';

/** A link of a text as its row has it. */
export interface LinkRow {
  rel: 'mention' | 'link';
  to_type: LinkTarget;
  to_id: string;
  start: number;
  end: number;
}

/** The rows of a text's links; undefined where it has none, as most have. */
export function linkRowsOf(markdown: string): LinkRow[] | undefined {
  const found = linksOf(markdown);
  if (found.length === 0) return undefined;
  return found.map(({ to, id, isMention, start, end }) => ({
    rel: isMention ? 'mention' : 'link',
    to_type: to,
    to_id: id,
    start,
    end,
  }));
}

/** Rows given as JSON, as a table `l`. */
export const linkRows = (rows: SQL): SQL =>
  sql`jsonb_to_recordset(${rows}) l(rel text, to_type text, to_id uuid, start int, "end" int)`;

interface From {
  spaceId: string;
  type: ContentType;
  id: string;
  version: number;
  /** Of a message. */
  seq?: number;
}

/** What a text links to from now on; the row of the text is locked. */
export async function putLinks(tx: Tx, from: From, markdown: string): Promise<void> {
  await clearLinks(tx, from);
  const rows = linkRowsOf(markdown);
  if (!rows) return;
  await tx.execute(sql`
    insert into links (space_id, from_type, from_id, from_version, from_seq, rel, to_type, to_id,
      start, "end")
    select ${from.spaceId}::uuid, ${from.type}, ${from.id}::uuid, ${from.version}::int,
      ${from.seq ?? null}::bigint, l.rel, l.to_type, l.to_id, l.start, l."end"
    from ${linkRows(sql`${JSON.stringify(rows)}::jsonb`)}`);
}

export async function clearLinks(tx: Tx, { spaceId, type, id }: Omit<From, 'version'>) {
  await tx.execute(
    sql`delete from links where space_id = ${spaceId} and from_type = ${type} and from_id = ${id}`,
  );
}
