import { sql } from 'drizzle-orm';
import type { Visible } from '../../platform/access/access.ts';
import type { LookUp, SourceRef } from '../../platform/core/knowledge.ts';
import type { Database } from '../../platform/db/database.ts';
import { readTerms } from '../../platform/db/terms.ts';
import type { Statistics } from './search.terms.store.ts';

/** Sentences read to find how a term is written. */
const MAX_TEXTS = 40;
/** Words of a query that are looked at. */
const MAX_WORDS = 8;

/** A sentence of the index with the source it was in. */
interface SentenceRow extends SourceRef, Record<string, unknown> {
  version: number;
  text: string;
}

export interface SuggestDependencies {
  db: Database;
  language: string;
  lookUp: LookUp;
}

/**
 * What a query that finds nothing could have meant: its known words, and for others the known ones
 * spelt nearly so. Made of the query and of what the reader may see.
 */
export async function suggest(
  deps: SuggestDependencies,
  visible: Visible,
  text: string,
  { terms }: Statistics,
): Promise<string[]> {
  const [words = []] = await readTerms(deps.db, deps.language, [text]);
  const kept: string[] = [];
  for (const { term, start, end } of words.filter(isWord).slice(0, MAX_WORDS)) {
    const isKnown = terms.some((one) => one.term === term && one.count > 0);
    const similar = terms.find((one) => one.kind === 'similar' && one.of === term);
    const spelt =
      isKnown || similar ? await findSpelling(deps, visible, similar?.term ?? term) : null;
    if (spelt !== null) kept.push(isKnown ? text.slice(start, end) : spelt);
  }
  const suggestion = kept.join(' ');
  return suggestion === '' || suggestion === text ? [] : [suggestion];
}

const isWord = ({ kind }: { kind: string }) => kind === 'word';

/**
 * A word as it is written somewhere visible, of which the index has only the lexeme. Null unless it
 * is in a source as it is now: the index lags, and words that were deleted are never suggested.
 */
async function findSpelling(
  { db, language, lookUp }: SuggestDependencies,
  visible: Visible,
  term: string,
): Promise<string | null> {
  const { rows } = await db.execute<SentenceRow>(sql`
    select s.source_type "type", s.source_id id, s.space_id "spaceId", s.version,
      concat_ws(' ', s.text, d.heading) text
    from postings p join passages d on d.id = p.passage_id join sentences s on s.passage_id = d.id
    where p.term = ${term} and d.space_id in ${visible.spaceIds} limit ${MAX_TEXTS}`);
  const known = await lookUp(visible, rows);
  const texts = rows.flatMap((row) => {
    const source = known(row);
    return source?.version === row.version ? [`${row.text} ${source.card.title}`] : [];
  });
  const words = await readTerms(db, language, texts);
  for (const [n, own] of words.entries()) {
    const found = own.find((word) => word.term === term);
    if (found) return (texts[n] ?? '').slice(found.start, found.end);
  }
  return null;
}
