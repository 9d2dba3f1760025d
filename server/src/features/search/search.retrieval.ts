import { sql, type SQL } from 'drizzle-orm';
import type { SourceKind } from '@teambrain/contract/citation.ts';
import type { ContentType } from '@teambrain/contract/kinds.ts';
import type { Visible } from '../../platform/access/access.ts';
import type { Database } from '../../platform/db/database.ts';
import { isWhole, readTerms, type Term } from '../../platform/db/terms.ts';
import { toVector } from '../../platform/db/columns.ts';
import { askedTerms, type Statistics } from './search.terms.store.ts';

/** Weight of meaning beside words; belongs to the shipped encoder (measured, docs/decisions). */
const COSINE_WEIGHT = 0.5;
/** BM25 parameters (Robertson). */
const K1 = 1.2;
const B = 0.75;

/** Sentences whose codes are nearest to the query's, of which the whole vectors are compared. */
const NEAREST = 600;

/** Where a passage is and how good it is, without its words. */
export interface Ranked extends Record<string, unknown> {
  id: string;
  space_id: string;
  kind: SourceKind;
  source_id: string;
  /** 0 to 1.5: share of the best possible BM25, plus half the best cosine. */
  score: number;
  /** BM25 alone; 0 when found by meaning only. */
  lexical: number;
  cosine: number;
  /** The words of the query that the passage has, or something in their place. */
  words: string[];
}

export interface Query {
  text: string;
  /** The encoder's vector of the text; null looks for words only. */
  vector: Float32Array | null;
  language: string;
  kind?: SourceKind;
  limit: number;
}

/**
 * Hybrid retrieval: BM25 in SQL plus best-sentence cosine, restricted to visible passages before
 * ranking and LIMIT. The statistics are of the visible passages only, so nothing about unreadable
 * text can be read from a ranking.
 */
export async function findCandidates(
  db: Database,
  visible: Visible,
  query: Query,
  { averageLength, terms }: Statistics,
): Promise<Ranked[]> {
  const kind = query.kind ? sql`and d.kind = ${query.kind}` : sql``;
  const names = sql.param(terms.map(({ term }) => term));
  const weights = sql.param(terms.map(({ idf, weight }) => idf * weight));
  const { asked } = askedTerms(terms);
  const best = Math.max(1e-6, (K1 + 1) * asked.reduce((sum, { idf }) => sum + idf, 0));
  const labels = sql.param(terms.map(({ term, of = term }) => of));
  const found = await db.execute<Ranked>(sql`
    with vis as materialized (select id from ${visible.spaceIds} v),
    q as (select * from unnest(${names}::text[], ${weights}::real[], ${labels}::text[]) q(term, weight, word)),
    lex as materialized (
      select p.passage_id id, sum(q.weight * p.frequency * ${K1 + 1}::real / (p.frequency +
        ${K1}::real * (1 - ${B}::real + ${B}::real * d.length / ${averageLength}::real))) s,
        array_agg(distinct q.word) words
      from postings p join q using (term) join passages d on d.id = p.passage_id
      where p.term = any(${names}::text[]) and d.space_id = any(array(select id from vis)) ${kind}
      group by 1 order by 2 desc limit 200
    ),
    ${denseCandidates(query)}
    select d.id, d.space_id, d.kind, d.source_id,
      coalesce(lex.words, '{}') words, coalesce(lex.s, 0)::float8 lexical, coalesce(den.cos, 0)::float8 cosine,
      (coalesce(lex.s, 0) / ${best}::real + ${COSINE_WEIGHT}::real * greatest(coalesce(den.cos, 0), 0))::float8 score
    from cand join passages d on d.id = cand.id
    left join lex on lex.id = cand.id left join den on den.id = cand.id
    order by score desc, d.id limit ${query.limit}`);
  return found.rows;
}

/**
 * CTEs: the best cosine of each passage that is near by meaning or found by words, and all
 * candidates. The codes choose the sentences (`near`: the query's nearest of all, and the nearest two
 * of each passage with its words); cosines are of their whole vectors.
 */
function denseCandidates({ vector, kind }: Query): SQL {
  if (!vector) {
    return sql`cand as (select id from lex), den as (select null::uuid id, null::real cos where false)`;
  }
  const ofKind = kind ? sql`join passages d on d.id = c.passage_id and d.kind = ${kind}` : sql``;
  const whole = sql`${toVector(vector)}::vector`;
  // Unit vectors: their inner product, of which <#> is the negative, is the cosine.
  return sql`
    far as materialized (
      select c.passage_id, c.ordinal, c.code <~> binary_quantize(${whole})::bit(512) distance
      from sentence_codes c ${ofKind} where c.space_id = any(array(select id from vis))
    ),
    near as (
      (select passage_id, ordinal from far order by distance limit ${NEAREST})
      union
      select passage_id, ordinal from (
        select passage_id, ordinal,
          row_number() over (partition by passage_id order by distance) place
        from far where passage_id in (select id from lex)) own
      where place <= 2
    ),
    den as materialized (
      select s.passage_id id, -min(s.embedding <#> ${whole}) cos
      from near join sentences s using (passage_id, ordinal) group by 1
    ),
    cand as (
      select id from lex union
      (select id from den where cos is not null order by cos desc limit 200)
    )`;
}

