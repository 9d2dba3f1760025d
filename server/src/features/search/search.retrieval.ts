import { sql, type SQL } from 'drizzle-orm';
import type { SourceKind } from '@teambrain/contract/citation.ts';
import type { Visible } from '../../platform/access/access.ts';
import type { Database } from '../../platform/db/database.ts';
import { toVector } from '../../platform/db/vector.ts';

/** Weight of meaning beside words; belongs to the shipped encoder (measured, docs/decisions). */
const COSINE_WEIGHT = 0.5;
/** BM25 parameters (Robertson). */
const K1 = 1.2;
const B = 0.75;
/** Terms that only begin like the last word typed count less than a whole word. */
const PREFIX_WEIGHT = 0.6;

export interface Candidate extends Record<string, unknown> {
  id: string;
  space_id: string;
  kind: SourceKind;
  source_id: string;
  title: string;
  heading: string;
  /** 0 to 1.5: share of the best possible BM25, plus half the best cosine. */
  score: number;
  /** BM25 alone; 0 when found by meaning only. */
  lexical: number;
  cosine: number;
}

export interface Query {
  text: string;
  /** The encoder's vector of the text; null looks for words only. */
  vector: Float32Array | null;
  language: string;
  kind?: SourceKind;
  /** Further terms, all beginning like the word being typed. */
  prefixTerms?: string[];
  limit: number;
}

/**
 * Hybrid retrieval: BM25 in SQL plus best-sentence cosine, restricted to visible passages before
 * ranking and LIMIT. Document frequencies are counted among the visible passages only, so nothing
 * about unreadable text can be read from a ranking.
 */
export async function findCandidates(
  db: Database,
  visible: Visible,
  query: Query,
): Promise<Candidate[]> {
  const kind = query.kind ? sql`and d.kind = ${query.kind}` : sql``;
  const found = await db.execute<Candidate>(sql`
    with ${termStatistics(visible, query)},
    lex as (
      select h.passage_id id, sum(i.idf * i.weight * h.tf * ${K1 + 1} /
        (h.tf + ${K1} * (1 - ${B}::real + ${B}::real * h.len / doc.avglen))) s
      from hit h join idf i using (term) cross join doc
      join passages d on d.id = h.passage_id where true ${kind}
      group by 1 order by 2 desc limit 200
    ),
    ${denseCandidates(query)}
    select d.id, d.space_id, d.kind, d.source_id, d.title, d.heading,
      coalesce(lex.s, 0)::float8 lexical, coalesce(den.cos, 0)::float8 cosine,
      (coalesce(lex.s, 0) / ub.u + ${COSINE_WEIGHT}::real * greatest(coalesce(den.cos, 0), 0))::float8 score
    from cand join passages d on d.id = cand.id cross join ub
    left join lex on lex.id = cand.id left join den on den.id = cand.id
    order by score desc, d.id limit ${query.limit}`);
  return found.rows;
}

/** CTEs: the query's terms, their postings in visible passages, and their idf there. */
function termStatistics(visible: Visible, { text, language, prefixTerms = [] }: Query): SQL {
  return sql`
    vis as materialized (select id from ${visible.spaceIds} v),
    doc as materialized (
      select greatest(count(*), 1)::real n, coalesce(nullif(avg(length), 0), 1)::real avglen
      from passages where space_id in (select id from vis)
    ),
    q as materialized (
      select lexeme term, 1::real weight from unnest(to_tsvector(${language}::regconfig, ${text}))
      union
      select term, ${PREFIX_WEIGHT}::real from unnest(${sql.param(prefixTerms)}::text[]) term
      where term not in (select lexeme from unnest(to_tsvector(${language}::regconfig, ${text})))
    ),
    hit as materialized (
      select p.term, p.passage_id, p.frequency tf, d.length len
      from q join postings p using (term) join passages d on d.id = p.passage_id
      where d.space_id in (select id from vis)
    ),
    idf as materialized (
      select q.term, q.weight, case when count(h.passage_id) = 0 then ln(1 + doc.n)
        else ln(1 + (doc.n - count(h.passage_id) + 0.5) / (count(h.passage_id) + 0.5)) end idf
      from q cross join doc left join hit h using (term) group by q.term, q.weight, doc.n
    ),
    ub as (
      select greatest(coalesce(sum(idf) filter (where weight = 1), 0) * ${K1 + 1}, 1e-6) u from idf
    )`;
}

/** CTEs: each passage's best cosine, in one pass over the vectors, and all candidates. */
function denseCandidates({ vector, kind }: Query): SQL {
  if (!vector) {
    return sql`cand as (select id from lex), den as (select null::uuid id, null::real cos where false)`;
  }
  const ofKind = kind ? sql`join passages d on d.id = s.passage_id and d.kind = ${kind}` : sql``;
  // Unit vectors: their inner product, of which <#> is the negative, is the cosine.
  return sql`
    den as materialized (
      select s.passage_id id, -min(s.embedding <#> ${toVector(vector)}::vector) cos
      from sentences s ${ofKind} where s.space_id in (select id from vis) group by 1
    ),
    cand as (
      select id from lex union
      (select id from den where cos is not null order by cos desc limit 200)
    )`;
}

