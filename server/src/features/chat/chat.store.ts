import { and, asc, desc, eq, gt, gte, isNull, lt, or, sql, type SQL } from 'drizzle-orm';
import { messagePosted, type Message } from '@teambrain/contract/chat.ts';
import type { QuoteRef } from '@teambrain/contract/quoted.ts';
import type { Attachments, ChatPlace, ChatRange } from '../../platform/core/knowledge.ts';
import type { Space, Visible } from '../../platform/access/access.ts';
import { personOf, type Database, type Executor, type Tx } from '../../platform/db/database.ts';
import { linkRows } from '../../platform/links/links.store.ts';
import { prepare } from '../../platform/db/prepared.ts';
import { messages } from '../../platform/db/schema.chat.ts';
import { fieldProblem, problem } from '../../platform/core/problem.ts';
import type { Kind } from '../../platform/events/append.statement.ts';
import { hasRoot, withThreads } from './chat.threads.store.ts';

/** Each property of a message and where it is kept: the one list of what a message shows. */
export const columns = {
  id: messages.id,
  spaceId: messages.spaceId,
  seq: messages.seq,
  version: messages.version,
  author: personOf(messages.authorId),
  text: messages.text,
  createdAt: messages.createdAt,
  editedAt: messages.editedAt,
  deletedAt: messages.deletedAt,
  threadId: messages.threadId,
  inSpace: messages.inSpace,
  files: messages.files,
  quote: sql<QuoteRef | null>`case when ${messages.quoteId} is not null
    then json_build_object('spaceId', ${messages.quoteSpaceId}, 'id', ${messages.quoteId}) end`,
} satisfies Record<keyof Message, unknown>;

const query = (db: Executor) => db.select(columns).from(messages);
type Row = Awaited<ReturnType<typeof query>>[number];

/** A message as it goes over the wire. */
export const toMessage = (row: Row): Message => ({
  ...row,
  createdAt: row.createdAt.toISOString(),
  editedAt: row.editedAt?.toISOString() ?? null,
  deletedAt: row.deletedAt?.toISOString() ?? null,
});

const is = (space: Space<'read'>, id: string) =>
  and(eq(messages.spaceId, space.id), eq(messages.id, id));

export async function findMessage(
  db: Executor,
  space: Space<'read'>,
  id: string,
): Promise<Message | null> {
  const [row] = await query(db).where(is(space, id));
  return row ? toMessage(row) : null;
}

/** Messages of a space with these ids, in any order. */
export async function listByIds(
  db: Executor,
  space: Space<'read'>,
  ids: readonly string[],
): Promise<Message[]> {
  if (ids.length === 0) return [];
  const rows = await query(db).where(
    and(eq(messages.spaceId, space.id), sql`${messages.id} = any(${sql.param(ids)}::uuid[])`),
  );
  return rows.map(toMessage);
}

/** The seq of the first message by time, in the space's own stream, of an instant or later. */
export async function seqSince(
  db: Executor,
  space: Space<'read'>,
  at: Date,
): Promise<number | null> {
  const isInStream = or(isNull(messages.threadId), messages.inSpace);
  const [row] = await db
    .select({ seq: messages.seq })
    .from(messages)
    .where(and(eq(messages.spaceId, space.id), gte(messages.createdAt, at), isInStream))
    .orderBy(asc(messages.createdAt), asc(messages.seq))
    .limit(1);
  return row?.seq ?? null;
}

/** The message, locked against other changes until the transaction ends. */
export async function holdMessage(
  tx: Tx,
  space: Space<'read'>,
  id: string,
): Promise<Message | null> {
  const [row] = await query(tx).where(is(space, id)).for('no key update');
  return row ? toMessage(row) : null;
}

/** With a message come its links. */
const withLinks = sql`insert into links (space_id, from_type, from_id, from_version, from_seq, rel,
    to_type, to_id, start, "end")
  select f.space_id, 'message', f.id, 1, f.seq, l.rel, l.to_type, l.to_id, l.start, l."end"
  from fresh f cross join lateral ${linkRows(sql`f.beside`)}`;

/** The files that a message was to carry are not its author's to post, or not any more. */
export function notFree() {
  const detail = 'are not all uploads of yours to this space that no message has';
  return fieldProblem('invalid-request', '/body/files', detail);
}

/**
 * How messages are posted; their rows are made of what their events carry. One with files goes alone:
 * those are to be free under its space's lock.
 */
export const postsWith = (attachments: Attachments): Kind<typeof messagePosted> => ({
  type: messagePosted,
  isNotPlain: sql`(exists (select from messages m where m.space_id = i.space_id and m.id = i.id)
    or not ${hasRoot} or i.payload #> '{message,files,0}' is not null)`,
  insert: sql`insert into messages (space_id, id, seq, author_id, text, created_at, edited_at,
      thread_id, in_space, files, quote_space_id, quote_id, quote_version)
    select f.space_id, f.id, f.seq, f.actor_id, f.payload->'message'->>'text', f.created_at,
      (f.payload->'message'->>'editedAt')::timestamptz,
      (f.payload->'message'->>'threadId')::uuid, (f.payload->'message'->>'inSpace')::boolean,
      f.payload->'message'->'files',
      (f.payload->'message'->'quote'->>'spaceId')::uuid,
      (f.payload->'message'->'quote'->>'id')::uuid,
      (select q.version from messages q
        where q.space_id = (f.payload->'message'->'quote'->>'spaceId')::uuid
          and q.id = (f.payload->'message'->'quote'->>'id')::uuid)
    from fresh f`,
  besides: [...withThreads, withLinks],
  async requires(tx, space, { message: { id, threadId, files } }) {
    if (threadId !== null) await requireRoot(tx, space, threadId);
    const ids = files.map((file) => file.id);
    if (ids.length > 0 && !(await attachments.attach(tx, space, ids, id))) throw notFree();
  },
  payload: sql`jsonb_set(f.payload, '{message,seq}', to_jsonb(f.seq))`,
  async find(db, space, id) {
    const message = await findMessage(db, space, id);
    return message && { message };
  },
});

