import { and, desc, eq, lt, lte, sql } from 'drizzle-orm';
import { VERSIONS_KEPT, type Message, type MessageVersion } from '@teambrain/contract/chat.ts';
import type { Space } from '../../platform/access/access.ts';
import type { Executor, Tx } from '../../platform/db/database.ts';
import { fitsPage } from '../../platform/db/page-bytes.ts';
import { messageVersions } from '../../platform/db/schema.chat.ts';

const ofMessage = (spaceId: string, messageId: string) =>
  and(eq(messageVersions.spaceId, spaceId), eq(messageVersions.messageId, messageId));

/** Keeps what a message says now, before it is edited, and forgets the oldest beyond the bound. */
export async function keepVersion(tx: Tx, message: Message): Promise<void> {
  const { id: messageId, spaceId, version, text, createdAt, editedAt } = message;
  const at = new Date(editedAt ?? createdAt);
  await tx.insert(messageVersions).values({ spaceId, messageId, version, text, createdAt: at });
  if (version <= VERSIONS_KEPT) return;
  const oldest = version - VERSIONS_KEPT;
  await tx
    .delete(messageVersions)
    .where(and(ofMessage(spaceId, messageId), lte(messageVersions.version, oldest)));
}

export async function forgetVersions(tx: Tx, space: Space<'write'>, id: string): Promise<void> {
  await tx.delete(messageVersions).where(ofMessage(space.id, id));
}

/** Versions below one, newest first; fewer than `limit` where they are large (PAGE_BYTES). */
export async function listVersions(
  db: Executor,
  space: Space<'read'>,
  id: string,
  { before, limit }: { before: number; limit: number },
): Promise<{ items: MessageVersion[]; hasMore: boolean }> {
  const { version, text, createdAt } = messageVersions;
  const found = db
    .select({ version, text, createdAt })
    .from(messageVersions)
    .where(and(ofMessage(space.id, id), lt(version, before)))
    .orderBy(desc(version))
    .limit(limit + 1)
    .as('found');
  const fits = fitsPage(sql`to_json(${found.text})::text`, sql`${found.version} desc`);
  const page = db
    .select({
      ...found._.selectedFields,
      count: sql<number>`count(*) over ()`.mapWith(Number).as('count'),
      fits: fits.as('fits'),
    })
    .from(found)
    .as('page');
  const rows = await db
    .select()
    .from(page)
    .where(sql`${page.fits}`)
    .orderBy(desc(page.version));
  const items = rows.slice(0, limit).map((row) => ({
    version: row.version,
    text: row.text,
    createdAt: row.createdAt.toISOString(),
  }));
  return { items, hasMore: (rows[0]?.count ?? 0) > items.length };
}
