import type { Connection } from '../platform/db/connection.ts';
import { FORMER_WORDS } from '../platform/events/words.ts';
import { quoted } from './tables.store.ts';

/** Something that must hold: the query gives one row `what` for each place where it does not. */
export interface Check {
  name: string;
  /** What holds when nothing is found. */
  law: string;
  sql: string;
}

export interface Finding {
  name: string;
  law: string;
  count: number;
  /** Some of the places. */
  examples: string[];
}

const EXAMPLES = 5;

/** Runs a check within the snapshot of the caller; null if everything is as it must be. */
export async function runCheck(
  connection: Connection,
  { name, law, sql }: Check,
): Promise<Finding | null> {
  const { rows } = await connection.query<{ total: number; what: string }>(
    `select count(*) over ()::int as total, found.what::text as what from (${sql}) found limit ${EXAMPLES}`,
  );
  if (!rows[0]) return null;
  return { name, law, count: rows[0].total, examples: rows.map(({ what }) => what) };
}

const place = (alias: string) => `(${alias}.tx, ${alias}.space_id, ${alias}.seq)`;

const ofLog: Check[] = [
  {
    name: 'log-gap',
    law: 'seq is 1 … n in each space, without gaps',
    sql: `select 'space ' || space_id || ': after ' || before || ' comes ' || seq as what
      from (select space_id, seq, lag(seq, 1, 0::bigint) over (partition by space_id order by seq) as before
            from events) e where seq <> before + 1`,
  },
  {
    name: 'log-counter',
    law: 'last_seq of a space is the seq of its last event',
    sql: `select 'space ' || s.id || ': last_seq ' || s.last_seq || ', last event ' || coalesce(max(e.seq), 0) as what
      from spaces s left join events e on e.space_id = s.id
      group by s.id having s.last_seq <> coalesce(max(e.seq), 0)`,
  },
  {
    name: 'log-foreign-transactions',
    law: 'every event carries a transaction id of this server (others were copied past `teambrain restore`)',
    sql: `select 'space ' || space_id || ' seq ' || seq || ': tx ' || tx as what from events
      where tx >= pg_snapshot_xmax(pg_current_snapshot())`,
  },
  {
    name: 'event-names',
    law: 'events carry people by their ids alone, not by names that they may have had before',
    sql: `select 'space ' || space_id || ' seq ' || seq as what from events
      where payload @? '$.**{1 to last} ? (exists(@.id) && exists(@.name))'`,
  },
  {
    name: 'event-words',
    law: 'events carry no word that was changed or deleted since: a text, a title, a name',
    sql: FORMER_WORDS,
  },
  {
    name: 'instance',
    law: 'there is one instance row, with the identity of the log',
    sql: `select count(*) || ' rows' as what from instance having count(*) <> 1`,
  },
];

const ofMessages: Check[] = [
  {
    name: 'message-without-event',
    law: 'each message was posted by the event that has its seq',
    sql: `select 'message ' || m.id as what from messages m
      left join events e on e.space_id = m.space_id and e.seq = m.seq
      where e.type is distinct from 'message.posted' or e.subject_id is distinct from m.id
        or e.actor_id is distinct from m.author_id`,
  },
  {
    name: 'event-without-message',
    law: 'each message that was posted is there',
    sql: `select 'space ' || e.space_id || ' seq ' || e.seq || ': message ' || coalesce(e.subject_id::text, '–') as what
      from events e left join messages m on m.space_id = e.space_id and m.id = e.subject_id
      where e.type like 'message.%' and m.id is null`,
  },
  {
    name: 'message-state',
    law: 'each message is what its last event says (version, text, author, deleted or not)',
    sql: `select 'message ' || m.id || ' and seq ' || l.seq as what from messages m
      cross join lateral (
        select e.seq, e.type, e.subject_version as version, e.payload from events e
        where e.space_id = m.space_id and e.subject_id = m.id
          and e.type in ('message.posted', 'message.edited', 'message.deleted')
        order by e.seq desc limit 1) l
      where l.version is distinct from m.version
        or (l.type = 'message.deleted') <> (m.deleted_at is not null)
        or (m.deleted_at is null and (
          l.payload #>> '{message,text}' is distinct from m.text
          or l.payload #>> '{message,author,id}' is distinct from m.author_id::text))`,
  },
  {
    name: 'message-thread',
    law: 'each message is in the thread, or the stream, that its event says; a thread has a message of the stream as its root',
    sql: `select 'message ' || m.id as what from messages m
      join events e on e.space_id = m.space_id and e.seq = m.seq
      left join messages r on r.space_id = m.space_id and r.id = m.thread_id
      where e.payload #>> '{message,threadId}' is distinct from m.thread_id::text
        or (e.payload #> '{message,inSpace}')::boolean is distinct from m.in_space
        or (m.thread_id is not null and (r.id is null or r.thread_id is not null))`,
  },
  {
    name: 'deleted-message-text',
    law: 'the text of a deleted message is gone',
    sql: `select 'message ' || id as what from messages where deleted_at is not null and text <> ''`,
  },
  {
    name: 'message-versions',
    law: 'earlier versions are kept of messages that stand, each older than what they say now',
    sql: `select 'message ' || v.message_id || ', version ' || v.version as what
      from message_versions v
      join messages m on m.space_id = v.space_id and m.id = v.message_id
      where m.deleted_at is not null or v.version >= m.version`,
  },
];

