import type { Check } from '../core/kept.ts';

/** What must hold of links: they are those of the texts as they are now. */
export const linksChecks: Check[] = [
  {
    name: 'link-text',
    law: 'each link is in the present text of what it is from, which was not deleted',
    sql: `select l.from_type || ' ' || l.from_id || ' to ' || l.to_type || ' ' || l.to_id as what
      from links l left join content c
        on c.type = l.from_type and c.space_id = l.space_id and c.id = l.from_id
      where c.id is null or c.deleted_at is not null or c.version <> l.from_version
        or position(l.to_id::text in lower(c.text)) = 0`,
  },
  {
    // Texts in which nothing can be code, a quotation or escaped: the others only the contract reads.
    name: 'link-missing',
    law: 'a person, group or space whom a text mentions has a link from it',
    sql: `select c.type || ' ' || c.id as what from content c
      where c.deleted_at is null
        and c.text ~* '(^|[[:space:]])\\[@[[:alnum:] ]+\\]\\(/(people|groups|s)/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(/members)?\\)'
        and c.text !~ '[\`<>!~|\\\\]|    |\\t|^ {0,3}\\[[^]]*\\]:'
        and not exists (select from links l
          where l.from_type = c.type and l.space_id = c.space_id and l.from_id = c.id)`,
  },
];
