import { sql } from 'drizzle-orm';
import type { ContentKind, ContentType } from '@teambrain/contract/kinds.ts';
import { toVectors } from '../../platform/db/columns.ts';
import type { WordWeights } from '../../platform/text/word-weights.ts';

/** A sentence to be indexed; `encode` is what its vector is made of, empty for none. */
export interface SentenceRow {
  sourceType: ContentType;
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
  kind: ContentKind;
  sourceId: string;
  version: number;
  /** The thread of a run of replies. */
  threadId: string | null;
  firstSeq: number | null;
  lastSeq: number | null;
  title: string;
  heading: string;
  body: string;
  weights: WordWeights;
  /** How many of its sentences are in the index already; only the others are in `sentences`. */
  standing: number;
  sentences: SentenceRow[];
}

/** What is to become of what stands: some passages go, some are new or have grown. */
export interface Change {
  spaceId: string;
  /** Of the index, when what stands was read. */
  version: number;
  removed: string[];
  passages: PassageRow[];
}

/**
 * How the terms of a passage are made; moves whenever they would be others. Passages of an earlier
 * format are found less well, and are made again in the background.
 */
export const INDEX_FORMAT = 3;

/** Of one statement; more go in several, so that the main loop is free between them. */
const MAX_PASSAGES = 25;

/** What one statement is given: passages and sentences as JSON, vectors in the database's form. */
export interface Step {
  input: string;
  vectors: Buffer;
}

/** How many statements that takes; each moves the versions of all its spaces by one. */
export const stepsFor = (changes: readonly Change[]) =>
  Math.max(1, Math.ceil(changes.flatMap(({ passages }) => passages).length / MAX_PASSAGES));

/**
 * Splits changes into what goes in one statement each, made when it is asked for.
 *
 * @param vectors of the sentences that have something to encode, in their order
 * @param lexemeOf the lexeme of a word's form, empty for a stop word
 */
export function* stepsOf(
  changes: readonly Change[],
  vectors: readonly Float32Array[],
  lexemeOf: (form: string) => string,
): Generator<Step> {
  const passages = changes.flatMap((change) => change.passages);
  let done = 0;
  for (let number = 0; number < stepsFor(changes); number += 1) {
    const own = passages.slice(number * MAX_PASSAGES, (number + 1) * MAX_PASSAGES);
    let count = 0;
    const sentences = own.flatMap(({ id, spaceId, standing: before, sentences: added }) =>
      added.map(({ encode, ...row }, n) => ({
        ...row,
        vector: encode === '' ? null : (count += 1),
        passageId: id,
        spaceId,
        ordinal: before + n,
      })),
    );
    const input = JSON.stringify({
      // Each step moves the versions by one.
      spaces: changes.map(({ spaceId, version }) => ({ id: spaceId, version: version + number })),
      removed: number === 0 ? changes.flatMap(({ removed }) => removed) : [],
      passages: own.map(({ sentences: _, body: __, weights, ...row }) => ({
        ...row,
        ...termsOf(weights, lexemeOf),
        format: INDEX_FORMAT,
      })),
      sentences,
    });
    yield { input, vectors: toVectors(vectors.slice(done, (done += count))) };
  }
}

/** What is found of a passage with its frequencies, and how long it is for BM25. */
function termsOf({ words, exact }: WordWeights, lexemeOf: (form: string) => string) {
  // No plain object while it is made: "constructor" is a word too, and something in each of them.
  const terms = new Map<string, number>();
  let length = 0;
  const add = (term: string, weight: number) => {
    if (term === '') return;
    terms.set(term, (terms.get(term) ?? 0) + weight);
    length += weight;
  };
  for (const [form, weight] of exact) add(form, weight);
  for (const [form, weight] of words) add(lexemeOf(form), weight);
  return { terms: Object.fromEntries(terms), length };
}

const GROWN = sql`any(array(select id from passage where standing > 0))`;

/**
 * One statement, so one transaction where it stands alone. `held` moves the versions of the spaces
 * that stand as they were read, and keeps them from being deleted meanwhile; nothing is done to others.
 * Of a passage that grew, only terms that came or whose number changed are written.
 */
export const writing = ({ input, vectors }: Record<keyof Step, unknown>) => sql`
  with input as materialized (select ${input}::jsonb j),
  held as materialized (
    insert into search_versions as v (space_id, version)
    select s.id, i.version + 1
    from jsonb_to_recordset((select j->'spaces' from input)) i(id uuid, version bigint)
    join spaces s on s.id = i.id order by s.id for key share of s
    on conflict (space_id) do update set version = excluded.version
      where v.version = excluded.version - 1
    returning v.space_id
  ),
  passage as materialized (
    select i.* from jsonb_to_recordset((select j->'passages' from input)) i(id uuid, "spaceId" uuid,
      kind text, "sourceId" uuid, version int, "threadId" uuid, "firstSeq" bigint, "lastSeq" bigint, title text,
      heading text, standing int, format int, length real, terms jsonb)
    where i."spaceId" in (select space_id from held)
  ),
  sentence as materialized (
    select i.*, v.embedding
    from jsonb_to_recordset((select j->'sentences' from input)) i(vector int, "passageId" uuid, ordinal int,
      "spaceId" uuid, "sourceType" text, "sourceId" uuid, version int, start int,
      "end" int, author text, text text, quote text)
    left join unnest(${vectors}::vector[]) with ordinality v(embedding, n) on v.n = i.vector
    where i."spaceId" in (select space_id from held)
  ),
  frequency as materialized (
    select p.id passage_id, t.key term, t.value::real frequency
    from passage p, lateral jsonb_each_text(p.terms) t
  ),
  gone as (
    delete from passages p where p.space_id in (select space_id from held) and p.id = any(array(
      select jsonb_array_elements_text(j->'removed')::uuid from input))
  ),
  kept as (
    insert into passages as p (id, space_id, kind, source_id, version, thread_id, first_seq, last_seq, title,
      heading, length, format)
    select i.id, i."spaceId", i.kind, i."sourceId", i.version, i."threadId", i."firstSeq", i."lastSeq", i.title,
      i.heading, i.length, i.format
    from passage i
    on conflict (id) do update set last_seq = excluded.last_seq, length = excluded.length,
      format = excluded.format
  ),
  lost as (
    delete from postings p where p.passage_id = ${GROWN}
      and not exists (select from frequency f where f.passage_id = p.passage_id and f.term = p.term)
  ),
  changed as (
    update postings p set frequency = f.frequency from frequency f
    where p.passage_id = ${GROWN} and f.passage_id = p.passage_id and f.term = p.term
      and f.frequency <> p.frequency
  ),
  added as (
    insert into postings (passage_id, term, frequency)
    select f.passage_id, f.term, f.frequency from frequency f
    left join (select * from postings where passage_id = ${GROWN}) p using (passage_id, term)
    where p.term is null
  ),
  said as (
    insert into sentences (passage_id, ordinal, space_id, source_type, source_id, version, start,
      "end", author, text, quote, embedding)
    select "passageId", ordinal, "spaceId", "sourceType", "sourceId", version, start, "end", author,
      text, quote, embedding
    from sentence
  ),
  coded as (
    insert into sentence_codes (passage_id, ordinal, space_id, code)
    select "passageId", ordinal, "spaceId", binary_quantize(embedding)::bit(512) from sentence
    where embedding is not null
  )
  select count(*)::int held from held`;
