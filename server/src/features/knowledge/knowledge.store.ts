import { and, asc, desc, eq, isNull, lt, sql } from 'drizzle-orm';
import type {
  DecisionFields,
  Entry,
  EntryCard,
  EntryKind,
  EntryStatus,
  FoundEntry,
  ListedEntry,
  Revision,
} from '@teambrain/contract/knowledge.ts';
import type { Space, Visible } from '../../platform/access/access.ts';
import { excerptOf } from '../../platform/text/excerpt.ts';
import { fieldProblem } from '../../platform/core/problem.ts';
import { jsonOf } from '../../platform/db/columns.ts';
import { personOf, type Database, type Executor, type Tx } from '../../platform/db/database.ts';
import { wordStarts } from '../../platform/db/like.ts';
import { fitsPage } from '../../platform/db/page-bytes.ts';
import { prepare } from '../../platform/db/prepared.ts';
import { entries, revisions } from '../../platform/db/schema.ts';

/** As many characters of Markdown are read as give an excerpt. */
const BEGINNING = 400;

const cardColumns = {
  id: entries.id,
  spaceId: entries.spaceId,
  kind: entries.kind,
  title: entries.title,
  status: entries.status,
  version: entries.version,
  parentId: entries.parentId,
  author: personOf(entries.authorId),
  createdAt: entries.createdAt,
  updatedBy: personOf(entries.updatedBy),
  updatedAt: entries.updatedAt,
};
const columns = {
  ...cardColumns,
  markdown: entries.markdown,
  decision: entries.decision,
  deletedAt: entries.deletedAt,
};

type CardRow = Omit<EntryCard, 'createdAt' | 'updatedAt' | 'status'> & {
  status: string;
  createdAt: Date;
  updatedAt: Date;
};

const toCard = <R extends CardRow>(row: R) => ({
  ...row,
  status: row.status as EntryStatus,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});

/** Visible entries with a word in their title that begins so, those of one space first. */
export async function listNamed(
  db: Executor,
  visible: Visible,
  { text, space, limit }: { text: string; space: string | null; limit: number },
): Promise<FoundEntry[]> {
  const { rows } = await db.execute<FoundEntry & Record<string, unknown>>(sql`
    select e.id, e.space_id "spaceId", s.name "spaceName", e.kind, e.title
    from entries e join spaces s on s.id = e.space_id
    where e.deleted_at is null and e.space_id in ${visible.spaceIds}
      and ${wordStarts(sql`e.title`, text)}
    order by e.space_id is distinct from ${space}::uuid, e.updated_at desc, e.id limit ${limit}`);
  return rows;
}

export type StoredEntry = Entry & { isDeleted: boolean };

const query = (db: Executor) => db.select(columns).from(entries);
const is = (spaceId: string, id: string) => and(eq(entries.spaceId, spaceId), eq(entries.id, id));
type Row = Awaited<ReturnType<typeof query>>[number];

const toEntry = ({ deletedAt, ...row }: Row): StoredEntry => ({
  ...toCard(row),
  isDeleted: deletedAt !== null,
});

export async function findEntry(
  db: Executor,
  space: Space<'read'>,
  id: string,
): Promise<StoredEntry | null> {
  return load(db, space.id, id);
}

/** An entry as it goes over the wire, written by the database; null without one. */
export function readerOf(db: Database) {
  const { deletedAt, ...shown } = columns;
  const read = prepare<{ json: string; isDeleted: boolean }, 'space' | 'id'>(
    db,
    'entry',
    sql`select ${jsonOf(shown)}::text json, ${deletedAt} is not null "isDeleted" from entries
      where ${entries.spaceId} = ${sql.placeholder('space')} and ${entries.id} = ${sql.placeholder('id')}`,
  );
  return async (space: Space<'read'>, id: string) =>
    (await read({ space: space.id, id }))[0] ?? null;
}

/** The entry, locked against other changes until the transaction ends. */
export async function holdEntry(
  tx: Tx,
  space: Space<'read'>,
  id: string,
): Promise<StoredEntry | null> {
  const [row] = await query(tx).where(is(space.id, id)).for('no key update');
  return row ? toEntry(row) : null;
}

/** An entry for the index, which has no reader and shows nothing. */
export async function load(db: Executor, spaceId: string, id: string) {
  const [row] = await query(db).where(is(spaceId, id));
  return row ? toEntry(row) : null;
}

/** As `load`, for several at once. */
export async function loadAll(db: Executor, refs: readonly { spaceId: string; id: string }[]) {
  const rows = await query(db).where(sql`(${entries.spaceId}, ${entries.id}) in (
    select i."spaceId", i.id
    from jsonb_to_recordset(${JSON.stringify(refs)}::jsonb) i("spaceId" uuid, id uuid))`);
  return rows.map(toEntry);
}

/** What a write sets, the same in the entry and in its revision. */
export interface Content {
  title: string;
  status: EntryStatus;
  markdown: string;
  decision: DecisionFields | null;
}

export async function updateEntry(
  db: Executor,
  space: Space<'write'>,
  id: string,
  change: Content & { version: number; parentId: string | null },
  at: Date,
): Promise<void> {
  await db
    .update(entries)
    .set({ ...change, updatedBy: space.actor.userId, updatedAt: at })
    .where(is(space.id, id));
}

