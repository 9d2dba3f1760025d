import { sql, type SQL } from 'drizzle-orm';
import { entryCreated } from '@teambrain/contract/knowledge.ts';
import type { Kind } from '../../platform/events/append.statement.ts';
import { linkRows } from '../../platform/links/links.store.ts';
import { findEntry, requireParent } from './knowledge.store.ts';

const card = (key: string): SQL => sql`(f.payload->'entry'->>${sql.raw(`'${key}'`)})`;
/** Of a document or an FAQ the database has no decision, rather than JSON's null. */
const decision = sql`nullif(f.beside->'decision', 'null'::jsonb)`;

/**
 * How entries are created: the card of the event gives the row, `beside` the words and the links. One
 * that is put under a document goes alone: that document is to be there under the space's lock.
 */
export const entryCreations: Kind<typeof entryCreated> = {
  type: entryCreated,
  isNotPlain: sql`(exists (select from entries e where e.space_id = i.space_id and e.id = i.id)
    or i.payload #>> '{entry,parentId}' is not null)`,
  insert: sql`insert into entries (space_id, id, kind, title, status, markdown, decision, parent_id,
      author_id, created_at, updated_by, updated_at)
    select f.space_id, f.id, ${card('kind')}, ${card('title')}, ${card('status')},
      f.beside->>'markdown', ${decision}, ${card('parentId')}::uuid, f.actor_id,
      ${card('createdAt')}::timestamptz, f.actor_id, ${card('updatedAt')}::timestamptz
    from fresh f`,
  besides: [
    sql`insert into revisions (space_id, entry_id, version, title, status, markdown, decision,
        author_id, created_at)
      select f.space_id, f.id, 1, ${card('title')}, ${card('status')}, f.beside->>'markdown',
        ${decision}, f.actor_id, ${card('updatedAt')}::timestamptz
      from fresh f`,
    sql`insert into links (space_id, from_type, from_id, from_version, rel, to_type, to_id, start,
        "end")
      select f.space_id, 'entry', f.id, 1, l.rel, l.to_type, l.to_id, l.start, l."end"
      from fresh f cross join lateral ${linkRows(sql`(f.beside->'links')`)}`,
  ],
  requires: (tx, space, { entry }) => requireParent(tx, space, entry.id, entry.parentId),
  payload: sql`f.payload`,
  async find(db, space, id) {
    const found = await findEntry(db, space, id);
    if (!found) return null;
    const { markdown: _m, decision: _d, isDeleted: _x, ...entry } = found;
    return { entry };
  },
};