/** @throws invalid-request for what cannot be replied to, gone */
async function requireRoot(tx: Tx, space: Space<'write'>, threadId: string): Promise<void> {
  const root = await findMessage(tx, space, threadId);
  const detail = 'is no message of this space that can be replied to';
  if (root?.threadId !== null) throw fieldProblem('invalid-request', '/body/threadId', detail);
  if (root.deletedAt)
    throw problem('gone', { detail: 'The message was deleted: nobody can reply' });
}

export async function updateMessage(
  db: Executor,
  space: Space<'write'>,
  id: string,
  change: { text: string; version: number; editedAt?: Date; deletedAt?: Date; files?: [] },
): Promise<void> {
  await db.update(messages).set(change).where(is(space, id));
}

interface Turn extends ChatPlace {
  id: string;
  spaceId: string;
  version: number;
  author: string;
  text: string;
  createdAt: Date;
  fileNames: string[];
}

/**
 * Reads the messages in stretches of threads and of the space's own stream, both ends included, and
 * the roots of the threads, as the index does all the time.
 */
export const turnsOf = (db: Database) => {
  const within = (where: SQL) => sql`(
    select * from messages m where m.space_id = i."spaceId" and ${where}
      and m.seq between i.first and i.last and m.deleted_at is null
    order by m.seq desc limit ${sql.placeholder('limit')})`;
  return prepare<Turn, 'spans' | 'limit'>(
    db,
    'message turns',
    sql`
      select distinct on (t.space_id, t.seq) t.id, t.space_id "spaceId", t.seq::float8 seq,
        t.thread_id "threadId", t.version, u.name author, t.text, t.created_at "createdAt",
        jsonb_path_query_array(t.files, '$[*].name') "fileNames"
      from jsonb_to_recordset(${sql.placeholder('spans')}::jsonb)
        i("spaceId" uuid, "threadId" uuid, first bigint, last bigint)
      cross join lateral (
        ${within(sql`i."threadId" is null and m.thread_id is null`)}
        union all
        ${within(sql`m.thread_id = i."threadId"`)}
        union all
        (select * from messages m where m.space_id = i."spaceId" and m.id = i."threadId"
          and m.deleted_at is null)
      ) t join users u on u.id = t.author_id order by t.space_id, t.seq`,
  );
};

const inRange = (spaceId: string, { thread, from, to }: ChatRange) =>
  and(
    eq(messages.spaceId, spaceId),
    isNull(messages.deletedAt),
    thread === undefined ? undefined : or(eq(messages.id, thread), eq(messages.threadId, thread)),
    from ? gte(messages.createdAt, from) : undefined,
    to ? lt(messages.createdAt, to) : undefined,
  );

/** The last `limit` messages of a stretch of the chat, in the order of their seq; for summaries. */
export async function listStretch(
  db: Executor,
  spaceId: string,
  { limit, ...range }: ChatRange & { limit: number },
): Promise<Message[]> {
  const rows = await query(db)
    .where(inRange(spaceId, range))
    .orderBy(desc(messages.seq))
    .limit(limit);
  return rows.reverse().map(toMessage);
}

/** How many messages a stretch of the chat has. */
export async function countStretch(
  db: Executor,
  spaceId: string,
  range: ChatRange,
): Promise<number> {
  return db.$count(messages, inRange(spaceId, range));
}

/** Ids of what was posted after a seq, in its order, whatever became of it. */
export async function listPosted(
  db: Executor,
  space: Space<'read'>,
  after: number,
  limit: number,
): Promise<{ id: string; seq: number; createdAt: Date }[]> {
  const { id, seq, createdAt } = columns;
  return db
    .select({ id, seq, createdAt })
    .from(messages)
    .where(and(eq(messages.spaceId, space.id), gt(seq, after)))
    .orderBy(asc(seq))
    .limit(limit);
}

/** Where messages were posted, deleted or not; for the index. */
export async function listPlaces(
  db: Executor,
  refs: readonly { spaceId: string; id: string }[],
): Promise<(ChatPlace & { spaceId: string; id: string })[]> {
  if (refs.length === 0) return [];
  const { spaceId, id, seq, threadId } = columns;
  const idsIn = sql.param(refs.map((ref) => ref.id));
  const spacesIn = sql.param(refs.map((ref) => ref.spaceId));
  return db
    .select({ spaceId, id, seq, threadId })
    .from(messages)
    .where(
      sql`(${spaceId}, ${id}) in (select * from unnest(${spacesIn}::uuid[], ${idsIn}::uuid[]))`,
    );
}

/** Standing messages with these ids, each only if its space is visible. */
export async function listVisible(
  db: Executor,
  visible: Visible,
  ids: string[],
): Promise<Message[]> {
  return (await listAny(db, visible, ids)).filter(({ deletedAt }) => deletedAt === null);
}

/** The same, with those that were deleted. */
export async function listAny(
  db: Executor,
  visible: Visible,
  ids: readonly string[],
): Promise<Message[]> {
  if (ids.length === 0) return [];
  const rows = await query(db).where(
    and(
      sql`${messages.id} = any(${sql.param(ids)}::uuid[])`,
      sql`${messages.spaceId} in ${visible.spaceIds}`,
    ),
  );
  return rows.map(toMessage);
}
