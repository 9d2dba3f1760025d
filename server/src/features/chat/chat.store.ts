import { and, asc, desc, eq, gt, gte, isNull, lt, or, sql, type SQL } from 'drizzle-orm';
import { messagePosted, type Message } from '@teambrain/contract/chat.ts';
import type { QuoteRef } from '@teambrain/contract/quoted.ts';
import type { Attachments, ChatPlace, ChatRange } from '../../platform/core/knowledge.ts';
import type { Space, Visible } from '../../platform/access/access.ts';
import { jsonOf } from '../../platform/db/columns.ts';
import { personOf, type Database, type Executor, type Tx } from '../../platform/db/database.ts';
import { linkRows } from '../../platform/links/links.store.ts';
import { fitsPage } from '../../platform/db/page-bytes.ts';
import { prepare } from '../../platform/db/prepared.ts';
import { messages } from '../../platform/db/schema.chat.ts';
import { fieldProblem, problem } from '../../platform/core/problem.ts';
import type { Kind } from '../../platform/events/append.statement.ts';
import { pinOf } from './chat.pins.store.ts';
import { quoteBytes, quoteOf } from './chat.quotes.store.ts';
import { reactionsOf } from './chat.reactions.store.ts';
import { hasRoot, threadState, withThreads } from './chat.threads.store.ts';

/** Each property of a message and where it is kept: the one list of what a message shows. */
const columns = {
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

/** A message as it goes over the wire, written by the database, and what is under it. */
export interface Written {
  id: string;
  seq: number;
  json: string;
  /** What is under it, each null where there is nothing. */
  thread: string | null;
  reactions: string | null;
  pin: string | null;
  quote: string | null;
  /** Whether it quotes a message of another space. */
  isForwarded: boolean;
}

/**
 * Messages of a thread, or (null) of the space's own stream, beside a seq; the log's head, and whether
 * more of them follow on that side.
 */
type ReadPage = (
  space: Space<'read'>,
  thread: string | null,
  beyond: number,
  limit: number,
) => Promise<{ items: Written[]; head: number; hasMore: boolean }>;

type Values = 'space' | 'thread' | 'beyond' | 'limit';

/** As the indexes `messages_stream` and `messages_thread` have it. */
const IN_STREAM = sql`(m.thread_id is null or m.in_space)`;
const IN_THREAD = sql`m.thread_id = ${sql.placeholder('thread')}::uuid`;

/**
 * Pages of messages in ascending order: up to `limit` before or after a seq (exclusive), fewer where
 * they are large (PAGE_BYTES); those next to the seq are the ones that are there. Read together with the log's head, in one snapshot: nothing falls between the page and the head to
 * subscribe after.
 */
export function pagesOf(db: Database): { before: ReadPage; after: ReadPage } {
  const reader = (name: string, where: SQL, condition: SQL, order: SQL) =>
    prepare<Written & { head: string; found: string }, Values>(
      db,
      name,
      sql`
        select s.last_seq head, messages.found, messages.id, messages.seq::float8 seq,
          ${jsonOf(columns)}::text json,
          case when messages.thread_id is null
            then ${threadState(sql`s.id`, sql`messages.id`)}::text end thread,
          ${reactionsOf(sql`s.id`, sql`messages.id`)}::text reactions,
          ${pinOf(sql`s.id`, sql`messages.id`)}::text pin,
          ${quoteOf(sql`messages`)}::text quote,
          coalesce(messages.quote_space_id <> s.id, false) "isForwarded"
        from spaces s left join lateral (
          select page.*, count(*) over () found,
            ${fitsPage(sql`(to_json(page.text)::text || page.files::text || ${quoteBytes(sql`page`)})`, sql`page.seq ${order}`)} fits
          from (
            select * from messages m where m.space_id = s.id and ${where} and m.seq ${condition}
            order by m.seq ${order} limit ${sql.placeholder('limit')}
          ) page
        ) messages on messages.fits
        where s.id = ${sql.placeholder('space')} order by messages.seq`,
    );
  const beyond = sql.placeholder('beyond');
  const [less, more] = [sql`< ${beyond}::bigint`, sql`> ${beyond}::bigint`];
  const older = reader('messages before', IN_STREAM, less, sql`desc`);
  const newer = reader('messages after', IN_STREAM, more, sql`asc`);
  const olderReplies = reader('replies before', IN_THREAD, less, sql`desc`);
  const newerReplies = reader('replies after', IN_THREAD, more, sql`asc`);
  const toPage =
    (
      ofStream: typeof older,
      ofThread: typeof older,
      keep: (items: Written[], limit: number) => Written[],
    ): ReadPage =>
    async (space, thread, seq, limit) => {
      const read = thread === null ? ofStream : ofThread;
      // One more than is shown tells whether there is more.
      const rows = await read({ space: space.id, thread, beyond: seq, limit: limit + 1 });
      const items = keep(
        // A space without any gives one row of nulls.
        rows.filter(({ json, seq }) => json !== null && seq !== null),
        limit,
      );
      const hasMore = Number(rows[0]?.found ?? 0) > items.length;
      return { items, head: Number(rows[0]?.head ?? 0), hasMore };
    };
  return {
    before: toPage(older, olderReplies, (items, limit) =>
      items.slice(Math.max(0, items.length - limit)),
    ),
    after: toPage(newer, newerReplies, (items, limit) => items.slice(0, limit)),
  };
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