/** The question's terms with their idf among visible passages. */
export async function readTerms(db: Database, visible: Visible, query: Query) {
  const found = await db.execute<{ term: string; idf: number }>(
    sql`with ${termStatistics(visible, query)} select term, idf::float8 from idf order by term`,
  );
  return found.rows;
}

export interface SentenceMatch extends Record<string, unknown> {
  passage_id: string;
  space_id: string;
  source_type: 'message' | 'entry';
  source_id: string;
  version: number;
  start: number;
  end: number;
  author: string;
  text: string;
  quote: string;
  cosine: number;
  terms: string[];
}

/** The sentences of visible passages in order, with terms and cosine; without title rows. */
export async function readSentences(
  db: Database,
  visible: Visible,
  ids: string[],
  { vector, language }: Query,
): Promise<SentenceMatch[]> {
  if (ids.length === 0) return [];
  const cosine = vector
    ? sql`coalesce(-(s.embedding <#> ${toVector(vector)}::vector), 0)::float8`
    : sql`0::float8`;
  const found = await db.execute<SentenceMatch>(sql`
    select s.passage_id, s.space_id, s.source_type, s.source_id, s.version, s.start, s."end",
      s.author, s.text, s.quote, ${cosine} cosine,
      tsvector_to_array(to_tsvector(${language}::regconfig, s.text)) terms
    from sentences s
    where s.passage_id = any(${sql.param(ids)}::uuid[]) and s.space_id in ${visible.spaceIds}
      and s.text <> ''
    order by s.passage_id, s.ordinal`);
  return found.rows;
}

/** Stemmed terms of a text, as the index has them. */
export async function termsOf(db: Database, language: string, texts: string[]) {
  const found = await db.execute<{ terms: string[] }>(sql`
    select tsvector_to_array(to_tsvector(${language}::regconfig, t.text)) terms
    from unnest(${sql.param(texts)}::text[]) with ordinality t(text, n) order by n`);
  return found.rows.map(({ terms }) => terms);
}

/** Terms in visible passages that begin like the word being typed. */
export async function findPrefixTerms(
  db: Database,
  visible: Visible,
  prefix: string,
): Promise<string[]> {
  const like = `${prefix.replace(/[\\%_]/g, (character) => `\\${character}`)}%`;
  const found = await db.execute<{ term: string }>(sql`
    select p.term from postings p join passages d on d.id = p.passage_id
    where p.term like ${like} and d.space_id in ${visible.spaceIds}
    group by p.term order by count(*) desc, p.term limit 8`);
  return found.rows.map(({ term }) => term);
}

/** Passages whose title resembles the query despite typing errors. */
export async function findByTitle(
  db: Database,
  visible: Visible,
  { text, kind, limit }: Query,
): Promise<Candidate[]> {
  const found = await db.execute<Candidate>(sql`
    select distinct on (d.source_id) d.id, d.space_id, d.kind, d.source_id, d.title, d.heading,
      word_similarity(${text}, d.title)::float8 score, 0::float8 lexical, 1::float8 cosine
    from passages d
    where d.space_id in ${visible.spaceIds} and d.title <> ''
      and word_similarity(${text}, d.title) > 0.4 ${kind ? sql`and d.kind = ${kind}` : sql``}
    order by d.source_id, score desc limit ${limit}`);
  return found.rows.sort((a, b) => b.score - a.score);
}

/** Marks the query's words in each text, with \u0001 before and \u0002 after them. */
export async function markWords(
  db: Database,
  language: string,
  query: string,
  texts: string[],
): Promise<string[]> {
  if (texts.length === 0) return [];
  const found = await db.execute<{ marked: string }>(sql`
    select ts_headline(${language}::regconfig, t.text, ${anyWord(language, query)},
      ${'StartSel=\u0001, StopSel=\u0002, HighlightAll=true'}) marked
    from unnest(${sql.param(texts)}::text[]) with ordinality t(text, n) order by n`);
  return found.rows.map(({ marked }) => marked);
}

/** A tsquery that any word of the text satisfies; the last one also as a beginning. */
function anyWord(language: string, query: string): SQL {
  const last = /[\p{L}\p{N}]+$/u.exec(query)?.[0];
  const all = sql`replace(plainto_tsquery(${language}::regconfig, ${query})::text, '&', '|')`;
  if (!last) return sql`${all}::tsquery`;
  return sql`(${all}::tsquery || to_tsquery('simple', ${`${last.toLowerCase()}:*`}))`;
}
