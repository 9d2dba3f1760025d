import { sql } from 'drizzle-orm';
import type { Database } from '../db/database.ts';

interface Member extends Record<string, unknown> {
  userId: string;
  spaceId: string;
  head: number;
}

/** Who of these people has joined which of these spaces, with the spaces' heads. */
export async function readMembers(
  db: Database,
  spaces: string[],
  users: string[],
): Promise<Member[]> {
  if (spaces.length === 0 || users.length === 0) return [];
  const { rows } = await db.execute<Member>(sql`
    select m.user_id "userId", m.space_id "spaceId", s.last_seq::float8 head
    from memberships m join spaces s on s.id = m.space_id
    where m.space_id = any(${sql.param(spaces)}::uuid[])
      and m.user_id = any(${sql.param(users)}::uuid[])`);
  return rows;
}

/** Spaces with events of transactions from `since` on, and where the next look begins. */
export async function readMoved(db: Database, since: string | null) {
  const { rows } = await db.execute<{
    seen: string;
    heads: { spaceId: string; head: number }[];
  }>(sql`
    select pg_snapshot_xmin(pg_current_snapshot())::text seen, (
      select coalesce(jsonb_agg(jsonb_build_object('spaceId', e.space_id, 'head', e.head)), '[]')
      from (select space_id, max(seq) head from events
        where tx >= coalesce(${since}::text::xid8, pg_snapshot_xmin(pg_current_snapshot()))
        group by space_id) e) heads`);
  const [row] = rows;
  if (!row) throw new Error('A look at the log gave nothing');
  return row;
}