const ofEntries: Check[] = [
  {
    name: 'entry-state',
    law: 'each entry is what its last event says (version, title, deleted or not)',
    sql: `select 'entry ' || n.id as what from entries n
      left join lateral (
        select e.type, e.subject_version as version, e.payload from events e
        where e.space_id = n.space_id and e.subject_id = n.id
          and e.type in ('entry.created', 'entry.updated', 'entry.deleted', 'entry.restored')
        order by e.seq desc limit 1) l on true
      where l.version is distinct from n.version
        or (l.type = 'entry.deleted') <> (n.deleted_at is not null)
        or (n.deleted_at is null and l.payload #>> '{entry,title}' is distinct from n.title)`,
  },
  {
    name: 'entry-place',
    law: 'each entry is under the document that its last event with a place names',
    sql: `select 'entry ' || n.id || ' and seq ' || l.seq as what from entries n
      cross join lateral (
        select e.seq, coalesce(e.payload ->> 'parentId', e.payload #>> '{entry,parentId}') as parent
        from events e where e.space_id = n.space_id and e.subject_id = n.id
          and e.type in ('entry.created', 'entry.updated', 'entry.moved', 'entry.restored')
        order by e.seq desc limit 1) l
      where l.parent is distinct from n.parent_id::text`,
  },
];

const ofMembers: Check[] = [
  {
    name: 'membership',
    law: 'who is in a space, and as what, is what its events say',
    sql: `with last as (
        select distinct on (space_id, subject_id) space_id, subject_id, seq, type, payload from events
        where type in ('member.joined', 'member.left', 'member.removed', 'member.role-changed')
        order by space_id, subject_id, seq desc),
      expected as (
        select l.space_id, l.subject_id as user_id, l.payload ->> 'role' as role from last l
        where l.type in ('member.joined', 'member.role-changed')
          and not exists (select from events a where a.space_id = l.space_id and a.seq > l.seq
            and a.type = 'space.password-changed' and a.payload -> 'everyoneJoinsAnew' = 'true'
            and not coalesce(a.payload -> 'stay', '["owner"]') ? (l.payload ->> 'role')))
      select 'space ' || coalesce(x.space_id, m.space_id) || ', user ' || coalesce(x.user_id, m.user_id)
        || ': ' || coalesce(m.role, 'none') || ', by the events ' || coalesce(x.role, 'none') as what
      from expected x full join memberships m on m.space_id = x.space_id and m.user_id = x.user_id
      where x.role is distinct from m.role`,
  },
  {
    name: 'read-mark',
    law: 'nobody has read or joined a space further than its log goes',
    sql: `select 'space ' || s.id || ', user ' || m.user_id || ': read to ' || coalesce(r.seq, m.joined_seq)
        || ' of ' || s.last_seq as what
      from memberships m join spaces s on s.id = m.space_id
      left join read_marks r on r.space_id = m.space_id and r.user_id = m.user_id
      where greatest(r.seq, m.joined_seq) > s.last_seq`,
  },
];

