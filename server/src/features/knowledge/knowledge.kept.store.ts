import type { Check, Kept } from '../../platform/core/kept.ts';

export const knowledgeKept: Kept = {
  type: 'entry',
  table: 'entries',
  text: 'markdown',
  deletion: {
    event: 'entry.deleted',
    also: `delete from public.links where space_id = $1 and from_type = 'entry' and from_id = $2`,
  },
};

/** What must hold of entries. */
export const knowledgeChecks: Check[] = [
  {
    name: 'entry-state',
    about: ['entry.created', 'entry.updated', 'entry.deleted', 'entry.restored'],
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
    about: ['entry.moved'],
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
