import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import type { ContentType, KindOf } from '@teambrain/contract/kinds.ts';
import type { DecisionFields } from '@teambrain/contract/knowledge.ts';
import type { SpaceColour } from '@teambrain/contract/spaces.ts';
import { instant, seq, xid8 } from './columns.ts';

/** One row: identity of this installation's data. */
export const instance = pgTable('instance', {
  id: integer().primaryKey(),
  logEpoch: uuid().notNull(),
  setUpAt: instant(),
  /** The version of the link reader that filled the table `links`; null before the first one. */
  linksFormat: integer(),
});

/** One row while the sample team is loaded: all its ids are made from the seed. */
export const samples = pgTable('samples', {
  id: integer().primaryKey(),
  seed: uuid().notNull(),
  ownerId: uuid()
    .notNull()
    .references(() => users.id),
  startedAt: instant().notNull(),
  finishedAt: instant(),
});

export const users = pgTable(
  'users',
  {
    id: uuid().primaryKey(),
    email: text(),
    name: text().notNull(),
    /** Argon2id PHC string; null for authors that came with an import and cannot log in. */
    passwordHash: text(),
    isAdministrator: boolean().notNull().default(false),
    createdAt: instant().notNull(),
    suspendedAt: instant(),
  },
  (t) => [uniqueIndex('users_email').on(sql`lower(${t.email})`)],
);

export const sessions = pgTable(
  'sessions',
  {
    id: uuid().primaryKey(),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    device: text().notNull(),
    address: text().notNull(),
    createdAt: instant().notNull(),
    lastUsedAt: instant().notNull(),
    endedAt: instant(),
    endReason: text(),
  },
  (t) => [index('sessions_user').on(t.userId, t.createdAt)],
);

/** One row per rotation of a session's refresh token; only hashes are kept. */
export const refreshTokens = pgTable(
  'refresh_tokens',
  {
    hash: text().primaryKey(),
    sessionId: uuid()
      .notNull()
      .references(() => sessions.id, { onDelete: 'cascade' }),
    generation: integer().notNull(),
    createdAt: instant().notNull(),
    usedAt: instant(),
  },
  (t) => [unique('refresh_tokens_generation').on(t.sessionId, t.generation)],
);

export const spaces = pgTable('spaces', {
  id: uuid().primaryKey(),
  name: text().notNull(),
  description: text().notNull().default(''),
  visibility: text().$type<'public' | 'protected'>().notNull(),
  passwordHash: text(),
  /** By which its rows are told apart; without a colour it has one that follows from its id. */
  emoji: text(),
  colour: text().$type<SpaceColour>(),
  /** When many wrong passwords were tried; null once someone took note. */
  guessedAt: instant(),
  createdBy: uuid()
    .notNull()
    .references(() => users.id),
  /** Hash of the creating request, so that a retry is told from another use of the id; empty once it was changed. */
  requestHash: text().notNull(),
  createdAt: instant().notNull(),
  /** The log's counter; also the lock that orders the space's writes. */
  lastSeq: seq().notNull().default(0),
  /** Moves with every change of membership, role or password. */
  rightsVersion: bigint({ mode: 'number' }).notNull().default(1),
});

export const memberships = pgTable(
  'memberships',
  {
    spaceId: uuid()
      .notNull()
      .references(() => spaces.id, { onDelete: 'cascade' }),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    role: text().$type<'owner' | 'moderator' | 'member'>().notNull(),
    joinedAt: instant().notNull(),
    /** The log's seq when they joined: what was said before is not unread. */
    joinedSeq: seq().notNull().default(0),
  },
  (t) => [
    primaryKey({ columns: [t.spaceId, t.userId] }),
    index('memberships_user').on(t.userId, t.spaceId),
  ],
);

/** How far members have read, in a space's own stream (no thread) and in its threads. */
export const readMarks = pgTable(
  'read_marks',
  {
    spaceId: uuid().notNull(),
    userId: uuid().notNull(),
    threadId: uuid(),
    /** Everything up to it has been read. */
    seq: seq().notNull(),
    /** Moves when messages are marked unread, so that no window undoes that. */
    version: integer().notNull().default(1),
    updatedAt: instant().notNull(),
  },
  (t) => [
    unique('read_marks_place').on(t.spaceId, t.userId, t.threadId).nullsNotDistinct(),
    foreignKey({
      columns: [t.spaceId, t.userId],
      foreignColumns: [memberships.spaceId, memberships.userId],
    }).onDelete('cascade'),
  ],
);

