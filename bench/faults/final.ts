import type { Finding, LoggedEvent, StoredMessage, StoredSpace } from './history.ts';

/** Runs one statement and gives its rows. */
export type Query = (text: string) => Promise<Record<string, unknown>[]>;

const EVENTS = `
  select e.space_id as space, e.seq::int as seq, e.id, e.type, e.subject_id as subject,
    e.subject_version as version, e.actor_id as actor, e.client_id as "clientId",
    e.payload #>> '{message,text}' as text,
    coalesce(e.payload #>> '{user,id}', '') as "user",
    coalesce((e.payload ->> 'everyoneJoinsAnew')::boolean, false) as "everyoneJoinsAnew"
  from events e order by e.space_id, e.seq`;
const SPACES = `
  select s.id, s.visibility, s.last_seq::int as "lastSeq", s.created_by as owner from spaces s`;
const MESSAGES = `
  select space_id as space, id, seq::int as seq, version, text from messages order by space_id, seq`;

/** What must be 0 in any database that no bug has been at (`teambrain doctor`, R7). */
const FINDINGS: Record<string, string> = {
  'counter differs from the log': `select count(*) from spaces s
    where s.last_seq <> (select coalesce(max(e.seq), 0) from events e where e.space_id = s.id)`,
  'log with a gap': `select count(*) from (select space_id, count(*) n, max(seq) m, min(seq) l
    from events group by space_id) g where g.n <> g.m or g.l <> 1`,
  'message without its event': `select count(*) from messages m where not exists (select from events e
    where e.space_id = m.space_id and e.seq = m.seq and e.type = 'message.posted' and e.subject_id = m.id)`,
  'posted event without its message': `select count(*) from events e where e.type = 'message.posted'
    and not exists (select from messages m where m.space_id = e.space_id and m.id = e.subject_id)`,
  'version differs from the log': `select count(*) from messages m where m.version <> (select max(e.subject_version)
    from events e where e.space_id = m.space_id and e.subject_id = m.id)`,
  'entry version differs from the log': `select count(*) from entries n where n.version <> (select max(e.subject_version)
    from events e where e.space_id = n.space_id and e.subject_id = n.id)`,
  'text of a deleted message': `select count(*) from messages m join events e on e.space_id = m.space_id
    and e.subject_id = m.id where m.deleted_at is not null
    and (m.text <> '' or coalesce(e.payload #>> '{message,text}', '') <> '')`,
  'membership differs from the log': `select count(*) from (
    select distinct on (e.space_id, e.payload #>> '{user,id}') e.space_id, e.type,
      (e.payload #>> '{user,id}')::uuid as user_id, e.seq
    from events e where e.type in ('member.joined', 'member.left', 'member.removed')
    order by e.space_id, e.payload #>> '{user,id}', e.seq desc) l
    left join memberships m on m.space_id = l.space_id and m.user_id = l.user_id
    where (l.type = 'member.joined' and m.user_id is null and not exists (select from events a
        where a.space_id = l.space_id and a.seq > l.seq and a.type = 'space.password-changed'
        and (a.payload ->> 'everyoneJoinsAnew')::boolean))
      or (l.type <> 'member.joined' and m.user_id is not null)`,
  'passage without its space': `select count(*) from passages p where not exists
    (select from spaces s where s.id = p.space_id)`,
  'more than one live refresh token in a session': `select count(*) from (select session_id from refresh_tokens
    where used_at is null group by session_id having count(*) > 1) t`,
};

export interface Stored {
  events: LoggedEvent[];
  spaces: StoredSpace[];
  messages: StoredMessage[];
  findings: Finding[];
}

/** Reads what is in the database at the end, and looks for what must not be there. */
export async function readStored(query: Query): Promise<Stored> {
  const events = (await query(EVENTS)) as unknown as LoggedEvent[];
  const spaces = (await query(SPACES)) as unknown as StoredSpace[];
  const messages = (await query(MESSAGES)) as unknown as StoredMessage[];
  const findings: Finding[] = [];
  for (const [check, sql] of Object.entries(FINDINGS)) {
    const [row] = await query(sql);
    findings.push({ check, count: Number(row?.['count'] ?? -1) });
  }
  return { events, spaces, messages, findings };
}
