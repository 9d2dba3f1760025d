import { sql } from 'drizzle-orm';
import type { Person } from '@teambrain/contract/id.ts';
import { CARD_SPACES, type PersonCard } from '@teambrain/contract/people.ts';
import type { Visible } from '../../platform/access/access.ts';
import { wordStarts } from '../../platform/db/like.ts';
import type { Executor } from '../../platform/db/database.ts';

/** Members of visible spaces, those first whose name begins with the text. */
export async function listPeople(
  db: Executor,
  visible: Visible,
  text: string,
  limit: number,
): Promise<Person[]> {
  const { rows } = await db.execute<{ id: string; name: string }>(sql`
    select u.id, u.name from users u
    where ${wordStarts(sql`u.name`, text)} and exists (
      select from memberships m where m.user_id = u.id and m.space_id in ${visible.spaceIds})
    order by position(lower(${text}) in lower(u.name)) > 1, lower(u.name), u.id limit ${limit}`);
  return rows;
}

/** Somebody with the visible spaces they have joined; null where there is none, and of who is not there. */
export async function findCard(
  db: Executor,
  visible: Visible,
  userId: string,
): Promise<PersonCard | null> {
  const { rows } = await db.execute<{ name: string; id: string; space: string }>(sql`
    select u.name, s.id, s.name space from users u
    join memberships m on m.user_id = u.id join spaces s on s.id = m.space_id
    where u.id = ${userId} and m.space_id in ${visible.spaceIds}
    order by lower(s.name), s.id limit ${CARD_SPACES}`);
  const [first] = rows;
  if (!first) return null;
  return {
    id: userId,
    name: first.name,
    spaces: rows.map(({ id, space: name }) => ({ id, name })),
  };
}
