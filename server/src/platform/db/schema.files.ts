import { sql } from 'drizzle-orm';
import {
  bigint,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import type { FileType } from '@teambrain/contract/files.ts';
import { instant } from './columns.ts';
import { spaces, users } from './schema.ts';

/**
 * What lies in the file store, by key. A row is there before the first byte is written and as long
 * as one may be left, so that nothing is forgotten in the store. A trigger of `files` releases a
 * blob when its file goes, however it goes: with its message, its space, or a restore.
 */
export const blobs = pgTable(
  'blobs',
  {
    key: uuid().primaryKey(),
    createdAt: instant().notNull(),
    /** Null while it is coming in. */
    storedAt: instant(),
    /** When its file went; its bytes go within a minute. */
    releasedAt: instant(),
    bytes: bigint({ mode: 'number' }).notNull().default(0),
    /** SHA-256, in hexadecimal. */
    sha256: text().notNull().default(''),
  },
  (t) => [
    index('blobs_to_remove')
      .on(t.createdAt)
      .where(sql`${t.releasedAt} is not null or ${t.storedAt} is null`),
  ],
);

/** Uploads, and the message that each hangs on. */
export const files = pgTable(
  'files',
  {
    spaceId: uuid()
      .notNull()
      .references(() => spaces.id, { onDelete: 'cascade' }),
    id: uuid().notNull(),
    ownerId: uuid()
      .notNull()
      .references(() => users.id),
    /** Null until a message names it, for a day at most. */
    messageId: uuid(),
    name: text().notNull(),
    type: text().$type<FileType>().notNull(),
    bytes: bigint({ mode: 'number' }).notNull(),
    /** Of a picture, upright. */
    width: integer(),
    height: integer(),
    createdAt: instant().notNull(),
    blobKey: uuid()
      .notNull()
      .references(() => blobs.key),
    /** The picture made small. */
    smallKey: uuid().references(() => blobs.key),
  },
  (t) => [
    primaryKey({ columns: [t.spaceId, t.id] }),
    uniqueIndex('files_id').on(t.id),
    index('files_owner').on(t.ownerId),
    index('files_message').on(t.spaceId, t.messageId),
    index('files_unattached')
      .on(t.createdAt)
      .where(sql`${t.messageId} is null`),
  ],
);
