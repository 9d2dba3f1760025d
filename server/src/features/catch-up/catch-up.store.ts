import { sql } from 'drizzle-orm';
import { CATCH_UP_SPACES, type CatchUp, type SpaceNews } from '@teambrain/contract/catch-up.ts';
import type { ListedEntry } from '@teambrain/contract/knowledge.ts';
import type { Visible } from '../../platform/access/access.ts';
import type { Executor } from '../../platform/db/database.ts';
import { excerptOf } from '../../platform/text/excerpt.ts';

const CHANGES = 3;
const LISTED = 6;
/** As many characters are read as give an excerpt. */
const BEGINNING = 400;

interface Found {
  spaces: (Omit<SpaceNews, 'latest' | 'changes'> & {
    latest: { author: string; text: string; at: string } | null;
    changes: ListedEntry[] | null;
  })[];
  edited: ListedEntry[];
  questions: ListedEntry[];
}

/** Replies belong to their threads, unless they are shown in the space as well. */
const IN_STREAM = sql`(x.thread_id is null or x.in_space)`;

const person = (column: string) =>
  sql.raw(
    `(select jsonb_build_object('id', p.id, 'name', p.name) from users p where p.id = e.${column})`,
  );

const entry = sql`jsonb_build_object('id', e.id, 'spaceId', e.space_id, 'kind', e.kind,
  'title', e.title, 'status', e.status, 'version', e.version, 'parentId', e.parent_id,
  'author', ${person('author_id')}, 'createdAt', e.created_at,
  'updatedBy', ${person('updated_by')}, 'updatedAt', e.updated_at,
  'excerpt', left(coalesce(nullif(e.decision->>'outcome', ''), e.markdown), ${BEGINNING}))`;

/**
 * News of the joined spaces. Every part of the statement is bounded and follows an index: messages
 * by seq, entries by space and time, by editor and time, by space and kind.
 */
export async function readNews(db: Executor, visible: Visible): Promise<CatchUp> {
  const me = sql`${visible.actor.userId}::uuid`;
  const list = (where: ReturnType<typeof sql>, limit: number) => sql`(
    select coalesce(jsonb_agg(one.entry order by one.updated_at desc), '[]') from (
      select ${entry} as entry, e.updated_at from entries e
      where e.deleted_at is null and ${where} order by e.updated_at desc limit ${limit}) one)`;
  const { rows } = await db.execute(sql`
    with mine as materialized (
      select m.space_id from memberships m
      where m.user_id = ${me} and m.space_id in ${visible.spaceIds}
      order by m.space_id limit ${CATCH_UP_SPACES})
    select jsonb_build_object(
      'spaces', (select coalesce(jsonb_agg(jsonb_build_object(
        'spaceId', mine.space_id,
        'latest', (select jsonb_build_object('author', p.name, 'text', left(x.text, ${BEGINNING}), 'at', x.created_at)
          from messages x join users p on p.id = x.author_id
          where x.space_id = mine.space_id and x.deleted_at is null and ${IN_STREAM} order by x.seq desc limit 1),
        'changes', ${list(sql`e.space_id = mine.space_id`, CHANGES)})), '[]') from mine),
      'edited', ${list(sql`e.updated_by = ${me} and e.space_id in (select space_id from mine)`, LISTED)},
      'questions', ${list(
        sql`e.kind = 'faq' and e.status = 'open' and e.space_id in (select space_id from mine)`,
        LISTED,
      )}) as news`);
  const { spaces, edited, questions } = rows[0]?.['news'] as Found;
  return {
    spaces: spaces.map(({ latest, changes, ...news }) => ({
      ...news,
      latest: latest && {
        author: latest.author,
        excerpt: excerptOf(latest.text),
        at: new Date(latest.at).toISOString(),
      },
      changes: (changes ?? []).map(toListed),
    })),
    edited: edited.map(toListed),
    questions: questions.map(toListed),
  };
}

const toListed = (row: ListedEntry): ListedEntry => ({
  ...row,
  createdAt: new Date(row.createdAt).toISOString(),
  updatedAt: new Date(row.updatedAt).toISOString(),
  excerpt: excerptOf(row.excerpt),
});
