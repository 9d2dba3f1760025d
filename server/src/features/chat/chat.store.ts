import { and, asc, desc, eq, gt, gte, isNull, lt, lte, sql, type SQL } from 'drizzle-orm';
import type { Message } from '@teambrain/contract/chat.ts';
import type { Space, Visible } from '../../platform/access/access.ts';
import { personOf, type Executor } from '../../platform/db/database.ts';
import { messages, spaces } from '../../platform/db/schema.ts';

const columns = {
  id: messages.id,
  spaceId: messages.spaceId,
  seq: messages.seq,
  version: messages.version,
  author: personOf(messages.authorId),
  text: messages.text,
  createdAt: messages.createdAt,
  editedAt: messages.editedAt,
  deletedAt: messages.deletedAt,
};

const query = (db: Executor) => db.select(columns).from(messages);
type Row = Awaited<ReturnType<typeof query>>[number];

const toMessage = (row: Row): Message => ({
  ...row,
  createdAt: row.createdAt.toISOString(),
  editedAt: row.editedAt?.toISOString() ?? null,
  deletedAt: row.deletedAt?.toISOString() ?? null,
});

export async function findMessage(
  db: Executor,
  space: Space<'read'>,
  id: string,
): Promise<Message | null> {
  const [row] = await query(db).where(and(eq(messages.spaceId, space.id), eq(messages.id, id)));
  return row ? toMessage(row) : null;
}

/** False if the id is in use in this space. */
export async function insertMessage(
  db: Executor,
  space: Space<'write'>,
  row: { id: string; seq: number; text: string; createdAt: Date },
): Promise<boolean> {
  const inserted = await db
    .insert(messages)
    .values({ ...row, spaceId: space.id, authorId: space.actor.userId })
    .onConflictDoNothing()
    .returning({ id: messages.id });
  return inserted.length > 0;
}

/** Changes the message if it still stands at `version`. */
export async function updateMessage(
  db: Executor,
  space: Space<'write'>,
  { id, version }: { id: string; version: number },
  change: { text: string; editedAt?: Date; deletedAt?: Date },
): Promise<boolean> {
  const updated = await db
    .update(messages)
    .set({ ...change, version: version + 1 })
    .where(
      and(
        eq(messages.spaceId, space.id),
        eq(messages.id, id),
        eq(messages.version, version),
        isNull(messages.deletedAt),
      ),
    )
    .returning({ id: messages.id });
  return updated.length > 0;
}

/** Up to `limit` messages before or after a seq (exclusive), or the latest; ascending. */
export async function listMessages(
  db: Executor,
  space: Space<'read'>,
  range: { before?: number; after?: number },
  limit: number,
): Promise<{ items: Message[]; head: number }> {
  const isForward = range.after !== undefined;
  const condition: SQL | undefined = isForward
    ? gt(messages.seq, range.after ?? 0)
    : range.before !== undefined
      ? lt(messages.seq, range.before)
      : undefined;
  // One statement, one snapshot: nothing falls between the page and the head to subscribe after.
  const rows = await db
    .select({ head: spaces.lastSeq, ...columns })
    .from(spaces)
    .leftJoin(messages, and(eq(messages.spaceId, spaces.id), condition))
    .where(eq(spaces.id, space.id))
    .orderBy(isForward ? asc(messages.seq) : desc(messages.seq))
    .limit(limit);
  const items = rows.filter((row): row is Row & { head: number } => row.id !== null).map(strip);
  return { items: isForward ? items : items.reverse(), head: rows[0]?.head ?? 0 };
}

const strip = ({ head: _, ...row }: Row & { head: number }): Message => toMessage(row);

/** What stands in a stretch of the chat, both ends included; for the index and summaries. */
export async function listStretch(
  db: Executor,
  spaceId: string,
  range: { first?: number; last?: number; from?: Date; to?: Date; limit: number },
): Promise<Message[]> {
  const rows = await query(db)
    .where(
      and(
        eq(messages.spaceId, spaceId),
        isNull(messages.deletedAt),
        range.first === undefined ? undefined : gte(messages.seq, range.first),
        range.last === undefined ? undefined : lte(messages.seq, range.last),
        range.from ? gte(messages.createdAt, range.from) : undefined,
        range.to ? lt(messages.createdAt, range.to) : undefined,
      ),
    )
    .orderBy(desc(messages.seq))
    .limit(range.limit);
  return rows.reverse().map(toMessage);
}

/** Where a message stands in its space, deleted or not; for the index. */
export async function findSeq(db: Executor, spaceId: string, id: string): Promise<number | null> {
  const [row] = await db
    .select({ seq: messages.seq })
    .from(messages)
    .where(and(eq(messages.spaceId, spaceId), eq(messages.id, id)));
  return row?.seq ?? null;
}

/** Standing messages with these ids, each only if its space is visible. */
export async function listVisible(
  db: Executor,
  visible: Visible,
  ids: string[],
): Promise<Message[]> {
  if (ids.length === 0) return [];
  const rows = await query(db).where(
    and(
      sql`${messages.id} = any(${sql.param(ids)}::uuid[])`,
      sql`${messages.spaceId} in ${visible.spaceIds}`,
      isNull(messages.deletedAt),
    ),
  );
  return rows.map(toMessage);
}
