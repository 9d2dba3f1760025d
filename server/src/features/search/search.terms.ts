import { sql } from 'drizzle-orm';
import type { Visible } from '../../platform/access/access.ts';
import type { Database } from '../../platform/db/database.ts';
import { isMisspelling } from './misspelling.ts';

/** A term to look for. What is not a word of the query itself counts less than a whole word. */
export interface QueryTerm {
  term: string;
  /** A word of the query, a term beginning like the word being typed, or one spelt nearly so. */
  kind: 'word' | 'prefix' | 'similar';
  /** Inverse document frequency among the visible passages. */
  idf: number;
  weight: number;
}

/** What ranking needs to know of the passages a reader may see. */
export interface Statistics {
  passages: number;
  averageLength: number;
  terms: QueryTerm[];
}

const WEIGHTS = { word: 1, prefix: 0.6, similar: 0.8 };
/** Shorter words are too near to too many others. */
const MIN_SIMILAR = 4;
const MAX_SIMILAR = 3;

export interface TermQuery {
  text: string;
  language: string;
  /** The word being typed, in small letters: terms that begin so are looked for too. */
  typed?: string;
  /** Looks for terms spelt nearly like those that stand nowhere. */
  isForgiving?: boolean;
}

interface Row extends Record<string, unknown> {
  kind: 'all' | 'word' | 'prefix';
  term: string;
  count: number;
  average: number | null;
}

/** The query's terms with their frequencies among visible passages, which nothing else enters. */
export async function readStatistics(
  db: Database,
  visible: Visible,
  query: TermQuery,
): Promise<Statistics> {
  const { text, language, typed } = query;
  const like = typed === undefined ? null : beginning(typed);
  const seen = sql`join passages d on d.id = p.passage_id and d.space_id = any(array(select id from vis))`;
  const found = await db.execute<Row>(sql`
    with vis as materialized (select id from ${visible.spaceIds} v),
    q as materialized (select lexeme term from unnest(to_tsvector(${language}::regconfig, ${text})))
    select 'all' kind, '' term, count(*)::int count, avg(length)::float8 average
    from passages where space_id = any(array(select id from vis))
    union all
    select 'word', q.term, count(found.term)::int, null
    from q left join (
      select p.term from postings p ${seen} where p.term = any(array(select term from q))
    ) found using (term)
    group by q.term
    union all
    (select 'prefix', p.term, count(*)::int, null from postings p ${seen}
    where p.term like ${like} and p.term not in (select term from q)
    group by p.term order by 3 desc, 2 limit 8)`);
  const all = found.rows.find(({ kind }) => kind === 'all');
  const passages = Math.max(all?.count ?? 0, 1);
  const rows = found.rows.filter(({ kind }) => kind !== 'all');
  const similar = query.isForgiving ? await findSimilar(db, visible, rows) : [];
  return {
    passages,
    averageLength: all?.average || 1,
    terms: weighed([...rows, ...similar], passages, typed),
  };
}

function weighed(
  rows: { kind: Row['kind'] | 'similar'; term: string; count: number }[],
  passages: number,
  typed: string | undefined,
): QueryTerm[] {
  const idf = (count: number) =>
    count === 0 ? Math.log(1 + passages) : Math.log(1 + (passages - count + 0.5) / (count + 0.5));
  // A rare longer word is not worth more than the very word that was typed.
  const whole = rows.filter(
    ({ kind, term, count }) => kind === 'word' && count > 0 && typed?.startsWith(term),
  );
  const most = Math.min(Infinity, ...whole.map(({ count }) => idf(count)));
  return rows.flatMap(({ kind, term, count }) => {
    if (kind === 'all') return [];
    const own = idf(count);
    return [
      { term, kind, idf: kind === 'prefix' ? Math.min(own, most) : own, weight: WEIGHTS[kind] },
    ];
  });
}

/** LIKE pattern of what begins so. */
const beginning = (text: string) => `${text.replace(/[\\%_]/g, '\\$&')}%`;

/** Visible terms that differ by a slip of the fingers from words that stand nowhere. */
async function findSimilar(db: Database, visible: Visible, rows: readonly Row[]) {
  const unknown = rows.filter(
    ({ kind, term, count }) => kind === 'word' && count === 0 && term.length >= MIN_SIMILAR,
  );
  const similar = new Map<string, { kind: 'similar'; term: string; count: number }>();
  for (const { term } of unknown) {
    if (rows.some((row) => row.kind === 'prefix' && row.term.startsWith(term))) continue;
    // The first letter is rarely wrong, and the index finds all terms that share it.
    const found = await db.execute<{ term: string; count: number }>(sql`
      select p.term, count(*)::int count from postings p join passages d on d.id = p.passage_id
      where p.term like ${beginning(term.slice(0, 1))}
        and length(p.term) between ${term.length - 2} and ${term.length + 2}
        and d.space_id in ${visible.spaceIds}
      group by p.term order by 2 desc, 1 limit 5000`);
    for (const row of found.rows
      .filter((row) => isMisspelling(term, row.term))
      .slice(0, MAX_SIMILAR)) {
      similar.set(row.term, { kind: 'similar', ...row });
    }
  }
  return [...similar.values()];
}
