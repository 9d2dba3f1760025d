import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import type { Attachment } from '@teambrain/contract/files.ts';
import {
  SCHEDULED_MAX,
  SCHEDULED_SHOWN,
  type ListedScheduled,
  type Scheduled,
  type SendFailure,
} from '@teambrain/contract/scheduled.ts';
import type { Space, Visible } from '../../platform/access/access.ts';
import type { Actor } from '../../platform/core/actor.ts';
import type { Database, Executor, Tx } from '../../platform/db/database.ts';
import { messages } from '../../platform/db/schema.chat.ts';
import { scheduled } from '../../platform/db/schema/drafts.ts';
import { files } from '../../platform/db/schema.files.ts';
import { spaces, users } from '../../platform/db/schema.ts';

export type ScheduledRow = typeof scheduled.$inferSelect;

/** What every answer has; the space's name where the reader may read it now. */
const columnsFor = ({ spaceIds }: Visible) => ({
  id: scheduled.id,
  spaceId: scheduled.spaceId,
  spaceName: spaces.name,
  spaceVisibility: spaces.visibility,
  isVisible: sql<boolean>`${scheduled.spaceId} in ${spaceIds}`,
  threadId: scheduled.threadId,
  sendAt: scheduled.sendAt,
  failure: scheduled.failure,
});

interface Listed {
  id: string;
  spaceId: string;
  spaceName: string;
  spaceVisibility: 'public' | 'protected';
  isVisible: boolean;
  threadId: string | null;
  sendAt: Date;
  failure: SendFailure | null;
}

const shown = ({ isVisible, spaceName, spaceVisibility, sendAt, ...row }: Listed) => ({
  ...row,
  spaceName: isVisible ? spaceName : null,
  spaceVisibility: isVisible ? spaceVisibility : null,
  sendAt: sendAt.toISOString(),
});

/** Those of the reader, also in spaces they may not read any more; the texts are cut. */
export async function listScheduled(db: Database, visible: Visible): Promise<ListedScheduled[]> {
  const rows = await db
    .select({
      ...columnsFor(visible),
      text: sql<string>`left(${scheduled.text}, ${SCHEDULED_SHOWN})`,
      files: sql<number>`cardinality(${scheduled.files})`,
    })
    .from(scheduled)
    .innerJoin(spaces, eq(spaces.id, scheduled.spaceId))
    .where(eq(scheduled.userId, visible.actor.userId))
    .orderBy(asc(scheduled.sendAt), asc(scheduled.id))
    .limit(SCHEDULED_MAX);
  return rows.map(({ text, files, ...row }) => ({ ...shown(row), text, files }));
}

export async function findScheduled(
  db: Database,
  visible: Visible,
  id: string,
): Promise<Scheduled | null> {
  const [row] = await db
    .select({ ...columnsFor(visible), text: scheduled.text, files: scheduled.files })
    .from(scheduled)
    .innerJoin(spaces, eq(spaces.id, scheduled.spaceId))
    .where(and(eq(scheduled.id, id), eq(scheduled.userId, visible.actor.userId)));
  if (!row) return null;
  const { text, files: ids, ...rest } = row;
  return {
    ...shown(rest),
    text,
    files: row.isVisible ? await listHeld(db, visible.actor, ids) : [],
  };
}

/** Those of the uploads that are the actor's and in no message, in the order asked for. */
async function listHeld(
  db: Database,
  { userId }: Actor,
  ids: readonly string[],
): Promise<Attachment[]> {
  if (ids.length === 0) return [];
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
        eq(files.ownerId, userId),
        isNull(files.messageId),
        sql`${files.id} = any(${sql.param([...ids])}::uuid[])`,
      ),
    );
  return ids.flatMap((id) => held.find((file) => file.id === id) ?? []);
}

/** Lets nobody else schedule messages of the person until the transaction ends. */
export async function holdPerson(tx: Tx, userId: string): Promise<void> {
  await tx.select({ id: users.id }).from(users).where(eq(users.id, userId)).for('no key update');
}

