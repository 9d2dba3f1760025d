import { sql } from 'drizzle-orm';
import type { Visible } from '../../platform/access/access.ts';
import type { Database } from '../../platform/db/database.ts';
import { isWhole, readTerms, type Term } from '../../platform/db/terms.ts';
import { slipsBetween } from './misspelling.ts';
import { INDEX_FORMAT } from './search.write.store.ts';

/** A term to look for. What is not a word of the query itself counts less than a whole word. */
export interface QueryTerm {
  term: string;
  /** A word of the query, two of its neighbours written as one, a term beginning like the word being
   * typed, one spelt nearly so, or a word of the question before. */
  kind: 'word' | 'joined' | 'prefix' | 'similar' | 'before';
  /** Inverse document frequency among the visible passages. */
  idf: number;
  weight: number;
  /** Visible passages that have it. */
  count: number;
  /** The word of the query that it takes the place of, when it is none itself; of `joined`, both. */
  of?: string;
}

/** What ranking needs to know of the passages a reader may see. */
export interface Statistics {
  passages: number;
  /** Of these, how many are as an earlier version of TeamBrain indexed them. */
  outdated: number;
  averageLength: number;
  terms: QueryTerm[];
}

const WEIGHTS = { word: 1, joined: 0.5, prefix: 0.6, similar: 0.8, before: 0.3 };
/**
 * Added to the number of passages an idf is computed over: among a handful, a word that is there
 * would weigh less than one that is not, and small spaces would refuse what they know.
 */
const FLOOR = 100;
/** Shorter words are too near to too many others. */
const MIN_SIMILAR = 4;
const MAX_SIMILAR = 3;
/** Longer words are no words; and so many unknown words of a query are corrected. */
const MAX_SIMILAR_LENGTH = 40;
const MAX_CORRECTED = 4;
/** Terms that begin like the word being typed, and like a single character of an unspaced script. */
const MAX_BEGINNING = 8;
const MAX_PAIRS = 50;

export interface TermQuery {
  text: string;
  language: string;
  /** The word being typed, in small letters: terms that begin so are looked for too. */
  typed?: string;
  /** The question before, of which this one may be a continuation. */
  before?: string;
}

interface Row extends Record<string, unknown> {
  kind: 'all' | 'word' | 'joined' | 'prefix' | 'before';
  term: string;
  count: number;
  average: number | null;
  outdated: number | null;
  of?: string;
}

/** The query's terms with their frequencies among visible passages, which nothing else enters. */
export async function readStatistics(
  db: Database,
  visible: Visible,
  query: TermQuery,
): Promise<Statistics> {
  const { text, language, typed, before = '' } = query;
  const [own = [], earlier = []] = await readTerms(db, language, [text, before]);
  const looked = lookedFor(own, earlier);
  const names = sql.param([...looked.keys()]);
  const kinds = sql.param([...looked.values()].map(({ kind }) => kind));
  const like = typed === undefined ? null : beginning(typed);
  const most = typed !== undefined && [...typed].length === 1 ? MAX_PAIRS : MAX_BEGINNING;
  const seen = sql`join passages d on d.id = p.passage_id and d.space_id = any(array(select id from vis))`;
  const found = await db.execute<Row>(sql`
    with vis as materialized (select id from ${visible.spaceIds} v),
    q as materialized (select * from unnest(${names}::text[], ${kinds}::text[]) q(term, kind))
    select 'all' kind, '' term, count(*)::int count, avg(length)::float8 average,
      count(*) filter (where format < ${INDEX_FORMAT})::int outdated
    from passages where space_id = any(array(select id from vis))
    union all
    select q.kind, q.term, count(found.term)::int, null, null
    from q left join (
      select p.term from postings p ${seen} where p.term = any(${names}::text[])
    ) found using (term)
    group by q.kind, q.term
    union all
    (select 'prefix', p.term, count(*)::int, null, null from postings p ${seen}
    where p.term like ${like} and p.term <> all(${names}::text[])
    group by p.term order by 3 desc, 2 limit ${most})`);
  const all = found.rows.find(({ kind }) => kind === 'all');
  const passages = Math.max(all?.count ?? 0, 1);
  const rows = found.rows
    .filter(({ kind }) => kind !== 'all')
    .map((row) => ({ ...row, ...looked.get(row.term) }));
  const asked = rows.some(({ kind }) => kind === 'word') ? rows : rows.map(asWord);
  const similar = await findSimilar(db, visible, asked);
  return {
    passages,
    outdated: all?.outdated ?? 0,
    averageLength: all?.average || 1,
    terms: weighed([...asked, ...similar], passages, typed),
  };
}

/** The terms to look for: of the text, and of the one before what is not in it. */
function lookedFor(own: readonly Term[], before: readonly Term[]) {
  const looked = new Map<string, { kind: 'word' | 'joined' | 'before'; of?: string }>();
  for (const { term } of before.filter(isWhole)) looked.set(term, { kind: 'before' });
  for (const { term, kind, start, end } of own) {
    if (kind !== 'joined' || term === '') continue;
    const parts = own.filter((part) => isWhole(part) && part.start >= start && part.end <= end);
    if (parts.length > 0) looked.set(term, { kind, of: parts.map((part) => part.term).join(' ') });
  }
  for (const { term } of own.filter(isWhole)) looked.set(term, { kind: 'word' });
  return looked;
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

/** Visible terms that differ by a typing slip from unknown words of the query, nearest first. */
async function findSimilar(db: Database, visible: Visible, rows: readonly Row[]) {
  const unknown = rows.filter(
    ({ kind, term, count }) =>
      kind === 'word' &&
      count === 0 &&
      term.length >= MIN_SIMILAR &&
      term.length <= MAX_SIMILAR_LENGTH &&
      /^\p{L}/u.test(term),
  );
  const similar = new Map<string, Similar>();
  for (const { term } of unknown.slice(0, MAX_CORRECTED)) {
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
