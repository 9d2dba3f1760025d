import { eq, sql, type SQL } from 'drizzle-orm';
import { UNREAD_MAX } from '@teambrain/contract/unread.ts';
import { THREAD_FACES, type Pin, type ThreadState } from '@teambrain/contract/chat.ts';
import type { Quote } from '@teambrain/contract/quoted.ts';
import type { Reaction } from '@teambrain/contract/reactions.ts';
import type { Thread } from '@teambrain/contract/threads.ts';
import type { Visibility } from '@teambrain/contract/role.ts';
import type { Space, Visible } from '../../platform/access/access.ts';
import type { Database, Executor } from '../../platform/db/database.ts';
import { instantOf } from '../../platform/db/columns.ts';
import { linkRows } from '../../platform/links/links.store.ts';
import { messages, threadFollows } from '../../platform/db/schema.chat.ts';
import { spaces } from '../../platform/db/schema.ts';
import { pinOf } from './chat.pins.store.ts';
import { quoteOf } from './chat.quotes.store.ts';
import { reactionsOf } from './chat.reactions.store.ts';

/** Among so many of the last replies the people are looked for whose faces a thread shows. */
const LOOKED_AT = 100;

/** What is under a root, as JSON for readers; null without a reply that was not deleted. */
export const threadState = (spaceId: SQL, id: SQL): SQL => {
  const replies = sql`messages r where r.space_id = ${spaceId} and r.thread_id = ${id}
    and r.deleted_at is null`;
  return sql`(
    select json_build_object('replies', t.replies, 'lastReplyAt', ${instantOf(sql`t.last`)},
      'faces', (
        select json_agg(json_build_object('id', u.id, 'name', u.name) order by f.last desc) from (
          select l.author_id, max(l.seq) last from (
            select r.author_id, r.seq from ${replies} order by r.seq desc limit ${sql.raw(String(LOOKED_AT))}) l
          group by l.author_id order by max(l.seq) desc limit ${sql.raw(String(THREAD_FACES))}) f
        join users u on u.id = f.author_id))
    from (select count(*) replies, max(r.created_at) last from ${replies}) t where t.replies > 0)`;
};

const NOTHING: ThreadState = { replies: 0, lastReplyAt: null, faces: [] };

const threadOf = (f: string) => sql.raw(`(${f}.payload->'message'->>'threadId')::uuid`);

/** Condition: the creation `i` is no reply, or its root is in the stream, or is posted before it. */
export const hasRoot = sql`(${threadOf('i')} is null
  or exists (select from messages r where r.space_id = i.space_id and r.id = ${threadOf('i')}
    and r.thread_id is null and r.deleted_at is null)
  or exists (select from input r where r.space_id = i.space_id and r.id = ${threadOf('i')}
    and r.n < i.n and ${threadOf('r')} is null))`;

/**
 * With a reply comes its thread, which its author, the root's and members who are mentioned in it, by name or by a group,
 * follow, unless they chose not to.
 */
export const withThreads: readonly SQL[] = [
  sql`insert into threads (space_id, id, root_type, root_id)
    select distinct f.space_id, ${threadOf('f')}, 'message', ${threadOf('f')} from fresh f
    where ${threadOf('f')} is not null on conflict do nothing`,
  sql`insert into thread_follows (space_id, thread_id, user_id, following, read_seq)
    select f.space_id, ${threadOf('f')}, who.id, true,
      max(case when who.id = f.actor_id then f.seq else 0 end) from fresh f
    cross join lateral (
      select f.actor_id id
      union select m.author_id from messages m where m.space_id = f.space_id and m.id = ${threadOf('f')}
      union select r.actor_id from fresh r where r.space_id = f.space_id and r.id = ${threadOf('f')}
      union select m.user_id from ${linkRows(sql`f.beside`)}
        join memberships m on m.space_id = f.space_id and m.user_id = l.to_id
        where l.rel = 'mention' and l.to_type = 'person'
      union select m.user_id from ${linkRows(sql`f.beside`)}
        join group_members g on g.group_id = l.to_id
        join memberships m on m.space_id = f.space_id and m.user_id = g.user_id
        where l.rel = 'mention' and l.to_type = 'group'
    ) who
    where ${threadOf('f')} is not null group by f.space_id, ${threadOf('f')}, who.id
    on conflict do nothing`,
];

/** What is under a root, its reactions and pin, the log's head, and whether the reader follows it, at one moment. */
export async function readState(
  db: Executor,
  space: Space<'read'>,
  id: string,
): Promise<Omit<Thread, 'id' | 'spaceId' | 'root'>> {
  const [row] = await db
    .select({
      state: sql<ThreadState | null>`${threadState(sql`${spaces.id}`, sql`${id}::uuid`)}`,
      reactions: sql<Reaction[] | null>`${reactionsOf(sql`${spaces.id}`, sql`${id}::uuid`)}`,
      pin: sql<Pin | null>`${pinOf(sql`${spaces.id}`, sql`${id}::uuid`)}`,
      quote: sql<Quote | null>`(select ${quoteOf(sql`m`)} from messages m
        where m.space_id = ${space.id}::uuid and m.id = ${id}::uuid)`,
      head: spaces.lastSeq,
      // A number that is there says that the reader follows the thread.
      readSeq: sql<string | null>`(select w.read_seq from thread_follows w
        where w.space_id = ${spaces.id} and w.thread_id = ${id} and w.user_id = ${space.actor.userId}
          and w.following)`,
    })
    .from(spaces)
    .where(eq(spaces.id, space.id));
  const { head = 0, pin = null, quote = null } = row ?? {};
  const readSeq = row?.readSeq == null ? null : Number(row.readSeq);
  const under = { state: row?.state ?? NOTHING, reactions: row?.reactions ?? [], pin, quote };
  return { ...under, head, readSeq, following: readSeq !== null };
}

