import { allKinds, typeOf } from '@teambrain/contract/kinds.ts';
import type { Check } from '../../platform/core/kept.ts';

const place = (alias: string) => `(${alias}.tx, ${alias}.space_id, ${alias}.seq)`;

/** Whether the index has yet to handle something about a source. */
const isPending = (space: string, source: string) => `exists (
  select from events e join follower_cursors c on c.follower = 'search-index'
  where e.space_id = ${space} and e.subject_id = ${source} and ${place('e')} > ${place('c')})`;

const cases = allKinds.map((kind) => `when '${kind}' then '${typeOf(kind)}'`);
const TYPE_OF_PASSAGE = `case p.kind ${cases.join(' ')} end`;

/** What must hold of the search index; `content` is what all features keep. */
export const searchChecks: Check[] = [
  {
    name: 'index-source',
    law: 'each passage of the search index belongs to a message or entry that is there',
    sql: `select 'passage ' || p.id as what from passages p
      where not exists (select from content c
        where c.type = ${TYPE_OF_PASSAGE} and c.space_id = p.space_id and c.id = p.source_id)`,
  },
  {
    name: 'index-text',
    law: 'what the index holds of a source is what the source says now, and nothing of what was deleted',
    sql: `select 'passage ' || s.passage_id || ', sentence ' || s.ordinal as what from sentences s
      join passages p on p.id = s.passage_id
      left join content c on c.type = s.source_type and c.space_id = s.space_id and c.id = s.source_id
      where (p.space_id <> s.space_id
          or c.id is null
          or c.deleted_at is not null
          or c.version <> s.version
          or strpos(c.text, s.quote) = 0)
        and not ${isPending('s.space_id', 's.source_id')}`,
  },
];
