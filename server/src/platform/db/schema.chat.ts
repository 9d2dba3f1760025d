import { sql } from 'drizzle-orm';
import {
  boolean,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import type { Attachment } from '@teambrain/contract/files.ts';
import { instant, seq } from './columns.ts';
import { spaces, users } from './schema.ts';

/**
 * Replies to a root: now a message of the space, later also an entry. A thread of a message has its
 * root's id, so that whoever replies first needs no other.
 */
export const threads = pgTable(
  'threads',
  {
    spaceId: uuid()
      .notNull()
      .references(() => spaces.id, { onDelete: 'cascade' }),
    id: uuid().notNull(),
    rootType: text().$type<'message'>().notNull(),
    rootId: uuid().notNull(),
    /** The passage of the root that it is about; null for all of it. */
    anchor: jsonb(),
    resolvedAt: instant(),
  },
  (t) => [
    primaryKey({ columns: [t.spaceId, t.id] }),
    uniqueIndex('threads_root')
      .on(t.spaceId, t.rootType, t.rootId)
      .where(sql`${t.anchor} is null`),
  ],
);

/** Who follows which thread, or chose not to. */
export const threadFollows = pgTable(
  'thread_follows',
  {
    spaceId: uuid().notNull(),
    threadId: uuid().notNull(),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    following: boolean().notNull(),
    /** Replies up to it have been read. */
    readSeq: seq().notNull().default(0),
  },
  (t) => [
    primaryKey({ columns: [t.spaceId, t.threadId, t.userId] }),
    index('thread_follows_user').on(t.userId),
    foreignKey({
      columns: [t.spaceId, t.threadId],
      foreignColumns: [threads.spaceId, threads.id],
    }).onDelete('cascade'),
  ],
);

export const messages = pgTable(
  'messages',
  {
    spaceId: uuid()
      .notNull()
      .references(() => spaces.id, { onDelete: 'cascade' }),
    id: uuid().notNull(),
    seq: seq().notNull(),
    version: integer().notNull().default(1),
    authorId: uuid()
      .notNull()
      .references(() => users.id),
    text: text().notNull(),
    createdAt: instant().notNull(),
    editedAt: instant(),
    deletedAt: instant(),
    /** Null in the space's own stream. */
    threadId: uuid(),
    /** Whether a reply is in the space's own stream as well. */
    inSpace: boolean().notNull().default(false),
    /** What `files` says of those that it carries, as readers get it; it never changes. */
    files: jsonb()
      .$type<Attachment[]>()
      .notNull()
      .default(sql`'[]'::jsonb`),
    /** A message that it quotes, which may be gone by now, and its version at that time. */
    quoteSpaceId: uuid(),
    quoteId: uuid(),
    quoteVersion: integer(),
  },
  (t) => [
    primaryKey({ columns: [t.spaceId, t.id] }),
    uniqueIndex('messages_seq').on(t.spaceId, t.seq),
    index('messages_stream')
      .on(t.spaceId, t.seq)
      .where(sql`${t.threadId} is null or ${t.inSpace}`),
    index('messages_time')
      .on(t.spaceId, t.createdAt)
      .where(sql`${t.threadId} is null or ${t.inSpace}`),
    index('messages_thread')
      .on(t.spaceId, t.threadId, t.seq)
      .where(sql`${t.threadId} is not null`),
    foreignKey({
      columns: [t.spaceId, t.threadId],
      foreignColumns: [threads.spaceId, threads.id],
    }).onDelete('cascade'),
  ],
);

export const reactions = pgTable(
  'reactions',
  {
    spaceId: uuid().notNull(),
    messageId: uuid().notNull(),
    emoji: text().notNull(),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    createdAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.spaceId, t.messageId, t.emoji, t.userId] }),
    index('reactions_user').on(t.userId),
    foreignKey({
      columns: [t.spaceId, t.messageId],
      foreignColumns: [messages.spaceId, messages.id],
    }).onDelete('cascade'),
  ],
);

/** Messages that stay at hand for everyone in a space. */
export const pins = pgTable(
  'pins',
  {
    spaceId: uuid().notNull(),
    messageId: uuid().notNull(),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    createdAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.spaceId, t.messageId] }),
    index('pins_user').on(t.userId),
    foreignKey({
      columns: [t.spaceId, t.messageId],
      foreignColumns: [messages.spaceId, messages.id],
    }).onDelete('cascade'),
  ],
);

/** What messages said before their edits; emptied by deletion. */
export const messageVersions = pgTable(
  'message_versions',
  {
    spaceId: uuid().notNull(),
    messageId: uuid().notNull(),
    version: integer().notNull(),
    text: text().notNull(),
    createdAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.spaceId, t.messageId, t.version] }),
    foreignKey({
      columns: [t.spaceId, t.messageId],
      foreignColumns: [messages.spaceId, messages.id],
    }).onDelete('cascade'),
  ],
);
