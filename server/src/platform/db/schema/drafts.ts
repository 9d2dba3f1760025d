import { sql } from 'drizzle-orm';
import { bigint, boolean, index, jsonb, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core';
import type { QuoteRef } from '@teambrain/contract/quoted.ts';
import type { SendFailure } from '@teambrain/contract/scheduled.ts';
import { instant } from '../columns.ts';
import { spaces, users } from '../schema.ts';

/** Words of one person that were not sent yet: one draft in each space's own stream and thread. */
export const drafts = pgTable(
  'drafts',
  {
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    spaceId: uuid()
      .notNull()
      .references(() => spaces.id, { onDelete: 'cascade' }),
    threadId: uuid(),
    text: text().notNull(),
    /** Uploads of the person that it holds, in order. */
    files: uuid()
      .array()
      .notNull()
      .default(sql`'{}'`),
    /** Grows at its place, also when the draft went and came again. */
    version: bigint({ mode: 'number' }).notNull(),
    updatedAt: instant().notNull(),
  },
  (t) => [
    unique('drafts_place').on(t.userId, t.spaceId, t.threadId).nullsNotDistinct(),
    index('drafts_space').on(t.spaceId),
  ],
);

/** Messages that are to be sent later; each has a job of kind `scheduled` while it waits. */
export const scheduled = pgTable(
  'scheduled',
  {
    /** Of the message that it becomes. */
    id: uuid().primaryKey(),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    spaceId: uuid()
      .notNull()
      .references(() => spaces.id, { onDelete: 'cascade' }),
    threadId: uuid(),
    inSpace: boolean().notNull(),
    text: text().notNull(),
    /** Uploads of the person that it holds, in order. */
    files: uuid().array().notNull(),
    quote: jsonb().$type<QuoteRef>(),
    sendAt: instant().notNull(),
    /** Since when it is being sent; nobody changes it then. */
    sendingAt: instant(),
    /** Why it was not sent. */
    failure: text().$type<SendFailure>(),
    createdAt: instant().notNull(),
  },
  (t) => [index('scheduled_user').on(t.userId, t.sendAt), index('scheduled_space').on(t.spaceId)],
);
