import { and, eq, inArray, isNull, or, sql } from 'drizzle-orm';
import type { Attachment } from '@teambrain/contract/files.ts';
import { recheck, type Space } from '../../platform/access/access.ts';
import { holdSession } from '../../platform/access/hold-session.ts';
import {
  violatedConstraint,
  type Database,
  type Executor,
  type Tx,
} from '../../platform/db/database.ts';
import { blobs, files } from '../../platform/db/schema.files.ts';

/** Each property of a file that readers see. */
const columns = {
  id: files.id,
  name: files.name,
  type: files.type,
  bytes: files.bytes,
  width: files.width,
  height: files.height,
} satisfies Record<keyof Attachment, unknown>;

/** Uploads of the grant's actor in its space. */
const own = (space: Space<'write'>) =>
  and(eq(files.spaceId, space.id), eq(files.ownerId, space.actor.userId));

/** What a blob is known by once its bytes are in the store. */
export interface Stored {
  key: string;
  bytes: number;
  sha256: string;
}

/** Notes keys before anything is written under them. */
export async function insertBlobs(db: Executor, keys: readonly string[], at: Date): Promise<void> {
  await db.insert(blobs).values(keys.map((key) => ({ key, createdAt: at })));
}

/** Nothing is to be left under these keys. */
export async function releaseBlobs(db: Executor, keys: readonly string[]): Promise<void> {
  await db
    .update(blobs)
    .set({ releasedAt: sql`now()` })
    .where(inArray(blobs.key, [...keys]));
}

export interface NewFile extends Attachment {
  createdAt: Date;
  blob: Stored;
  small: Stored | null;
}

/** One upload after the other: what all files take is summed up before a row is added to it. */
const IN_TURN = sql`select pg_advisory_xact_lock(hashtext('teambrain files'))`;

/**
 * Keeps an upload with its blobs, if its actor still has the session and the right; false where its id
 * is taken.
 * @param requireRoom that there is room for it; what it reads stays so until the row is there
 */
export async function insertFile(
  db: Database,
  space: Space<'write'>,
  { blob, small, ...file }: NewFile,
  requireRoom: (tx: Tx) => Promise<void>,
): Promise<boolean> {
  try {
    await db.transaction(async (tx) => {
      await holdSession(tx, space.actor);
      await recheck(tx, space);
      await tx.execute(IN_TURN);
      await requireRoom(tx);
      for (const { key, ...stored } of small ? [blob, small] : [blob]) {
        await tx
          .update(blobs)
          .set({ ...stored, storedAt: file.createdAt })
          .where(eq(blobs.key, key));
      }
      await tx.insert(files).values({
        ...file,
        spaceId: space.id,
        ownerId: space.actor.userId,
        blobKey: blob.key,
        smallKey: small?.key ?? null,
      });
    });
    return true;
  } catch (error) {
    if (['files_id', 'files_space_id_id_pk'].includes(violatedConstraint(error) ?? ''))
      return false;
    throw error;
  }
}

/** An upload of the actor to this space, whatever it hangs on. */
export async function findOwn(
  db: Executor,
  space: Space<'write'>,
  id: string,
): Promise<Attachment | null> {
  const [row] = await db
    .select(columns)
    .from(files)
    .where(and(own(space), eq(files.id, id)));
  return row ?? null;
}

/** Whether the id is another file's, wherever that is. */
export const isTaken = async (db: Executor, id: string): Promise<boolean> =>
  (await db.$count(files, eq(files.id, id))) > 0;

/** Uploads of the actor that hang on nothing, or on this message. */
export async function listFree(
  db: Executor,
  space: Space<'write'>,
  ids: readonly string[],
  messageId: string,
): Promise<Attachment[]> {
  const isFree = or(isNull(files.messageId), eq(files.messageId, messageId));
  return db
    .select(columns)
    .from(files)
    .where(and(own(space), inArray(files.id, [...ids]), isFree));
}

