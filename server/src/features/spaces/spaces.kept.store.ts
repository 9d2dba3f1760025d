import type { Check } from '../../platform/core/kept.ts';

/** What must hold of spaces and of who is in them. */
export const spacesChecks: Check[] = [
  {
    name: 'space-state',
    about: ['space.created', 'space.updated'],
    law: 'each space has the name that its last event says',
    sql: `select 'space ' || s.id as what from spaces s
      left join lateral (
        select e.payload ->> 'name' as name from events e
        where e.space_id = s.id and e.subject_id = s.id and e.type in ('space.created', 'space.updated')
        order by e.seq desc limit 1) l on true
      where l.name is distinct from s.name`,
  },
  {
    name: 'membership',
    about: [
      'member.joined',
      'member.left',
      'member.removed',
      'member.role-changed',
      'space.password-changed',
    ],
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
];
