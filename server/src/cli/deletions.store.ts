import { allTypes, type ContentType } from '@teambrain/contract/kinds.ts';
import { kept } from '../kept.ts';
import { newId } from '../platform/core/id.ts';
import type { Kept } from '../platform/core/kept.ts';
import type { Connection } from '../platform/db/connection.ts';
import { withoutWords } from '../platform/events/words.ts';
import type { Manifest } from './manifest.ts';

/** A thing that somebody deleted. */
interface Tombstone {
  type: ContentType;
  spaceId: string;
  id: string;
  /** Instant, as the log writes it. */
  at: string;
  actorId: string | null;
}

/** Who is in a space that somebody left, was removed from, or had to join anew. */
interface Membership {
  spaceId: string;
  members: string[];
}

/** What was deleted in a database since a backup of it was made, and who is no longer in what. */
export interface Deletions {
  tombstones: Tombstone[];
  memberships: Membership[];
  /** The spaces there are; null where nobody can tell which were deleted. */
  spaces: string[] | null;
}

export interface DeletionCounts {
  spaces: number;
  memberships: number;
  /** By the table that keeps it. */
  content: Record<string, number>;
}

/** Clocks of instances differ; and what the backup knows to be deleted is not deleted twice. */
const MARGIN = `interval '1 day'`;

/**
 * Reads what was deleted since the backup. A deleted space leaves nothing behind, so it is told by
 * its absence, and only in the very database that the backup was made of.
 */
export async function readDeletions(
  connection: Connection,
  { createdAt, logEpoch }: Manifest,
): Promise<Deletions> {
  const found = await connection.query<Tombstone & Record<string, unknown>>(
    `with deleted as (${await deletedRows(connection)})
     select type, space_id as "spaceId", id, e.actor_id as "actorId",
       to_char(deleted_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at
     from deleted d
     left join lateral (
       select actor_id from public.events e
       where e.space_id = d.space_id and e.subject_id = d.id and e.type = d.event
       order by e.seq desc limit 1) e on true
     where deleted_at > $1::timestamptz - ${MARGIN}
     order by deleted_at`,
    [createdAt],
  );
  const memberships = await connection.query<Membership & Record<string, unknown>>(
    `select s.space_id as "spaceId",
       coalesce(json_agg(m.user_id) filter (where m.user_id is not null), '[]') as members
     from (
       select distinct space_id from public.events
       where type in ('member.left', 'member.removed', 'space.password-changed')
         and created_at > $1::timestamptz - ${MARGIN}) s
     left join public.memberships m on m.space_id = s.space_id
     group by s.space_id`,
    [createdAt],
  );
  const isSame = await connection.query('select 1 from public.instance where log_epoch = $1', [
    logEpoch,
  ]);
  const spaces =
    isSame.rows.length > 0
      ? await connection.query<{ id: string }>('select id from public.spaces')
      : null;
  return {
    tombstones: found.rows,
    memberships: memberships.rows,
    spaces: spaces && spaces.rows.map(({ id }) => id),
  };
}