/** Hangs uploads that are free on a message; how many of them were. */
export async function attach(
  tx: Tx,
  space: Space<'write'>,
  ids: readonly string[],
  messageId: string,
): Promise<number> {
  const rows = await tx
    .update(files)
    .set({ messageId })
    .where(and(own(space), inArray(files.id, [...ids]), isNull(files.messageId)))
    .returning({ id: files.id });
  return rows.length;
}

/** Removes an upload of the actor that no message has; false where there is none. */
export async function removeFree(
  db: Executor,
  space: Space<'write'>,
  id: string,
): Promise<boolean> {
  const rows = await db
    .delete(files)
    .where(and(own(space), eq(files.id, id), isNull(files.messageId)))
    .returning({ id: files.id });
  return rows.length > 0;
}

export async function removeOfMessage(
  tx: Tx,
  space: Space<'write'>,
  messageId: string,
): Promise<void> {
  await tx.delete(files).where(and(eq(files.spaceId, space.id), eq(files.messageId, messageId)));
}

/** A file as it is served; before that the right of its reader is checked by its space. */
export interface Served {
  spaceId: string;
  ownerId: string;
  isAttached: boolean;
  name: string;
  type: Attachment['type'];
  blobKey: string;
  bytes: number;
  smallKey: string | null;
  smallBytes: number | null;
}

export async function findServed(db: Executor, id: string): Promise<Served | null> {
  const [row] = await db
    .select({
      spaceId: files.spaceId,
      ownerId: files.ownerId,
      isAttached: sql<boolean>`${files.messageId} is not null`,
      name: files.name,
      type: files.type,
      blobKey: files.blobKey,
      bytes: files.bytes,
      smallKey: files.smallKey,
      smallBytes: blobs.bytes,
    })
    .from(files)
    .leftJoin(blobs, eq(blobs.key, files.smallKey))
    .where(eq(files.id, id));
  return row ?? null;
}

/** Bytes that a person has uploaded, and all together. */
export async function sumBytes(
  db: Executor,
  userId: string,
): Promise<{ own: number; all: number }> {
  const { rows } = await db.execute<{ own: string; all: string }>(sql`
    select coalesce(sum(bytes), 0) as all,
      coalesce(sum(bytes) filter (where owner_id = ${userId}), 0) as own from files`);
  return { own: Number(rows[0]?.own ?? 0), all: Number(rows[0]?.all ?? 0) };
}

/** Nothing of its owner's that is not sent yet names the upload `f`. */
const isHeldByNone = sql`not exists (select from drafts d
  where d.user_id = f.owner_id and d.space_id = f.space_id and f.id = any(d.files))
  and not exists (select from scheduled d
    where d.user_id = f.owner_id and d.space_id = f.space_id and f.id = any(d.files))`;

/** Forgets uploads from before `until` that no message, draft or scheduled message has, at most so many. */
export async function removeStale(db: Executor, until: Date, limit: number): Promise<number> {
  const { rows } = await db.execute(sql`
    delete from files where (space_id, id) in (
      select f.space_id, f.id from files f
      where f.message_id is null and f.created_at < ${until.toISOString()}::timestamptz
        and ${isHeldByNone}
      order by f.created_at limit ${limit} for update skip locked)
    returning 1`);
  return rows.length;
}

/**
 * Keys under which nothing is to be left: released ones, and those that began before `begunUntil`
 * and were never complete. Another sweep passes over them for a minute.
 */
export async function claimRemovals(
  db: Executor,
  { begunUntil, limit }: { begunUntil: Date; limit: number },
): Promise<string[]> {
  const { rows } = await db.execute<{ key: string }>(sql`
    update blobs set released_at = now() + interval '1 minute' where key in (
      select b.key from blobs b
      where (b.released_at <= now()
          or (b.released_at is null and b.stored_at is null
            and b.created_at < ${begunUntil.toISOString()}::timestamptz))
        and not exists (select from files f where f.blob_key = b.key or f.small_key = b.key)
      order by b.created_at limit ${limit} for update skip locked)
    returning key`);
  return rows.map(({ key }) => key);
}

/** The bytes under these keys are gone. */
export async function removeBlobs(db: Executor, keys: readonly string[]): Promise<void> {
  await db.delete(blobs).where(inArray(blobs.key, [...keys]));
}
