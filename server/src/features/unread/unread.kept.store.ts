import type { Check } from '../../platform/core/kept.ts';

/** What must hold of read marks. */
export const unreadChecks: Check[] = [
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