/** Puts an entry somewhere else: under another document, into the trash (since when) or out of it. */
export async function placeEntry(
  db: Executor,
  space: Space<'write'>,
  id: string,
  place: { parentId: string | null } | { deletedAt: Date | null },
): Promise<void> {
  await db.update(entries).set(place).where(is(space.id, id));
}

export async function insertRevision(
  db: Executor,
  space: Space<'write'>,
  entryId: string,
  version: number,
  content: Content,
  at: Date,
): Promise<void> {
  const { userId } = space.actor;
  await db
    .insert(revisions)
    .values({ ...content, spaceId: space.id, entryId, version, authorId: userId, createdAt: at });
}

/** Of a decision what came out of it says most. */
const beginning = sql<string>`left(coalesce(nullif(${entries.decision}->>'outcome', ''), ${entries.markdown}), ${BEGINNING})`;

/** Cards by title, after the given title and id. */
export async function listEntries(
  db: Executor,
  space: Space<'read'>,
  filter: {
    kind?: EntryKind;
    status?: EntryStatus;
    after?: [title: string, id: string];
    limit: number;
  },
): Promise<ListedEntry[]> {
  const rows = await db
    .select({ ...cardColumns, excerpt: beginning })
    .from(entries)
    .where(
      and(
        eq(entries.spaceId, space.id),
        isNull(entries.deletedAt),
        filter.kind ? eq(entries.kind, filter.kind) : undefined,
        filter.status ? eq(entries.status, filter.status) : undefined,
        filter.after
          ? sql`(${entries.title}, ${entries.id}) > (${filter.after[0]}, ${filter.after[1]}::uuid)`
          : undefined,
      ),
    )
    .orderBy(asc(entries.title), asc(entries.id))
    .limit(filter.limit);
  return rows.map(({ excerpt, ...row }) => ({ ...toCard(row), excerpt: excerptOf(excerpt) }));
}

/** Whether making `parentId` the parent of `id` would close a circle. */
async function isBelow(
  db: Executor,
  space: Space<'read'>,
  parentId: string,
  id: string,
): Promise<boolean> {
  const found = await db.execute(sql`
    with recursive up as (
      select id, parent_id from entries where space_id = ${space.id} and id = ${parentId}
      union select e.id, e.parent_id from entries e join up on e.space_id = ${space.id} and e.id = up.parent_id
    ) select 1 from up where id = ${id} limit 1`);
  return found.rows.length > 0;
}

/** A parent is a document of the same space, and not below the entry itself. @throws invalid-request */
export async function requireParent(
  tx: Tx,
  space: Space<'read'>,
  id: string,
  parentId: string | null,
): Promise<void> {
  if (parentId === null) return;
  const parent = await findEntry(tx, space, parentId);
  const isFit = parent?.kind === 'document' && !parent.isDeleted && parentId !== id;
  if (!isFit || (await isBelow(tx, space, parentId, id))) {
    throw fieldProblem('invalid-request', '/parentId', 'is not a document to put this under');
  }
}

/** What a version said; of a decision perhaps without its fields. */
export async function findRevision(
  db: Executor,
  space: Space<'read'>,
  entryId: string,
  version: number,
): Promise<Content | null> {
  const { title, status, markdown, decision } = revisions;
  const [row] = await db
    .select({ title, status, markdown, decision })
    .from(revisions)
    .where(
      and(
        eq(revisions.spaceId, space.id),
        eq(revisions.entryId, entryId),
        eq(revisions.version, version),
      ),
    );
  return row ? { ...row, status: row.status as EntryStatus } : null;
}

/** Versions before the given one, the newest first; fewer than there are where they are large. */
export async function listRevisions(
  db: Executor,
  space: Space<'read'>,
  entryId: string,
  before: number | undefined,
  limit: number,
): Promise<{ items: Revision[]; hasMore: boolean }> {
  const found = db
    .select({
      version: revisions.version,
      title: revisions.title,
      status: revisions.status,
      markdown: revisions.markdown,
      author: personOf(revisions.authorId).as('author'),
      createdAt: revisions.createdAt,
    })
    .from(revisions)
    .where(
      and(
        eq(revisions.spaceId, space.id),
        eq(revisions.entryId, entryId),
        before === undefined ? undefined : lt(revisions.version, before),
      ),
    )
    .orderBy(desc(revisions.version))
    .limit(limit + 1)
    .as('found');
  const order = sql`${found.version} desc`;
  const page = db
    .select({
      ...found._.selectedFields,
      count: sql<number>`count(*) over ()`.mapWith(Number).as('count'),
      fits: fitsPage(sql`to_json(${found.markdown})::text`, order).as('fits'),
    })
    .from(found)
    .as('page');
  const rows = await db
    .select()
    .from(page)
    .where(sql`${page.fits}`)
    .orderBy(desc(page.version));
  const items = rows.slice(0, limit).map(({ count: _c, fits: _f, ...row }) => ({
    ...row,
    status: row.status as EntryStatus,
    createdAt: row.createdAt.toISOString(),
  }));
  return { items, hasMore: (rows[0]?.count ?? 0) > items.length };
}

/** Standing entries with these ids, each only if its space is visible. */
export async function listVisible(
  db: Executor,
  visible: Visible,
  ids: string[],
): Promise<StoredEntry[]> {
  if (ids.length === 0) return [];
  const rows = await query(db).where(
    and(
      sql`${entries.id} = any(${sql.param(ids)}::uuid[])`,
      sql`${entries.spaceId} in ${visible.spaceIds}`,
      isNull(entries.deletedAt),
    ),
  );
  return rows.map(toEntry);
}
