import { sql } from 'drizzle-orm';
import type { Visible } from '../../platform/access/access.ts';
import type { Database } from '../../platform/db/database.ts';
import { slipsBetween } from './misspelling.ts';

/** A term to look for. What is not a word of the query itself counts less than a whole word. */
export interface QueryTerm {
  term: string;
  /** A word of the query, a term beginning like the word being typed, one spelt nearly so, or a
   * word of the question before. */
  kind: 'word' | 'prefix' | 'similar' | 'before';
  /** Inverse document frequency among the visible passages. */
  idf: number;
  weight: number;
  /** Visible passages that have it. */
  count: number;
  /** The word of the query that it takes the place of, when it is none itself. */
  of?: string;
}

/** What ranking needs to know of the passages a reader may see. */
export interface Statistics {
  passages: number;
  averageLength: number;
  terms: QueryTerm[];
}

const WEIGHTS = { word: 1, prefix: 0.6, similar: 0.8, before: 0.3 };
/**
 * Added to the number of passages an idf is computed over: among a handful, a word that is there
 * would weigh less than one that is not, and small spaces would refuse what they know.
 */
const FLOOR = 100;
/** Shorter words are too near to too many others. */
const MIN_SIMILAR = 4;
const MAX_SIMILAR = 3;

export interface TermQuery {
  text: string;
  language: string;
  /** The word being typed, in small letters: terms that begin so are looked for too. */
  typed?: string;
  /** The question before, of which this one may be a continuation. */
  before?: string;
}

interface Row extends Record<string, unknown> {
  kind: 'all' | 'word' | 'prefix' | 'before';
  term: string;
  count: number;
  average: number | null;
  of?: string;
}

/** The query's terms with their frequencies among visible passages, which nothing else enters. */
export async function readStatistics(
  db: Database,
  visible: Visible,
  query: TermQuery,
): Promise<Statistics> {
  const { text, language, typed, before = '' } = query;
  const like = typed === undefined ? null : beginning(typed);
  const seen = sql`join passages d on d.id = p.passage_id and d.space_id = any(array(select id from vis))`;
  const found = await db.execute<Row>(sql`
    with vis as materialized (select id from ${visible.spaceIds} v),
    own as materialized (select lexeme term from unnest(to_tsvector(${language}::regconfig, ${text}))),
    q as materialized (
      select term, 'word' kind from own
      union all
      select lexeme, 'before' from unnest(to_tsvector(${language}::regconfig, ${before}))
      where lexeme not in (select term from own)
    )
    select 'all' kind, '' term, count(*)::int count, avg(length)::float8 average
    from passages where space_id = any(array(select id from vis))
    union all
    select q.kind, q.term, count(found.term)::int, null
    from q left join (
      select p.term from postings p ${seen} where p.term = any(array(select term from q))
    ) found using (term)
    group by q.kind, q.term
    union all
    (select 'prefix', p.term, count(*)::int, null from postings p ${seen}
    where p.term like ${like} and p.term not in (select term from q)
    group by p.term order by 3 desc, 2 limit 8)`);
  const all = found.rows.find(({ kind }) => kind === 'all');
  const passages = Math.max(all?.count ?? 0, 1);
  const rows = found.rows.filter(({ kind }) => kind !== 'all');
  const asked = rows.some(({ kind }) => kind === 'word') ? rows : rows.map(asWord);
  const similar = await findSimilar(db, visible, asked);
  return {
    passages,
    averageLength: all?.average || 1,
    terms: weighed([...asked, ...similar], passages, typed),
  };
}

/** A question without words of its own ("And why?") is about what was asked before. */
const asWord = (row: Row): Row => ({ ...row, kind: row.kind === 'before' ? 'word' : row.kind });

function weighed(
  rows: readonly (Row | Similar)[],
  passages: number,
  typed: string | undefined,
): QueryTerm[] {
  const all = passages + FLOOR;
  const idf = (count: number) =>
    count === 0 ? Math.log(1 + all) : Math.log(1 + (all - count + 0.5) / (count + 0.5));
  const words = rows.filter(({ kind }) => kind === 'word');
  const isTyped = ({ term }: { term: string }) => typed?.startsWith(term) ?? false;
  // A rare longer word is not worth more than the very word that was typed.
  const whole = words.filter((row) => row.count > 0 && isTyped(row));
  const most = Math.min(Infinity, ...whole.map(({ count }) => idf(count)));
  const typedWord = words.findLast(isTyped)?.term;
  return rows.flatMap((row): QueryTerm[] => {
    const { kind, term, count } = row;
    if (kind === 'all') return [];
    const own = kind === 'prefix' ? Math.min(idf(count), most) : idf(count);
    const of = kind === 'prefix' ? (typedWord ?? typed) : row.of;
    return [{ term, kind, count, idf: own, weight: WEIGHTS[kind], ...(of ? { of } : {}) }];
  });
}

interface Similar {
  kind: 'similar';
  term: string;
  count: number;
  of: string;
}

/** LIKE pattern of what begins so. */
const beginning = (text: string) => `${text.replace(/[\\%_]/g, '\\$&')}%`;

/** Visible terms that differ by a slip of the fingers from words that stand nowhere, nearest first. */
async function findSimilar(db: Database, visible: Visible, rows: readonly Row[]) {
  const unknown = rows.filter(
    ({ kind, term, count }) => kind === 'word' && count === 0 && term.length >= MIN_SIMILAR,
  );
  const similar = new Map<string, Similar>();
  for (const { term } of unknown) {
    if (rows.some((row) => row.kind === 'prefix' && row.term.startsWith(term))) continue;
    // The first letter is rarely wrong, and the index finds all terms that share it.
    const found = await db.execute<{ term: string; count: number }>(sql`
      select p.term, count(*)::int count from postings p join passages d on d.id = p.passage_id
      where p.term like ${beginning(term.slice(0, 1))}
        and length(p.term) between ${term.length - 2} and ${term.length + 2}
        and d.space_id in ${visible.spaceIds}
      group by p.term order by 2 desc, 1 limit 5000`);
    const near = found.rows.flatMap((row) => {
      const slips = slipsBetween(term, row.term);
      return slips === null ? [] : [{ ...row, slips }];
    });
    for (const row of near.sort((a, b) => a.slips - b.slips).slice(0, MAX_SIMILAR)) {
      const { term: other, count } = row;
      if (!similar.has(other))
        similar.set(other, { kind: 'similar', term: other, count, of: term });
    }
  }
  return [...similar.values()];
}

/** A term that an answer should have, with how much it tells. */
interface AskedTerm {
  term: string;
  idf: number;
}

/**
 * What a question asks about: its words, with the nearest known word in place of one that stands
 * nowhere. `corrected` maps the words so replaced.
 */
export function askedTerms(terms: readonly QueryTerm[]) {
  const corrected = new Map<string, string>();
  for (const { term, kind, of } of terms) {
    if (kind === 'similar' && of && !corrected.has(of)) corrected.set(of, term);
  }
  const asked = new Map<string, AskedTerm>();
  for (const { term, kind, idf } of terms) {
    if (kind !== 'word') continue;
    const known = corrected.get(term) ?? term;
    const found = terms.find((other) => other.term === known);
    asked.set(known, { term: known, idf: found?.idf ?? idf });
  }
  return { asked: [...asked.values()], corrected };
}
