import { and, desc, eq, isNull, sql } from 'drizzle-orm';
import { DRAFT_SHOWN, DRAFTS_MAX, type Draft } from '@teambrain/contract/drafts.ts';
import type { Space, Visible } from '../../platform/access/access.ts';
import type { Database, Tx } from '../../platform/db/database.ts';
import { drafts } from '../../platform/db/schema/drafts.ts';
import { files } from '../../platform/db/schema.files.ts';
import { spaces, users } from '../../platform/db/schema.ts';

/** The draft of the grant's actor at a place in its space. */
const at = (space: Space<'write'>, threadId: string | null) =>
  and(
    eq(drafts.userId, space.actor.userId),
    eq(drafts.spaceId, space.id),
    threadId === null ? isNull(drafts.threadId) : eq(drafts.threadId, threadId),
  );

/** Lets nobody else change drafts of the person until the transaction ends. */
export async function holdDrafts(tx: Tx, userId: string): Promise<void> {
  await tx.select({ id: users.id }).from(users).where(eq(users.id, userId)).for('no key update');
}

/** Drafts of the reader in spaces they may read, the last changed first; the texts are cut. */
export async function listDrafts(db: Database, { actor, spaceIds }: Visible) {
  return db
    .select({
      spaceId: drafts.spaceId,
      threadId: drafts.threadId,
      spaceName: spaces.name,
      spaceVisibility: spaces.visibility,
      text: sql<string>`left(${drafts.text}, ${DRAFT_SHOWN})`,
      files: sql<number>`cardinality(${drafts.files})`,
      version: drafts.version,
      updatedAt: drafts.updatedAt,
    })
    .from(drafts)
    .innerJoin(spaces, eq(spaces.id, drafts.spaceId))
    .where(and(eq(drafts.userId, actor.userId), sql`${drafts.spaceId} in ${spaceIds}`))
    .orderBy(desc(drafts.updatedAt), desc(drafts.version))
    .limit(DRAFTS_MAX);
}

/** A draft with those of its files that are still its owner's to send. */
export async function findDraft(
  db: Database,
  space: Space<'write'>,
  threadId: string | null,
): Promise<Draft | null> {
  const [row] = await db.select().from(drafts).where(at(space, threadId));
  if (!row) return null;
  const held = await db
    .select({
      id: files.id,
      name: files.name,
      type: files.type,
      bytes: files.bytes,
      width: files.width,
      height: files.height,
    })
    .from(files)
    .where(
      and(
        eq(files.spaceId, space.id),
        eq(files.ownerId, space.actor.userId),
        isNull(files.messageId),
        sql`${files.id} = any(${sql.param(row.files)}::uuid[])`,
      ),
    );
  const { spaceId, text, version, updatedAt } = row;
  const inOrder = row.files.flatMap((id) => held.find((file) => file.id === id) ?? []);
  return { spaceId, threadId, text, files: inOrder, version, updatedAt: updatedAt.toISOString() };
}

export async function versionOf(
  tx: Tx,
  space: Space<'write'>,
  threadId: string | null,
): Promise<number | null> {
  const [row] = await tx
    .select({ version: drafts.version })
    .from(drafts)
    .where(at(space, threadId));
  return row?.version ?? null;
}

export interface NewDraft {
  threadId: string | null;
  text: string;
  files: readonly string[];
  version: number;
  updatedAt: Date;
}

/** Keeps a draft; of its files those that are uploads of the actor to this space, and in no message. */
export async function putDraft(
  tx: Tx,
  space: Space<'write'>,
  { threadId, text, files: ids, version, updatedAt }: NewDraft,
): Promise<void> {
  const { userId } = space.actor;
  const held = sql`array(
    select f.id from unnest(${sql.param([...ids])}::uuid[]) with ordinality w(id, n)
    join files f on f.space_id = ${space.id} and f.id = w.id
    where f.owner_id = ${userId} and f.message_id is null order by w.n)`;
  await tx
    .insert(drafts)
    .values({ userId, spaceId: space.id, threadId, text, files: held, version, updatedAt })
    .onConflictDoUpdate({
      target: [drafts.userId, drafts.spaceId, drafts.threadId],
      set: {
        text: sql`excluded.text`,
        files: sql`excluded.files`,
        version: sql`excluded.version`,
        updatedAt: sql`excluded.updated_at`,
      },
    });
}

export async function removeDraft(
  tx: Tx,
  space: Space<'write'>,
  threadId: string | null,
): Promise<void> {
  await tx.delete(drafts).where(at(space, threadId));
}

export const countDrafts = (tx: Tx, userId: string): Promise<number> =>
  tx.$count(drafts, eq(drafts.userId, userId));

/** Forgets drafts of the reader in spaces they may not read any more. */
export async function removeHidden(tx: Tx, { actor, spaceIds }: Visible): Promise<void> {
  await tx
    .delete(drafts)
    .where(and(eq(drafts.userId, actor.userId), sql`${drafts.spaceId} not in ${spaceIds}`));
}