/**
 * Notes whether the reader follows a thread; false where there is no such root in the stream. Who
 * begins to follow has read what is there.
 */
export async function setFollowing(
  db: Database,
  space: Space<'read'>,
  id: string,
  following: boolean,
): Promise<boolean> {
  const { rows } = await db.execute(sql`
    with root as (
      select m.space_id, m.id from messages m
      where m.space_id = ${space.id} and m.id = ${id} and m.thread_id is null
    ), thread as (
      insert into threads (space_id, id, root_type, root_id)
      select r.space_id, r.id, 'message', r.id from root r on conflict do nothing
    )
    insert into thread_follows as w (space_id, thread_id, user_id, following, read_seq)
    select r.space_id, r.id, ${space.actor.userId}::uuid, ${following}::boolean, s.last_seq
    from root r join spaces s on s.id = r.space_id
    on conflict (space_id, thread_id, user_id) do update set following = excluded.following,
      read_seq = case when w.following then w.read_seq else excluded.read_seq end
    returning thread_id`);
  return rows.length > 0;
}

export interface Followed {
  id: string;
  spaceId: string;
  spaceName: string;
  spaceVisibility: Visibility;
  lastId: string;
  state: ThreadState;
  unread: number;
}

interface FollowedPage {
  before: { at: Date; id: string } | null;
  onlyUnread: boolean;
  limit: number;
}

/** Unread replies of the follow `w`, at most 100. */
const unreadIn = (w: SQL) => sql`(select count(*)::int from (
  select from messages x where x.space_id = ${w}.space_id and x.thread_id = ${w}.thread_id
    and x.seq > ${w}.read_seq and x.deleted_at is null and x.author_id <> ${w}.user_id
  limit ${sql.raw(String(UNREAD_MAX))}) x)`;

/** The follows of the reader, in spaces they may see now. */
const followsOf = (visible: Visible) => sql`w.user_id = ${visible.actor.userId} and w.following
  and w.space_id in ${visible.spaceIds}`;

/** Unread replies in all threads that the reader follows, at most 100. */
export async function countUnread(db: Executor, visible: Visible): Promise<number> {
  const { rows } = await db.execute<{ unread: number }>(sql`
    select least(coalesce(sum(${unreadIn(sql`w`)}), 0), ${UNREAD_MAX})::int unread
    from thread_follows w where ${followsOf(visible)}`);
  return rows[0]?.unread ?? 0;
}

/** Replies up to a seq, at most the log's head, are read; false where that moved nothing. */
export async function moveRead(
  db: Database,
  space: Space<'read'>,
  id: string,
  seq: number,
): Promise<boolean> {
  const { rows } = await db.execute(sql`
    update thread_follows w set read_seq = least(${seq}, s.last_seq) from spaces s
    where s.id = w.space_id and w.space_id = ${space.id} and w.thread_id = ${id}
      and w.user_id = ${space.actor.userId} and w.following and w.read_seq < least(${seq}, s.last_seq)
    returning 1`);
  return rows.length > 0;
}

/** All replies in threads that the reader follows are read. */
export async function readAll(db: Database, visible: Visible): Promise<void> {
  await db.execute(sql`
    update thread_follows w set read_seq = s.last_seq from spaces s
    where s.id = w.space_id and w.read_seq < s.last_seq and ${followsOf(visible)}`);
}

/**
 * Threads that the reader follows and may see and that have a reply, the last reply first; after
 * the one whose last reply is of `before`. With `onlyUnread` those that have unread replies.
 */
export async function listFollowed(
  db: Executor,
  visible: Visible,
  { before, onlyUnread, limit }: FollowedPage,
): Promise<Followed[]> {
  const beyond = before
    ? sql`and (x.created_at, w.thread_id) < (${before.at.toISOString()}::timestamptz, ${before.id}::uuid)`
    : sql``;
  const { rows } = await db.execute<Followed & Record<string, unknown>>(sql`
    select found.id, found."spaceId", found."spaceName", found."spaceVisibility", found."lastId",
      found.unread, ${threadState(sql`found."spaceId"`, sql`found.id`)} state from (
      select w.thread_id id, w.space_id "spaceId", s.name "spaceName", s.visibility "spaceVisibility",
        x.id "lastId", x.created_at, ${unreadIn(sql`w`)} unread
      from ${threadFollows} w join spaces s on s.id = w.space_id
      cross join lateral (
        select r.id, r.created_at from ${messages} r
        where r.space_id = w.space_id and r.thread_id = w.thread_id and r.deleted_at is null
        order by r.seq desc limit 1) x
      where ${followsOf(visible)} ${beyond}
        ${onlyUnread ? sql`and ${unreadIn(sql`w`)} > 0` : sql``}
      order by x.created_at desc, w.thread_id desc limit ${limit}) found
    order by found.created_at desc, found.id desc`);
  return rows;
}
