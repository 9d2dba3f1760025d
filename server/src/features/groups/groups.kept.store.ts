import type { Check } from '../../platform/core/kept.ts';

/** What must hold of groups. */
export const groupsChecks: Check[] = [
  {
    name: 'group-owner',
    law: 'each group has an owner, who keeps it',
    sql: `select 'group ' || g.id as what from groups g
      where not exists (select from group_members m where m.group_id = g.id and m.is_owner)`,
  },
];