/** SQL of what was deleted, by those features that had their tables already when it was in use. */
async function deletedRows(connection: Connection): Promise<string> {
  const { rows } = await connection.query<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'public'`,
  );
  const there = new Set(rows.map(({ name }) => name));
  return allTypes
    .map((type) => kept[type])
    .filter(({ table }) => there.has(table))
    .map(
      ({ type, table, deletion }) =>
        `select '${type}' as type, '${deletion.event}' as event, space_id, id, deleted_at
         from public.${table}`,
    )
    .join(' union all ');
}

/** What of it stands in this database. */
export async function countDeletions(
  connection: Connection,
  { tombstones, memberships, spaces }: Deletions,
): Promise<DeletionCounts> {
  let ended = 0;
  for (const { spaceId, members } of memberships) {
    const found = await connection.query(`select ${notMembers}`, [spaceId, members]);
    ended += found.rows.length;
  }
  const count = async (sql: string, ids: string[]) =>
    (await connection.query<{ n: number }>(sql, [ids])).rows[0]?.n ?? 0;
  const content: DeletionCounts['content'] = {};
  for (const type of allTypes) {
    const { table } = kept[type];
    const ids = tombstones.filter((one) => one.type === type).map(({ id }) => id);
    content[table] = await count(
      `select count(*)::int n from public.${table} where id = any($1::uuid[]) and deleted_at is null`,
      ids,
    );
  }
  return {
    spaces: spaces
      ? await count(
          'select count(*)::int n from public.spaces where not id = any($1::uuid[])',
          spaces,
        )
      : 0,
    memberships: ended,
    content,
  };
}

/** Deletes it here too, as people did: with an event, and without its words in older ones. */
export async function repeatDeletions(
  connection: Connection,
  { tombstones, memberships, spaces }: Deletions,
): Promise<DeletionCounts> {
  const content = Object.fromEntries(allTypes.map((type) => [kept[type].table, 0]));
  const done: DeletionCounts = { spaces: 0, memberships: 0, content };
  if (spaces) {
    const gone = await connection.query(
      'delete from public.spaces where not id = any($1::uuid[])',
      [spaces],
    );
    done.spaces = gone.rowCount ?? 0;
  }
  for (const { type, spaceId, id, at, actorId } of tombstones) {
    const { table, deletion } = kept[type];
    const deleted = await connection.query(remove(kept[type]), [spaceId, id, at, actorId, newId()]);
    if (!deleted.rowCount) continue;
    await connection.query(redact, [spaceId, id, type]);
    if (deletion.also) await connection.query(deletion.also, [spaceId, id]);
    content[table] = (content[table] ?? 0) + 1;
  }
  for (const { spaceId, members } of memberships) {
    const found = await connection.query<{ id: string }>(`select ${notMembers}`, [
      spaceId,
      members,
    ]);
    for (const { id } of found.rows) await connection.query(removeMember, [spaceId, id, newId()]);
    done.memberships += found.rows.length;
  }
  return done;
}

/** Adds the event about the row that `thing` changed. Who did it may be unknown to the backup. */
const record = (type: string, data: string) => `,
  counter as (
    update public.spaces set last_seq = last_seq + 1
    where id = $1 and exists (select from thing) returning last_seq)
  insert into public.events
    (space_id, seq, id, type, subject_id, subject_version, actor_id, payload, created_at)
  select $1, counter.last_seq, $5, '${type}', thing.id, thing.version,
    coalesce((select id from public.users where id = $4), thing.author_id),
    jsonb_build_object('id', thing.id, 'version', thing.version${data}), $3::timestamptz
  from thing, counter`;

const remove = ({ table, deletion: { event, set, data } }: Kept) => `with thing as (
    update public.${table} set deleted_at = $3::timestamptz${set ? `, ${set}` : ''}
    where space_id = $1 and id = $2 and deleted_at is null
    returning id, version, author_id)
    ${record(event, data ? `, ${data}` : '')}`;

/** As `redactEvents` of platform/events/write.ts does. */
const redact = `update public.events set request_hash = null, payload = ${withoutWords(`''`)}
  where space_id = $1 and subject_id = $2 and split_part(type, '.', 1) = $3`;

/** Members of space $1 who are none of $2 any more; not its owners if none of them would be left. */
const notMembers = `m.user_id as id from public.memberships m
  where m.space_id = $1 and not m.user_id = any($2::uuid[])
    and (m.role <> 'owner' or exists (
      select from public.memberships o
      where o.space_id = $1 and o.role = 'owner' and o.user_id = any($2::uuid[])))`;

const removeMember = `with gone as (
    delete from public.memberships where space_id = $1 and user_id = $2 returning user_id),
  counter as (
    update public.spaces set last_seq = last_seq + 1, rights_version = rights_version + 1
    where id = $1 and exists (select from gone) returning last_seq)
  insert into public.events
    (space_id, seq, id, type, subject_id, subject_version, payload, created_at)
  select $1, counter.last_seq, $3, 'member.removed', u.id, 1,
    jsonb_build_object('user', jsonb_build_object('id', u.id)), now()
  from counter, public.users u where u.id = $2`;
