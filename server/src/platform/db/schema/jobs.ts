import { sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { instant } from '../columns.ts';

/** Work for later: each is done by one instance, again after a failure, until it is done or parked. */
export const jobs = pgTable(
  'jobs',
  {
    kind: text().notNull(),
    /** What it is about; there is one of a kind and key. */
    key: text().notNull(),
    payload: jsonb().notNull(),
    runAt: instant().notNull(),
    /** How often it was begun. */
    attempts: integer().notNull().default(0),
    /** Name of the last error; its words may be those of people, and are in the log alone. */
    error: text(),
    /** Of the one turn in which it is being done now. */
    lease: uuid(),
    leaseUntil: instant(),
    /** When it was given up. */
    parkedAt: instant(),
  },
  (t) => [
    primaryKey({ columns: [t.kind, t.key] }),
    index('jobs_due')
      .on(t.runAt)
      .where(sql`${t.parkedAt} is null`),
  ],
);
