import { eq, sql, type SQL } from 'drizzle-orm';
import { THREAD_FACES, type ThreadState } from '@teambrain/contract/chat.ts';
import type { Reaction } from '@teambrain/contract/reactions.ts';
import type { Visibility } from '@teambrain/contract/role.ts';
import type { Space, Visible } from '../../platform/access/access.ts';
import type { Database, Executor } from '../../platform/db/database.ts';
import { instantOf } from '../../platform/db/columns.ts';
import { linkRows } from '../../platform/links/links.store.ts';
import { messages, threadFollows } from '../../platform/db/schema.chat.ts';
import { spaces } from '../../platform/db/schema.ts';
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
 * With a reply comes its thread, which its author, the root's and members who are mentioned in it
 * follow, unless they chose not to.
 */
export const withThreads: readonly SQL[] = [
  sql`insert into threads (space_id, id, root_type, root_id)
    select distinct f.space_id, ${threadOf('f')}, 'message', ${threadOf('f')} from fresh f
    where ${threadOf('f')} is not null on conflict do nothing`,
  sql`insert into thread_follows (space_id, thread_id, user_id, following)
    select distinct f.space_id, ${threadOf('f')}, who.id, true from fresh f
    cross join lateral (
      select f.actor_id id
      union select m.author_id from messages m where m.space_id = f.space_id and m.id = ${threadOf('f')}
      union select r.actor_id from fresh r where r.space_id = f.space_id and r.id = ${threadOf('f')}
      union select m.user_id from ${linkRows(sql`f.beside`)}
        join memberships m on m.space_id = f.space_id and m.user_id = l.to_id
        where l.rel = 'mention' and l.to_type = 'person'
    ) who
    where ${threadOf('f')} is not null on conflict do nothing`,
];

/** What is under a root, its reactions, the log's head, and whether the reader follows it, at one moment. */
export async function readState(
  db: Executor,
  space: Space<'read'>,
  id: string,
): Promise<{ state: ThreadState; reactions: Reaction[]; head: number; following: boolean }> {
  const [row] = await db
    .select({
      state: sql<ThreadState | null>`${threadState(sql`${spaces.id}`, sql`${id}::uuid`)}`,
      reactions: sql<Reaction[] | null>`${reactionsOf(sql`${spaces.id}`, sql`${id}::uuid`)}`,
      head: spaces.lastSeq,
      following: sql<boolean>`coalesce((select w.following from thread_follows w
        where w.space_id = ${spaces.id} and w.thread_id = ${id} and w.user_id = ${space.actor.userId}), false)`,
    })
    .from(spaces)
    .where(eq(spaces.id, space.id));
  const { head = 0, following = false } = row ?? {};
  return { head, following, state: row?.state ?? NOTHING, reactions: row?.reactions ?? [] };
}

/** Notes whether the reader follows a thread; false where there is no such root in the stream. */
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
    insert into thread_follows (space_id, thread_id, user_id, following)
    select r.space_id, r.id, ${space.actor.userId}::uuid, ${following}::boolean from root r
    on conflict (space_id, thread_id, user_id) do update set following = excluded.following
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
}

/**
 * Threads that the reader follows and may see and that have a reply, the last reply first; after
 * the one whose last reply is of `before`.
 */
export async function listFollowed(
  db: Executor,
  visible: Visible,
  before: { at: Date; id: string } | null,
  limit: number,
): Promise<Followed[]> {
  const beyond = before
    ? sql`and (x.created_at, w.thread_id) < (${before.at.toISOString()}::timestamptz, ${before.id}::uuid)`
    : sql``;
  const { rows } = await db.execute<Followed & Record<string, unknown>>(sql`
    select found.id, found."spaceId", found."spaceName", found."spaceVisibility", found."lastId",
      ${threadState(sql`found."spaceId"`, sql`found.id`)} state from (
      select w.thread_id id, w.space_id "spaceId", s.name "spaceName", s.visibility "spaceVisibility",
        x.id "lastId", x.created_at
      from ${threadFollows} w join spaces s on s.id = w.space_id
      cross join lateral (
        select r.id, r.created_at from ${messages} r
        where r.space_id = w.space_id and r.thread_id = w.thread_id and r.deleted_at is null
        order by r.seq desc limit 1) x
      where w.user_id = ${visible.actor.userId} and w.following and w.space_id in ${visible.spaceIds}
        ${beyond}
      order by x.created_at desc, w.thread_id desc limit ${limit}) found
    order by found.created_at desc, found.id desc`);
  return rows;
}