/** Whether the actor has scheduled it, in this space. */
export async function isOwn(tx: Tx, space: Space<'write'>, id: string): Promise<boolean> {
  const own = and(eq(scheduled.userId, space.actor.userId), eq(scheduled.spaceId, space.id));
  return (await tx.$count(scheduled, and(own, eq(scheduled.id, id)))) > 0;
}

/** Whether the id is that of a message of the space, or of one that anybody sends later. */
export async function isTaken(tx: Tx, space: Space<'write'>, id: string): Promise<boolean> {
  const isMessage = and(eq(messages.spaceId, space.id), eq(messages.id, id));
  const found = await Promise.all([
    tx.$count(scheduled, eq(scheduled.id, id)),
    tx.$count(messages, isMessage),
  ]);
  return found.some((count) => count > 0);
}

export const countOwn = (tx: Tx, userId: string): Promise<number> =>
  tx.$count(scheduled, eq(scheduled.userId, userId));

type NewScheduled = Omit<ScheduledRow, 'userId' | 'spaceId' | 'sendingAt' | 'failure'>;

/** False where another person's with this id came at the same moment. */
export async function insertScheduled(
  tx: Tx,
  space: Space<'write'>,
  row: NewScheduled,
): Promise<boolean> {
  const inserted = await tx
    .insert(scheduled)
    .values({ ...row, userId: space.actor.userId, spaceId: space.id })
    .onConflictDoNothing()
    .returning({ id: scheduled.id });
  return inserted.length > 0;
}

/** One's own, as it is until the transaction ends. */
export async function holdOwn(tx: Tx, userId: string, id: string): Promise<ScheduledRow | null> {
  const [row] = await tx
    .select()
    .from(scheduled)
    .where(and(eq(scheduled.id, id), eq(scheduled.userId, userId)))
    .for('update');
  return row ?? null;
}

export async function updateScheduled(
  tx: Tx,
  id: string,
  change: Pick<ScheduledRow, 'text' | 'sendAt' | 'failure'>,
): Promise<void> {
  await tx.update(scheduled).set(change).where(eq(scheduled.id, id));
}

export async function removeScheduled(db: Executor, id: string): Promise<void> {
  await db.delete(scheduled).where(eq(scheduled.id, id));
}

/** From now on nobody changes it; null where it is gone, or failed for good. */
export async function takeToSend(db: Executor, id: string, at: Date): Promise<ScheduledRow | null> {
  const [row] = await db
    .update(scheduled)
    .set({ sendingAt: at })
    .where(and(eq(scheduled.id, id), isNull(scheduled.failure)))
    .returning();
  return row ?? null;
}

/** It can be changed until it is tried again. */
export async function letGo(db: Executor, id: string): Promise<void> {
  await db.update(scheduled).set({ sendingAt: null }).where(eq(scheduled.id, id));
}

/** It stays in the list with the reason; gives whose it is. */
export async function noteFailure(
  db: Executor,
  id: string,
  failure: SendFailure,
): Promise<string | null> {
  const [row] = await db
    .update(scheduled)
    .set({ failure, sendingAt: null })
    .where(eq(scheduled.id, id))
    .returning({ userId: scheduled.userId });
  return row?.userId ?? null;
}

/** Whether the message is there, deleted since or not. */
export async function isPosted(
  db: Executor,
  { id, spaceId, userId }: Pick<ScheduledRow, 'id' | 'spaceId' | 'userId'>,
): Promise<boolean> {
  const is = and(eq(messages.spaceId, spaceId), eq(messages.id, id), eq(messages.authorId, userId));
  return (await db.$count(messages, is)) > 0;
}

/** The person as one who writes without a session; null where they may not sign in any more. */
export async function findAuthor(db: Executor, userId: string): Promise<Actor | null> {
  const [row] = await db
    .select({ name: users.name, isAdministrator: users.isAdministrator })
    .from(users)
    .where(and(eq(users.id, userId), isNull(users.suspendedAt)));
  return row ? { userId, ...row, sessionId: '' } : null;
}