interface SentenceRow extends Record<string, unknown> {
  passage_id: string;
  space_id: string;
  source_type: ContentType;
  source_id: string;
  version: number;
  start: number;
  end: number;
  author: string;
  text: string;
  quote: string;
  cosine: number;
}

export interface SentenceMatch extends SentenceRow {
  /** Lexemes in the order of the text. */
  terms: string[];
  /** All by which it can be found, parts of words too. */
  found: ReadonlySet<string>;
}

/** The sentences of visible passages in order, with terms and cosine; without title rows. */
export async function readSentences(
  db: Database,
  visible: Visible,
  ids: string[],
  { vector, language }: Pick<Query, 'vector' | 'language'>,
): Promise<SentenceMatch[]> {
  if (ids.length === 0) return [];
  const cosine = vector
    ? sql`coalesce(-(s.embedding <#> ${toVector(vector)}::vector), 0)::float8`
    : sql`0::float8`;
  const { rows } = await db.execute<SentenceRow>(sql`
    select s.passage_id, s.space_id, s.source_type, s.source_id, s.version, s.start, s."end",
      s.author, s.text, s.quote, ${cosine} cosine
    from sentences s
    where s.passage_id = any(${sql.param(ids)}::uuid[]) and s.space_id in ${visible.spaceIds}
      and s.text <> ''
    order by s.passage_id, s.ordinal`);
  const terms = await readTerms(
    db,
    language,
    rows.map(({ text }) => text),
  );
  return rows.map((row, n) => {
    const own = terms[n] ?? [];
    return { ...row, terms: lexemesOf(own), found: new Set(own.map(({ term }) => term)) };
  });
}

/** The lexemes of a text in its order, without stop words. */
const lexemesOf = (terms: readonly Term[]) => terms.filter(isWhole).map(({ term }) => term);

interface HeadRow extends Record<string, unknown> {
  id: string;
  title: string;
  heading: string;
}

export interface Head extends HeadRow {
  /** Lexemes of the title and of each heading, as the index counts them. */
  names: string[][];
}

/** Titles and headings of visible passages. */
export async function readHeads(
  db: Database,
  visible: Visible,
  ids: string[],
  language: string,
): Promise<Map<string, Head>> {
  const { rows } = await db.execute<HeadRow>(sql`
    select d.id, d.title, d.heading from passages d
    where d.id = any(${sql.param(ids)}::uuid[]) and d.space_id in ${visible.spaceIds}`);
  const texts = rows.map(({ title, heading }) => [title, ...(heading ? heading.split(' › ') : [])]);
  const terms = await readTerms(db, language, texts.flat());
  return new Map(
    rows.map((row, n) => {
      const names = terms.splice(0, texts[n]?.length).map(lexemesOf);
      return [row.id, { ...row, names }];
    }),
  );
}

/** The lexemes of a question, one for each of its words in order; '' for a stop word. */
export async function readLexemes(db: Database, language: string, text: string): Promise<string[]> {
  const [terms = []] = await readTerms(db, language, [text]);
  return terms.filter(({ kind }) => kind === 'word' || kind === 'exact').map(({ term }) => term);
}

/**
 * The readable spaces with the versions of their index, and what is restricted to just these: for
 * what is shared by readers of the same spaces, whatever rights change meanwhile.
 */
export async function readScope(db: Database, visible: Visible) {
  const found = await db.execute<{ id: string; version: string }>(sql`
    select v.id, coalesce(s.version, 0)::text version
    from ${visible.spaceIds} v left join search_versions s on s.space_id = v.id order by v.id`);
  const ids = found.rows.map(({ id }) => id);
  const within: Visible = {
    ...visible,
    spaceIds: sql`(select unnest(${sql.param(ids)}::uuid[]) id)`,
  };
  return { spaces: found.rows.map(({ id, version }) => [id, version]), within };
}

/** Passages whose title resembles the query despite typing errors. */
export async function findByTitle(
  db: Database,
  visible: Visible,
  { text, kind, limit }: Query,
): Promise<Ranked[]> {
  const found = await db.execute<Ranked>(sql`
    select distinct on (d.source_id) d.id, d.space_id, d.kind, d.source_id,
      word_similarity(${text}, d.title)::float8 score, 0::float8 lexical, 1::float8 cosine, '{}'::text[] words
    from passages d
    where d.space_id in ${visible.spaceIds} and d.title <> ''
      and word_similarity(${text}, d.title) > 0.4 ${kind ? sql`and d.kind = ${kind}` : sql``}
    order by d.source_id, score desc limit ${limit}`);
  return found.rows.sort((a, b) => b.score - a.score);
}
