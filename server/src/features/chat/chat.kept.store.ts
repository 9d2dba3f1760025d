import type { Check, Kept } from '../../platform/core/kept.ts';

export const chatKept: Kept = {
  type: 'message',
  table: 'messages',
  text: 'text',
  deletion: {
    event: 'message.deleted',
    set: `text = '', files = '[]', version = version + 1`,
    data: `'deletedAt', $3::text`,
    also: `with reactions as (
        delete from public.reactions where space_id = $1 and message_id = $2
      ), pins as (
        delete from public.pins where space_id = $1 and message_id = $2
      ), files as (
        delete from public.files where space_id = $1 and message_id = $2
      ), links as (
        delete from public.links where space_id = $1 and from_type = 'message' and from_id = $2)
      delete from public.message_versions where space_id = $1 and message_id = $2`,
  },
};

/** What must hold of messages. */
export const chatChecks: Check[] = [
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
    about: ['message.posted', 'message.edited', 'message.deleted'],
    law: 'each message is what its last event says (version, text, files, author, deleted or not)',
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
          or l.payload #> '{message,files}' is distinct from m.files
          or l.payload #>> '{message,author,id}' is distinct from m.author_id::text))`,
  },
  {
    name: 'message-thread',
    law: 'each message is in the thread, or the stream, and quotes what its event says; a thread has a message of the stream as its root',
    sql: `select 'message ' || m.id as what from messages m
      join events e on e.space_id = m.space_id and e.seq = m.seq
      left join messages r on r.space_id = m.space_id and r.id = m.thread_id
      where e.payload #>> '{message,threadId}' is distinct from m.thread_id::text
        or (e.payload #> '{message,inSpace}')::boolean is distinct from m.in_space
        or e.payload #>> '{message,quote,id}' is distinct from m.quote_id::text
        or (m.thread_id is not null and (r.id is null or r.thread_id is not null))`,
  },
  {
    name: 'deleted-message-text',
    law: 'the text and the files of a deleted message are gone',
    sql: `select 'message ' || id as what from messages
      where deleted_at is not null and (text <> '' or files <> '[]')`,
  },
  {
    name: 'message-versions',
    law: 'earlier versions are kept of messages that stand, each older than what they say now',
    sql: `select 'message ' || v.message_id || ', version ' || v.version as what
      from message_versions v
      join messages m on m.space_id = v.space_id and m.id = v.message_id
      where m.deleted_at is not null or v.version >= m.version`,
  },
  {
    name: 'message-reactions',
    law: 'each reaction was added by the last event about it, and each that was added last is there',
    about: ['message.reacted'],
    sql: `select 'message ' || coalesce(l.subject_id, r.message_id) || ', ' || coalesce(l.emoji, r.emoji) as what
      from (
        select distinct on (e.space_id, e.subject_id, e.payload ->> 'emoji', e.actor_id)
          e.space_id, e.subject_id, e.payload ->> 'emoji' as emoji, e.actor_id,
          (e.payload -> 'on')::boolean and m.deleted_at is null as stands
        from events e join messages m on m.space_id = e.space_id and m.id = e.subject_id
        where e.type = 'message.reacted' and e.actor_id is not null
        order by e.space_id, e.subject_id, e.payload ->> 'emoji', e.actor_id, e.seq desc) l
      full join reactions r on r.space_id = l.space_id and r.message_id = l.subject_id
        and r.emoji = l.emoji and r.user_id = l.actor_id
      where coalesce(l.stands, false) <> (r.emoji is not null)`,
  },
  {
    name: 'thread-read',
    law: 'nobody has read a thread further than the log of its space goes',
    sql: `select 'thread ' || w.thread_id || ', user ' || w.user_id || ': read to ' || w.read_seq
        || ' of ' || s.last_seq as what
      from thread_follows w join spaces s on s.id = w.space_id where w.read_seq > s.last_seq`,
  },
  {
    name: 'message-pin',
    law: 'each pin was set by the last event about it, and each that was set last is there',
    about: ['message.pinned'],
    sql: `select 'message ' || coalesce(l.subject_id, p.message_id) as what
      from (
        select distinct on (e.space_id, e.subject_id) e.space_id, e.subject_id, e.actor_id,
          (e.payload -> 'on')::boolean and m.deleted_at is null as stands
        from events e join messages m on m.space_id = e.space_id and m.id = e.subject_id
        where e.type = 'message.pinned'
        order by e.space_id, e.subject_id, e.seq desc) l
      full join pins p on p.space_id = l.space_id and p.message_id = l.subject_id
      where coalesce(l.stands, false) <> (p.message_id is not null)
        or (p.message_id is not null and l.actor_id is distinct from p.user_id)`,
  },
];
