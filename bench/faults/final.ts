import type { FinalState, Finding, LoggedEvent, StoredMessage, StoredSpace } from './history.ts';

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
  select space_id as space, id, seq::int as seq, version, text,
    thread_id is null or in_space as "inStream" from messages order by space_id, seq`;
const REACTIONS = `select message_id as message, user_id as "user", emoji from reactions`;
const MARKS = `
  select space_id as space, user_id as "user", seq::int as seq from read_marks where thread_id is null`;

/** What must be 0 besides all that `teambrain doctor` looks for, which is asked as well. */
const FINDINGS: Record<string, string> = {
  'more than one live refresh token in a session': `select count(*) from (select session_id from refresh_tokens
    where used_at is null group by session_id having count(*) > 1) t`,
};

export interface Stored {
  events: LoggedEvent[];
  spaces: StoredSpace[];
  messages: StoredMessage[];
  reactions: FinalState['reactions'];
  marks: FinalState['marks'];
  findings: Finding[];
}

/** Reads what is in the database at the end, and looks for what must not be there. */
export async function readStored(query: Query): Promise<Stored> {
  const events = (await query(EVENTS)) as unknown as LoggedEvent[];
  const spaces = (await query(SPACES)) as unknown as StoredSpace[];
  const messages = (await query(MESSAGES)) as unknown as StoredMessage[];
  const reactions = (await query(REACTIONS)) as unknown as Stored['reactions'];
  const marks = (await query(MARKS)) as unknown as Stored['marks'];
  const findings: Finding[] = [];
  for (const [check, sql] of Object.entries(FINDINGS)) {
    const [row] = await query(sql);
    findings.push({ check, count: Number(row?.['count'] ?? -1) });
  }
  return { events, spaces, messages, reactions, marks, findings };
}