/** Whether the index has yet to handle something about a source. */
const isPending = (space: string, source: string) => `exists (
  select from events e join follower_cursors c on c.follower = 'search-index'
  where e.space_id = ${space} and e.subject_id = ${source} and ${place('e')} > ${place('c')})`;

const ofIndex: Check[] = [
  {
    name: 'index-source',
    law: 'each passage of the search index belongs to a message or entry that is there',
    sql: `select 'passage ' || p.id as what from passages p where not exists (
        select from messages m where p.kind = 'message' and m.space_id = p.space_id and m.id = p.source_id)
      and not exists (
        select from entries n where p.kind <> 'message' and n.space_id = p.space_id and n.id = p.source_id)`,
  },
  {
    name: 'index-text',
    law: 'what the index holds of a source is what the source says now, and nothing of what was deleted',
    sql: `select 'passage ' || s.passage_id || ', sentence ' || s.ordinal as what from sentences s
      join passages p on p.id = s.passage_id
      left join messages m on s.source_type = 'message' and m.space_id = s.space_id and m.id = s.source_id
      left join entries n on s.source_type = 'entry' and n.space_id = s.space_id and n.id = s.source_id
      where (p.space_id <> s.space_id
          or coalesce(m.id, n.id) is null
          or coalesce(m.deleted_at, n.deleted_at) is not null
          or coalesce(m.version, n.version) <> s.version
          or strpos(coalesce(m.text, n.markdown), s.quote) = 0)
        and not ${isPending('s.space_id', 's.source_id')}`,
  },
];

const ofFollowers: Check[] = [
  {
    name: 'follower-ahead',
    law: 'no follower of the log is ahead of it (it would skip what comes)',
    sql: `select follower || ' at tx ' || tx as what from follower_cursors
      where tx >= pg_snapshot_xmax(pg_current_snapshot())`,
  },
  {
    name: 'follower-parked',
    law: 'every follower of the log could handle every event (others are parked: hidden from search, and tried again)',
    sql: `select follower || ': ' || type || ' ' || seq || ' of space ' || space_id || ' failed '
        || attempts || ' times (' || error || '), tried again ' || retry_at as what
      from parked_events`,
  },
  {
    name: 'follower-lease',
    law: 'no follower is held by a process for ever',
    sql: `select follower || ' until ' || lease_until as what from follower_cursors
      where lease_until > now() + interval '1 hour'`,
  },
];

export const checks: readonly Check[] = [
  ...ofLog,
  ...ofMessages,
  ...ofEntries,
  ...ofMembers,
  ...ofIndex,
  ...ofFollowers,
];

/** One check per foreign key: what it promises is so. */
export async function orphanChecks(connection: Connection): Promise<Check[]> {
  const { rows } = await connection.query<{
    owner: string;
    target: string;
    columns: string[];
    keys: string[];
  }>(`
    select c.relname as owner, t.relname as target,
      (select json_agg(a.attname order by k.place) from unnest(f.conkey) with ordinality k(number, place)
       join pg_attribute a on a.attrelid = f.conrelid and a.attnum = k.number) as columns,
      (select json_agg(a.attname order by k.place) from unnest(f.confkey) with ordinality k(number, place)
       join pg_attribute a on a.attrelid = f.confrelid and a.attnum = k.number) as keys
    from pg_constraint f join pg_class c on c.oid = f.conrelid join pg_class t on t.oid = f.confrelid
    where f.contype = 'f' and f.connamespace = 'public'::regnamespace and f.conparentid = 0
    order by 1, 2`);
  return rows.map(({ owner, target, columns, keys }) => {
    const match = columns.map(
      (column, index) => `t.${quoted(keys[index] ?? '')} = o.${quoted(column)}`,
    );
    const isSet = columns.map((column) => `o.${quoted(column)} is not null`);
    const shown = columns.map((column) => `o.${quoted(column)}::text`).join(`, ' ', `);
    return {
      name: 'orphan',
      law: `each ${columns.join(', ')} in ${owner} has its row in ${target}`,
      sql: `select '${owner} ' || concat(${shown}) as what from public.${quoted(owner)} o
        where ${isSet.join(' and ')} and not exists (
          select from public.${quoted(target)} t where ${match.join(' and ')})`,
    };
  });
}
