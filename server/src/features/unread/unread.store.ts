import { sql, type SQL } from 'drizzle-orm';
import { UNREAD_MAX, type ReadMark } from '@teambrain/contract/unread.ts';
import type { Visible } from '../../platform/access/access.ts';
import type { Database, Executor } from '../../platform/db/database.ts';
import { prepare } from '../../platform/db/prepared.ts';

/** Messages of the space's own stream after a mark that are looked at: one's own and deleted ones do not count, but cost. */
const LOOKED_AT = 2_000;

interface Row extends Record<string, unknown> {
  spaceId: string;
  seq: string;
  version: number;
  unread: number;
  mentions: number;
  head: string;
}

const toMark = ({ spaceId, seq, version, unread, mentions, head }: Row): ReadMark => ({
  spaceId,
  threadId: null,
  seq: Number(seq),
  version,
  unread,
  mentions,
  head: Number(head),
});

/** Ids of the groups somebody is in, read once for all spaces. */
const groupsOf = (userId: unknown) => sql`array(
  select g.group_id from group_members g where g.user_id = ${userId}::uuid)`;

/**
 * Marks and counts over memberships that `which` picks. Being a member is the right to read, so no
 * other subquery stands in it. A space in which nothing happened after the mark costs two look-ups;
 * of the others messages are read from the mark on, until there are 100 that count.
 */
const marks = (userId: unknown, which: SQL) => sql`
  select mine.space_id "spaceId", mine.seq, mine.version, mine.head,
    case when mine.head <= mine.seq then 0 else (
      select count(*)::int from (
        select from (
          select x.author_id, x.deleted_at from messages x
          where x.space_id = mine.space_id and x.seq > mine.seq
            and (x.thread_id is null or x.in_space)
          order by x.seq limit ${sql.raw(String(LOOKED_AT))}) x
        where x.author_id <> mine.user_id and x.deleted_at is null
        limit ${sql.raw(String(UNREAD_MAX))}) counted) end unread,
    case when mine.head <= mine.seq then 0 else (
      select count(*)::int from (
        select distinct l.from_id from links l
        join messages x on x.space_id = l.space_id and x.id = l.from_id
        where l.space_id = mine.space_id and l.rel = 'mention' and l.from_seq > mine.seq
          and l.to_id = any(array[mine.user_id, mine.space_id] || ${groupsOf(userId)})
          and case l.to_type when 'person' then l.to_id = mine.user_id
            when 'everyone' then l.to_id = mine.space_id
            else l.to_type = 'group' and l.to_id = any(${groupsOf(userId)}) end
          and x.author_id <> mine.user_id and (x.thread_id is null or x.in_space)
        limit ${sql.raw(String(UNREAD_MAX))}) called) end mentions
  from (
    select m.space_id, m.user_id, s.last_seq head, coalesce(r.seq, m.joined_seq) seq,
      coalesce(r.version, 1) as version
    from memberships m join spaces s on s.id = m.space_id
    left join read_marks r
      on r.space_id = m.space_id and r.user_id = m.user_id and r.thread_id is null
    where m.user_id = ${userId}::uuid and ${which}) mine
  order by mine.space_id`;

/** A page of marks by the ids of their spaces: of all one has joined, or of those named. */
export function marksOf(db: Database) {
  const after = sql.placeholder('after');
  const limit = sql.placeholder('limit');
  const me = sql.placeholder('me');
  const all = prepare<Row, 'me' | 'after' | 'limit'>(
    db,
    'unread',
    marks(
      me,
      sql`m.space_id in (
        select n.space_id from memberships n where n.user_id = ${me}::uuid and n.space_id > ${after}::uuid
        order by n.space_id limit ${limit})`,
    ),
  );
  const named = prepare<Row, 'me' | 'ids'>(
    db,
    'unread of spaces',
    marks(me, sql`m.space_id = any(${sql.placeholder('ids')}::uuid[])`),
  );
  return {
    page: async ({ actor }: Visible, from: string, most: number): Promise<ReadMark[]> =>
      (await all({ me: actor.userId, after: from, limit: most })).map(toMark),
    of: async ({ actor }: Visible, ids: readonly string[]): Promise<ReadMark[]> =>
      (await named({ me: actor.userId, ids })).map(toMark),
  };
}

export interface Told {
  spaceId: string;
  seq: number;
}

/** Where what is told meets what is kept. */
type Rule = 'further' | 'first' | 'unread';

/**
 * Moves marks of the actor in spaces they have joined, never past the log's head; gives the spaces in
 * which one moved. `further`: to a larger seq, unless messages were marked unread after `version`.
 * `first`: where none is kept. `unread`: to the seq whatever it was, under a new version.
 */
export async function moveMarks(
  db: Executor,
  { actor }: Visible,
  told: readonly Told[],
  { rule, version, at }: { rule: Rule; version?: number | undefined; at: Date },
): Promise<string[]> {
  const ids = sql.param(told.map(({ spaceId }) => spaceId));
  const seqs = sql.param(told.map(({ seq }) => seq));
  // Who never read here has read what was said before they joined.
  const least = rule === 'further' ? sql`m.joined_seq` : sql`0`;
  const isLater = version === undefined ? sql`true` : sql`r.version <= ${version}`;
  const conflict = {
    further: sql`update set seq = excluded.seq, updated_at = excluded.updated_at
      where excluded.seq > r.seq and ${isLater}`,
    first: sql`nothing`,
    unread: sql`update set seq = excluded.seq, version = r.version + 1,
      updated_at = excluded.updated_at`,
  };
  const { rows } = await db.execute<{ spaceId: string }>(sql`
    insert into read_marks as r (space_id, user_id, seq, version, updated_at)
    select m.space_id, m.user_id, greatest(least(told.seq, s.last_seq), ${least}),
      ${rule === 'unread' ? 2 : 1}, ${at.toISOString()}::timestamptz
    from (select id, max(seq) seq from unnest(${ids}::uuid[], ${seqs}::bigint[]) t(id, seq)
      group by id) told
    join memberships m on m.space_id = told.id and m.user_id = ${actor.userId}
    join spaces s on s.id = m.space_id
    -- In one order, so that two requests do not wait for each other.
    order by m.space_id
    on conflict (space_id, user_id, thread_id) do ${conflict[rule]}
    returning r.space_id "spaceId"`);
  return rows.map(({ spaceId }) => spaceId);
}

/** What a space holds now counts as read by all members who keep no mark there: after an import. */
export async function startHere(db: Executor, spaceId: string): Promise<void> {
  await db.execute(sql`
    update memberships m set joined_seq = s.last_seq from spaces s
    where s.id = m.space_id and m.space_id = ${spaceId} and not exists (
      select from read_marks r where r.space_id = m.space_id and r.user_id = m.user_id)`);
  await db.execute(sql`
    update thread_follows w set read_seq = s.last_seq from spaces s
    where s.id = w.space_id and w.space_id = ${spaceId} and not exists (
      select from read_marks r where r.space_id = w.space_id and r.user_id = w.user_id)`);
}
