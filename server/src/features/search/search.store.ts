import { and, desc, eq, gte, isNotNull, lte, sql, type SQL } from 'drizzle-orm';
import type { Database, Tx } from '../../platform/db/database.ts';
import {
  passages,
  postings,
  searchVersions,
  sentenceCodes,
  sentences,
  spaces,
} from '../../platform/db/schema.ts';

/** A sentence to be indexed; `encode` is what its vector is made of. */
export interface SentenceRow {
  sourceType: 'message' | 'entry';
  sourceId: string;
  version: number;
  start: number;
  end: number;
  author: string;
  text: string;
  quote: string;
  encode: string;
}

export interface PassageRow {
  id: string;
  spaceId: string;
  kind: 'message' | 'document' | 'faq' | 'decision';
  sourceId: string;
  version: number;
  firstSeq: number | null;
  lastSeq: number | null;
  title: string;
  heading: string;
  body: string;
  sentences: SentenceRow[];
}

export type EmbeddedPassage = Omit<PassageRow, 'sentences'> & {
  sentences: (SentenceRow & { embedding: Float32Array | null })[];
};

/** First seq of the space's last run of chat turns; null without any. */
export async function findTail(db: Database, spaceId: string): Promise<number | null> {
  const [row] = await db
    .select({ first: passages.firstSeq })
    .from(passages)
    .where(and(eq(passages.spaceId, spaceId), isNotNull(passages.lastSeq)))
    .orderBy(desc(passages.lastSeq), desc(passages.firstSeq))
    .limit(1);
  return row?.first ?? null;
}

/** The run in which a seq stands. */
export async function findRunRange(db: Database, spaceId: string, seq: number) {
  const [row] = await db
    .select({
      first: sql<number>`${passages.firstSeq}::int`,
      last: sql<number>`${passages.lastSeq}::int`,
    })
    .from(passages)
    .where(
      and(eq(passages.spaceId, spaceId), gte(passages.lastSeq, seq), lte(passages.firstSeq, seq)),
    )
    .limit(1);
  return row ?? null;
}

/** Replaces all passages of an entry. */
export async function replaceEntry(
  db: Database,
  language: string,
  entry: { spaceId: string; id: string },
  rows: EmbeddedPassage[],
): Promise<void> {
  const old = and(eq(passages.spaceId, entry.spaceId), eq(passages.sourceId, entry.id));
  await replace(db, language, entry.spaceId, old, rows);
}

/** Replaces all runs that touch a stretch of the chat. */
export async function replaceRuns(
  db: Database,
  language: string,
  stretch: { spaceId: string; first: number; last: number },
  rows: EmbeddedPassage[],
): Promise<void> {
  const old = and(
    eq(passages.spaceId, stretch.spaceId),
    gte(passages.lastSeq, stretch.first),
    lte(passages.firstSeq, stretch.last),
  );
  await replace(db, language, stretch.spaceId, old, rows);
}

async function replace(
  db: Database,
  language: string,
  spaceId: string,
  old: SQL | undefined,
  rows: EmbeddedPassage[],
): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.delete(passages).where(old);
    for (let at = 0; at < rows.length; at += 100) {
      await insert(tx, language, rows.slice(at, at + 100));
    }
    await tx.execute(sql`
      insert into ${searchVersions} (space_id, version)
      select id, 1 from ${spaces} where id = ${spaceId}
      on conflict (space_id) do update set version = ${searchVersions}.version + 1`);
  });
}

async function insert(tx: Tx, language: string, rows: EmbeddedPassage[]): Promise<void> {
  await tx
    .insert(passages)
    .values(rows.map(({ body: _, sentences: __, ...row }) => ({ ...row, length: 0 })));
  await insertPostings(tx, language, rows);
  const lines = rows.flatMap(({ id, spaceId, sentences: own }) =>
    own.map(({ encode: _, ...row }, ordinal) => ({ ...row, passageId: id, spaceId, ordinal })),
  );
  for (let at = 0; at < lines.length; at += 500) {
    await tx.insert(sentences).values(lines.slice(at, at + 500));
  }
  await tx.execute(sql`
    insert into ${sentenceCodes} (passage_id, ordinal, space_id, code)
    select passage_id, ordinal, space_id, binary_quantize(embedding)::bit(512) from ${sentences}
    where passage_id = any(${sql.param(rows.map(({ id }) => id))}::uuid[]) and embedding is not null`);
}

/** Term frequencies as to_tsvector counts positions; words of title and heading count double. */
async function insertPostings(tx: Tx, language: string, rows: EmbeddedPassage[]): Promise<void> {
  const texts = rows.map(({ id, title, heading, body }) => ({
    id,
    head: `${title} ${heading}`,
    body,
  }));
  await tx.execute(sql`
    insert into ${postings} (passage_id, term, frequency)
    select d.id, t.lexeme, sum(t.tf)
    from jsonb_to_recordset(${JSON.stringify(texts)}::jsonb) as d(id uuid, head text, body text),
    lateral (
      select lexeme, cardinality(positions)::real tf from unnest(to_tsvector(${language}::regconfig, d.body))
      union all
      select lexeme, 2 * cardinality(positions)::real from unnest(to_tsvector(${language}::regconfig, d.head))
    ) t
    group by 1, 2`);
  await tx.execute(sql`
    update ${passages} set length = l.total
    from (select passage_id, sum(frequency) total from ${postings}
          where passage_id = any(${sql.param(rows.map(({ id }) => id))}::uuid[]) group by 1) l
    where ${passages.id} = l.passage_id`);
}
