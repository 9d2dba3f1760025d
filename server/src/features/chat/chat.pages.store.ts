import { sql, type SQL } from 'drizzle-orm';
import type { Space } from '../../platform/access/access.ts';
import { jsonOf } from '../../platform/db/columns.ts';
import type { Database } from '../../platform/db/database.ts';
import { fitsPage } from '../../platform/db/page-bytes.ts';
import { prepare } from '../../platform/db/prepared.ts';
import { pinOf } from './chat.pins.store.ts';
import { quoteBytes, quoteOf } from './chat.quotes.store.ts';
import { reactionsOf } from './chat.reactions.store.ts';
import { columns } from './chat.store.ts';
import { threadState } from './chat.threads.store.ts';

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

/** Messages of one side of a seq, in ascending order, and whether more of them follow on that side. */
interface Side {
  items: Written[];
  hasMore: boolean;
}

/** Where a message is; null for what is no message of the space. */
export type FindPlace = (
  space: Space<'read'>,
  id: string,
) => Promise<{ id: string; seq: number; threadId: string | null; inSpace: boolean } | null>;

/** Finds where messages are, as each permalink and each thread asks. */
export function placesOf(db: Database): FindPlace {
  const find = prepare<NonNullable<Awaited<ReturnType<FindPlace>>>, 'space' | 'id'>(
    db,
    'message place',
    sql`select id, seq::float8 seq, thread_id "threadId", in_space "inSpace" from messages
      where space_id = ${sql.placeholder('space')} and id = ${sql.placeholder('id')}`,
  );
  return async (space, id) => (await find({ space: space.id, id }))[0] ?? null;
}

type Values = 'space' | 'thread' | 'beyond' | 'older' | 'newer';

/** As the indexes `messages_stream` and `messages_thread` have it. */
const IN_STREAM = sql`(m.thread_id is null or m.in_space)`;
const IN_THREAD = sql`m.thread_id = ${sql.placeholder('thread')}::uuid`;

/** The rows next to a seq on one of its sides, as many as fit a page; `found` counts the others too. */
function sideOf(where: SQL, side: 'older' | 'newer'): SQL {
  const [condition, order] = side === 'older' ? [sql`<`, sql`desc`] : [sql`>=`, sql`asc`];
  const bytes = sql`(to_json(page.text)::text || page.files::text || ${quoteBytes(sql`page`)})`;
  return sql`
    select page.*, ${sql.raw(`'${side}'`)} side, count(*) over () found,
      ${fitsPage(bytes, sql`page.seq ${order}`)} fits
    from (
      select * from messages m where m.space_id = s.id and ${where}
        and m.seq ${condition} ${sql.placeholder('beyond')}::bigint
      order by m.seq ${order} limit ${sql.placeholder(side)}
    ) page`;
}

/**
 * Reads messages of a thread, or (null) of the space's own stream, on both sides of a seq: up to so
 * many `older` than it and so many `newer`, itself among these; fewer where they are large
 * (PAGE_BYTES), those next to the seq are the ones that are there. A side of which no number is given
 * is not read. Read together with the log's head, in one snapshot: nothing falls between the page and
 * the head to subscribe after.
 */
export function pagesOf(db: Database) {
  const reader = (name: string, sides: SQL) =>
    prepare<Written & { head: string; found: string; side: 'older' | 'newer' }, Values>(
      db,
      name,
      sql`
        select s.last_seq head, messages.found, messages.side, messages.id,
          messages.seq::float8 seq, ${jsonOf(columns)}::text json,
          case when messages.thread_id is null
            then ${threadState(sql`s.id`, sql`messages.id`)}::text end thread,
          ${reactionsOf(sql`s.id`, sql`messages.id`)}::text reactions,
          ${pinOf(sql`s.id`, sql`messages.id`)}::text pin,
          ${quoteOf(sql`messages`)}::text quote,
          coalesce(messages.quote_space_id <> s.id, false) "isForwarded"
        from spaces s left join lateral (${sides}) messages on messages.fits
        where s.id = ${sql.placeholder('space')} order by messages.seq`,
    );
  const readers = (what: string, where: SQL) => ({
    older: reader(`${what} before`, sideOf(where, 'older')),
    newer: reader(`${what} after`, sideOf(where, 'newer')),
    // One statement for both: half of what a page costs is to begin it.
    both: reader(
      `${what} around`,
      sql`${sideOf(where, 'older')} union all ${sideOf(where, 'newer')}`,
    ),
  });
  const ofStream = readers('messages', IN_STREAM);
  const ofThread = readers('replies', IN_THREAD);
  return async (
    space: Space<'read'>,
    thread: string | null,
    seq: number,
    counts: { older?: number; newer?: number },
  ): Promise<{ older: Side; newer: Side; head: number }> => {
    const { older, newer } = counts;
    const which = older === undefined ? 'newer' : newer === undefined ? 'older' : 'both';
    const rows = await (thread === null ? ofStream : ofThread)[which]({
      space: space.id,
      thread,
      beyond: seq,
      // One more than is shown tells whether there is more.
      older: (older ?? 0) + 1,
      newer: (newer ?? 0) + 1,
    });
    const sideWith = (side: 'older' | 'newer', count: number): Side => {
      // A space without any gives one row of nulls.
      const found = rows.filter((row) => row.side === side);
      const over = Math.max(0, found.length - count);
      const items = side === 'older' ? found.slice(over) : found.slice(0, count);
      return { items, hasMore: Number(found[0]?.found ?? 0) > items.length };
    };
    return {
      older: sideWith('older', older ?? 0),
      newer: sideWith('newer', newer ?? 0),
      head: Number(rows[0]?.head ?? 0),
    };
  };
}
