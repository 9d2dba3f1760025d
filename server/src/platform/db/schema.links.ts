import { sql } from 'drizzle-orm';
import { index, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { LinkTarget } from '@teambrain/contract/links.ts';
import type { ContentType } from '@teambrain/contract/kinds.ts';
import { seq } from './columns.ts';
import { spaces } from './schema.ts';

/**
 * What texts link to, as `linksOf` of the contract reads it: each target once, at its first place.
 * What is linked to may be gone, or may never have been there.
 */
export const links = pgTable(
  'links',
  {
    spaceId: uuid()
      .notNull()
      .references(() => spaces.id, { onDelete: 'cascade' }),
    fromType: text().$type<ContentType>().notNull(),
    fromId: uuid().notNull(),
    fromVersion: integer().notNull(),
    /** Of a message its place in the log, by which unread mentions are found. */
    fromSeq: seq(),
    /** A mention calls whom it names. */
    rel: text().$type<'mention' | 'link'>().notNull(),
    toType: text().$type<LinkTarget>().notNull(),
    toId: uuid().notNull(),
    /** UTF-16 units of the text. */
    start: integer().notNull(),
    end: integer().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.spaceId, t.fromType, t.fromId, t.toType, t.toId] }),
    index('links_mentions')
      .on(t.toId, t.spaceId, t.fromSeq)
      .where(sql`${t.rel} = 'mention'`),
  ],
);
