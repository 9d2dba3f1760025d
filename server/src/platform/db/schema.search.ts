import { sql } from 'drizzle-orm';
import {
  bigint,
  bit,
  index,
  integer,
  pgTable,
  primaryKey,
  real,
  text,
  uuid,
} from 'drizzle-orm/pg-core';
import type { ContentKind, ContentType } from '@teambrain/contract/kinds.ts';
import { embedding, EMBEDDING_SIZE, seq } from './columns.ts';
import { spaces } from './schema.ts';

/** The lexical unit of search: a section of an entry or a run of chat turns. */
export const passages = pgTable(
  'passages',
  {
    id: uuid().primaryKey(),
    spaceId: uuid()
      .notNull()
      .references(() => spaces.id, { onDelete: 'cascade' }),
    kind: text().$type<ContentKind>().notNull(),
    /** The entry, or the first message of the run. */
    sourceId: uuid().notNull(),
    /** The thread of a run of replies; null of all others. */
    threadId: uuid(),
    version: integer().notNull(),
    firstSeq: seq(),
    lastSeq: seq(),
    title: text().notNull(),
    heading: text().notNull(),
    /** Number of terms, the document length of BM25. */
    length: real().notNull(),
    /** How its terms were made; older ones are made again in the background. */
    format: integer().notNull().default(1),
  },
  (t) => [
    index('passages_format').on(t.format),
    index('passages_source').on(t.spaceId, t.sourceId),
    index('passages_run').on(t.spaceId, sql`coalesce(${t.threadId}, ${t.spaceId})`, t.lastSeq),
  ],
);

/** Moves with every change of a space's passages, so that what was found among them is not taken for new. */
export const searchVersions = pgTable('search_versions', {
  spaceId: uuid()
    .primaryKey()
    .references(() => spaces.id, { onDelete: 'cascade' }),
  version: bigint({ mode: 'number' }).notNull(),
});

export const postings = pgTable(
  'postings',
  {
    passageId: uuid()
      .notNull()
      .references(() => passages.id, { onDelete: 'cascade' }),
    term: text().notNull(),
    frequency: real().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.passageId, t.term] }),
    index('postings_term').using('btree', t.term.op('text_pattern_ops'), t.passageId, t.frequency),
  ],
);

/** A sentence of a passage with its place in the source and its vector. */
export const sentences = pgTable(
  'sentences',
  {
    passageId: uuid()
      .notNull()
      .references(() => passages.id, { onDelete: 'cascade' }),
    ordinal: integer().notNull(),
    spaceId: uuid().notNull(),
    sourceType: text().$type<ContentType>().notNull(),
    sourceId: uuid().notNull(),
    version: integer().notNull(),
    start: integer().notNull(),
    end: integer().notNull(),
    author: text().notNull(),
    /** Plain text; empty for the row that carries the title's vector. */
    text: text().notNull(),
    quote: text().notNull(),
    embedding: embedding(),
  },
  (t) => [
    primaryKey({ columns: [t.passageId, t.ordinal] }),
    index('sentences_source').on(t.spaceId, t.sourceId),
  ],
);

/**
 * The signs of each sentence's vector, in rows so narrow that a query compares itself with all of
 * them in the time that a few hundred whole vectors take.
 */
export const sentenceCodes = pgTable(
  'sentence_codes',
  {
    passageId: uuid()
      .notNull()
      .references(() => passages.id, { onDelete: 'cascade' }),
    ordinal: integer().notNull(),
    spaceId: uuid().notNull(),
    code: bit({ dimensions: EMBEDDING_SIZE }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.passageId, t.ordinal] }),
    index('sentence_codes_space').on(t.spaceId),
  ],
);
