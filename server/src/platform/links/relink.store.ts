import { sql } from 'drizzle-orm';
import type { Kept } from '../core/kept.ts';
import type { Log } from '../core/log.ts';
import type { Database } from '../db/database.ts';
import { clearLinks, putLinks } from './links.store.ts';

/** To be raised when `linksOf` reads texts in another way: all links are then made again. */
const LINKS_FORMAT = 1;
const STEP = 100;
const FIRST = '00000000-0000-0000-0000-000000000000';

type Table = Pick<Kept, 'type' | 'table' | 'text'>;

interface Row extends Record<string, unknown> {
  id: string;
  space_id: string;
  version: number;
  text: string;
  seq: string | null;
}

/**
 * Makes the links of all texts again where they were made by an earlier format: after an upgrade, and
 * of texts from before there were links. Each text is read and linked under its own lock, so that it
 * can be stopped, repeated, and done by several instances at once.
 * @returns how many texts with addresses were read
 */
export async function relink(
  db: Database,
  tables: readonly Table[],
  log: Log,
  signal?: AbortSignal,
): Promise<number> {
  const { rows } = await db.execute(
    sql`select from instance where links_format is distinct from ${LINKS_FORMAT}::int`,
  );
  if (rows.length === 0) return 0;
  let count = 0;
  for (const table of tables) count += await relinkTable(db, table, signal);
  if (signal?.aborted) return count;
  await db.execute(sql`update instance set links_format = ${LINKS_FORMAT}`);
  log.info({ texts: count }, 'the links of all texts are made');
  return count;
}

/** The same in the background. @returns stops it; the next start goes on */
export function startRelinking(db: Database, tables: readonly Table[], log: Log) {
  const stopping = new AbortController();
  const done = relink(db, tables, log, stopping.signal).catch((error: unknown) => {
    if (stopping.signal.aborted) return;
    log.warn({ err: error }, 'links could not be made and will be at the next start');
  });
  return async (): Promise<void> => {
    stopping.abort();
    await done;
  };
}

async function relinkTable(
  db: Database,
  { type, table, text }: Table,
  signal: AbortSignal | undefined,
): Promise<number> {
  const name = sql.identifier(table);
  const body = sql.identifier(text);
  let after = { space_id: FIRST, id: FIRST };
  for (let count = 0; ;) {
    const { rows } = await db.execute<{ id: string; space_id: string }>(sql`
      select t.id, t.space_id from ${name} t
      where (t.space_id, t.id) > (${after.space_id}::uuid, ${after.id}::uuid)
        and t.deleted_at is null and position('](/' in t.${body}) > 0
      order by t.space_id, t.id limit ${STEP}`);
    for (const { space_id: spaceId, id } of rows) {
      if (signal?.aborted) return count;
      await db.transaction(async (tx) => {
        const found = await tx.execute<Row>(sql`
          select t.version, t.${body} as text, to_jsonb(t) ->> 'seq' as seq from ${name} t
          where t.space_id = ${spaceId} and t.id = ${id} and t.deleted_at is null
          for no key update`);
        const [row] = found.rows;
        if (!row) return clearLinks(tx, { spaceId, type, id });
        const seq = row.seq === null ? {} : { seq: Number(row.seq) };
        await putLinks(tx, { spaceId, type, id, version: row.version, ...seq }, row.text);
      });
    }
    count += rows.length;
    const last = rows.at(-1);
    if (!last || rows.length < STEP) return count;
    after = last;
  }
}
