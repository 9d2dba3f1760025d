import { and, desc, eq, gte, isNull, lt, lte, sql, type SQL } from 'drizzle-orm';
import { messagePosted, type Message } from '@teambrain/contract/chat.ts';
import type { Space, Visible } from '../../platform/access/access.ts';
import { jsonOf } from '../../platform/db/columns.ts';
import { personOf, type Database, type Executor, type Tx } from '../../platform/db/database.ts';
import { fitsPage } from '../../platform/db/page-bytes.ts';
import { prepare } from '../../platform/db/prepared.ts';
import { messages } from '../../platform/db/schema.ts';
import type { Kind } from '../../platform/events/append.statement.ts';

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

/** The message, locked against other changes until the transaction ends. */
export async function holdMessage(
  tx: Tx,
  space: Space<'read'>,
  id: string,
): Promise<Message | null> {
  const [row] = await query(tx).where(is(space, id)).for('no key update');
  return row ? toMessage(row) : null;
}

/** How messages are posted; their rows are made of what their events carry. */
export const posts: Kind<typeof messagePosted> = {
  type: messagePosted,
  isTaken: sql`exists (select from messages m where m.space_id = i.space_id and m.id = i.id)`,
  insert: sql`insert into messages (space_id, id, seq, author_id, text, created_at, edited_at)
    select f.space_id, f.id, f.seq, f.actor_id, f.payload->'message'->>'text', f.created_at,
      (f.payload->'message'->>'editedAt')::timestamptz
    from fresh f`,
  payload: sql`jsonb_set(f.payload, '{message,seq}', to_jsonb(f.seq))`,
  async find(db, space, id) {
    const message = await findMessage(db, space, id);
    return message && { message };
  },
};

export async function updateMessage(
  db: Executor,
  space: Space<'write'>,
  id: string,
  change: { text: string; version: number; editedAt?: Date; deletedAt?: Date },
): Promise<void> {
  await db.update(messages).set(change).where(is(space, id));
}

/** A message as it goes over the wire, written by the database. */
interface Written {
  seq: number;
  json: string;
}

/** Messages beside a seq, the log's head, and whether more of them follow on that side. */
type ReadPage = (
  space: Space<'read'>,
  beyond: number,
  limit: number,
) => Promise<{ items: Written[]; head: number; hasMore: boolean }>;

type Values = 'space' | 'beyond' | 'limit';

/**
 * Pages of messages in ascending order: up to `limit` before or after a seq (exclusive), fewer where
 * they are large (PAGE_BYTES); those next to the seq are the ones that are there. Read together with the log's head, in one snapshot: nothing falls between the page and the head to
 * subscribe after.
 */
export function pagesOf(db: Database): { before: ReadPage; after: ReadPage } {
  const reader = (name: string, condition: SQL, order: SQL) =>
    prepare<{ head: string; found: string; seq: string | null; json: string }, Values>(
      db,
      name,
      sql`
        select s.last_seq head, messages.found, messages.seq, ${jsonOf(columns)}::text json
        from spaces s left join lateral (
          select page.*, count(*) over () found,
            ${fitsPage(sql`to_json(page.text)::text`, sql`page.seq ${order}`)} fits
          from (
            select * from messages m where m.space_id = s.id and m.seq ${condition}
            order by m.seq ${order} limit ${sql.placeholder('limit')}
          ) page
        ) messages on messages.fits
        where s.id = ${sql.placeholder('space')} order by messages.seq`,
    );
  const beyond = sql.placeholder('beyond');
  const older = reader('messages before', sql`< ${beyond}::bigint`, sql`desc`);
  const newer = reader('messages after', sql`> ${beyond}::bigint`, sql`asc`);
  const toPage =
    (read: typeof older, keep: (items: Written[], limit: number) => Written[]): ReadPage =>
    async (space, seq, limit) => {
      // One more than is shown tells whether there is more.
      const rows = await read({ space: space.id, beyond: seq, limit: limit + 1 });
      const fitting = rows
        .filter((row) => row.seq !== null)
        .map((row) => ({ seq: Number(row.seq), json: row.json }));
      const items = keep(fitting, limit);
      const hasMore = Number(rows[0]?.found ?? 0) > items.length;
      return { items, head: Number(rows[0]?.head ?? 0), hasMore };
    };
  return {
    before: toPage(older, (items, limit) => items.slice(Math.max(0, items.length - limit))),
    after: toPage(newer, (items, limit) => items.slice(0, limit)),
  };
}

interface Turn {
  id: string;
  spaceId: string;
  seq: number;
  version: number;
  author: string;
  text: string;
  createdAt: Date;
}

/** Reads what stands in stretches of chat, both ends included, as the index does all the time. */
export const turnsOf = (db: Database) =>
  prepare<Turn, 'spans' | 'limit'>(
    db,
    'message turns',
    sql`
      select t.id, t.space_id "spaceId", t.seq::float8 seq, t.version, u.name author, t.text,
        t.created_at "createdAt"
      from jsonb_to_recordset(${sql.placeholder('spans')}::jsonb)
        i("spaceId" uuid, first bigint, last bigint)
      cross join lateral (
        select * from messages m
        where m.space_id = i."spaceId" and m.seq between i.first and i.last and m.deleted_at is null
        order by m.seq desc limit ${sql.placeholder('limit')}
      ) t join users u on u.id = t.author_id order by t.space_id, t.seq`,
  );

interface StretchRange {
  first?: number;
  last?: number;
  from?: Date;
  to?: Date;
}

const inRange = (spaceId: string, { first, last, from, to }: StretchRange) =>
  and(
    eq(messages.spaceId, spaceId),
    isNull(messages.deletedAt),
    first === undefined ? undefined : gte(messages.seq, first),
    last === undefined ? undefined : lte(messages.seq, last),
    from ? gte(messages.createdAt, from) : undefined,
    to ? lt(messages.createdAt, to) : undefined,
  );

/** The last `limit` messages of a stretch of the chat, both ends included; for summaries. */
export async function listStretch(
  db: Executor,
  spaceId: string,
  { limit, ...range }: StretchRange & { limit: number },
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
  range: StretchRange,
): Promise<number> {
  return db.$count(messages, inRange(spaceId, range));
}

/** Where a message stands in its space, deleted or not; for the index. */
export async function findSeq(db: Executor, spaceId: string, id: string): Promise<number | null> {
  const [row] = await db
    .select({ seq: messages.seq })
    .from(messages)
    .where(and(eq(messages.spaceId, spaceId), eq(messages.id, id)));
  return row?.seq ?? null;
}

/** Standing messages with these ids, each only if its space is visible. */
export async function listVisible(
  db: Executor,
  visible: Visible,
  ids: string[],
): Promise<Message[]> {
  if (ids.length === 0) return [];
  const rows = await query(db).where(
    and(
      sql`${messages.id} = any(${sql.param(ids)}::uuid[])`,
      sql`${messages.spaceId} in ${visible.spaceIds}`,
      isNull(messages.deletedAt),
    ),
  );
  return rows.map(toMessage);
}