/** What people keep for later. It points at content of any type, which may be gone or hidden by now. */
export const saved = pgTable(
  'saved',
  {
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    spaceId: uuid()
      .notNull()
      .references(() => spaces.id, { onDelete: 'cascade' }),
    type: text().$type<ContentType>().notNull(),
    id: uuid().notNull(),
    dueAt: instant(),
    savedAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.userId, t.spaceId, t.type, t.id] }),
    index('saved_space').on(t.spaceId),
  ],
);

/** The append-only log; see REALTIME in docs/decisions/0003. */
export const events = pgTable(
  'events',
  {
    spaceId: uuid()
      .notNull()
      .references(() => spaces.id, { onDelete: 'cascade' }),
    seq: seq().notNull(),
    id: uuid().notNull(),
    type: text().notNull(),
    subjectId: uuid(),
    subjectVersion: integer(),
    actorId: uuid().references(() => users.id),
    /**
     * Client-made id of a creation; with `requestHash` it makes a retry return the first result. The
     * hash is null once the thing was changed or deleted.
     */
    clientId: uuid(),
    requestHash: text(),
    payload: jsonb().notNull(),
    tx: xid8()
      .notNull()
      .default(sql`pg_current_xact_id()`),
    createdAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.spaceId, t.seq] }),
    unique('events_client').on(t.actorId, t.spaceId, t.clientId),
    index('events_tx').on(t.tx, t.spaceId, t.seq),
    index('events_subject').on(t.spaceId, t.subjectId),
  ],
);

/** How far each follower of the log has come, and which instance holds its lease. */
export const followerCursors = pgTable('follower_cursors', {
  follower: text().primaryKey(),
  tx: xid8().notNull(),
  spaceId: uuid().notNull(),
  seq: seq().notNull(),
  leaseOwner: uuid(),
  leaseUntil: instant(),
});

/** Events that a follower could not handle; it went on without them, and tries each again. */
export const parkedEvents = pgTable(
  'parked_events',
  {
    follower: text().notNull(),
    spaceId: uuid()
      .notNull()
      .references(() => spaces.id, { onDelete: 'cascade' }),
    seq: seq().notNull(),
    type: text().notNull(),
    subjectId: uuid(),
    /** How often it failed. */
    attempts: integer().notNull(),
    /** Name of the last error; its words may be those of people, and are in the log alone. */
    error: text().notNull(),
    parkedAt: instant().notNull().defaultNow(),
    retryAt: instant().notNull(),
    /** While it is tried again the follower may see its subject. */
    isTried: boolean().notNull().default(false),
  },
  (t) => [primaryKey({ columns: [t.follower, t.spaceId, t.seq] })],
);

const content = {
  title: text().notNull(),
  status: text().notNull(),
  markdown: text().notNull(),
  decision: jsonb().$type<DecisionFields>(),
};

export const entries = pgTable(
  'entries',
  {
    spaceId: uuid()
      .notNull()
      .references(() => spaces.id, { onDelete: 'cascade' }),
    id: uuid().notNull(),
    kind: text().$type<KindOf<'entry'>>().notNull(),
    ...content,
    version: integer().notNull().default(1),
    parentId: uuid(),
    authorId: uuid()
      .notNull()
      .references(() => users.id),
    createdAt: instant().notNull(),
    updatedBy: uuid()
      .notNull()
      .references(() => users.id),
    updatedAt: instant().notNull(),
    deletedAt: instant(),
  },
  (t) => [
    primaryKey({ columns: [t.spaceId, t.id] }),
    index('entries_list').on(t.spaceId, t.kind, t.title, t.id),
    index('entries_edited').on(t.updatedBy, t.updatedAt),
    index('entries_changed').on(t.spaceId, t.updatedAt),
    foreignKey({ columns: [t.spaceId, t.parentId], foreignColumns: [t.spaceId, t.id] }),
  ],
);

export const revisions = pgTable(
  'revisions',
  {
    spaceId: uuid().notNull(),
    entryId: uuid().notNull(),
    version: integer().notNull(),
    ...content,
    authorId: uuid()
      .notNull()
      .references(() => users.id),
    createdAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.spaceId, t.entryId, t.version] }),
    foreignKey({
      columns: [t.spaceId, t.entryId],
      foreignColumns: [entries.spaceId, entries.id],
    }).onDelete('cascade'),
  ],
);

/** Security-relevant acts: who, what, when, from where. Never updated. */
export const auditLog = pgTable(
  'audit_log',
  {
    id: uuid().primaryKey(),
    at: instant().notNull(),
    actorId: uuid(),
    action: text().notNull(),
    subjectId: uuid(),
    spaceId: uuid(),
    detail: text(),
    address: text(),
    requestId: text(),
  },
  (t) => [index('audit_log_at').on(t.at)],
);
