import { sql } from 'drizzle-orm';
import type { Visible } from '../../platform/access/access.ts';
import type { Database } from '../../platform/db/database.ts';
import { readTerms } from '../../platform/db/terms.ts';
import type { Statistics } from './search.terms.ts';

/** Texts read to find how a term is written. */
const MAX_TEXTS = 20;

/**
 * What a query that finds nothing could have meant: its known words, and for others the known ones
 * spelt nearly so. Made of the query and of what the reader may see.
 */
export async function suggest(
  db: Database,
  visible: Visible,
  { text, language }: { text: string; language: string },
  { terms }: Statistics,
): Promise<string[]> {
  const [words = []] = await readTerms(db, language, [text]);
  const kept: string[] = [];
  for (const { term, kind, start, end } of words) {
    if (kind !== 'word') continue;
    const known = terms.find((one) => one.term === term && one.count > 0);
    const similar = terms.find((one) => one.kind === 'similar' && one.of === term);
    if (known) kept.push(text.slice(start, end));
    else if (similar) kept.push(await findSpelling(db, visible, language, similar.term));
  }
  const suggestion = kept.join(' ');
  return suggestion === '' || suggestion === text ? [] : [suggestion];
}

/** A word as it is written somewhere visible, of which the index has only the lexeme. */
async function findSpelling(db: Database, visible: Visible, language: string, term: string) {
  const { rows } = await db.execute<{ text: string }>(sql`
    select concat_ws(' ', d.title, d.heading, (
      select string_agg(s.text, ' ') from sentences s where s.passage_id = d.id)) text
    from postings p join passages d on d.id = p.passage_id
    where p.term = ${term} and d.space_id in ${visible.spaceIds} limit ${MAX_TEXTS}`);
  const texts = rows.map(({ text }) => text);
  const words = await readTerms(db, language, texts);
  for (const [n, own] of words.entries()) {
    const found = own.find((word) => word.term === term);
    if (found) return (texts[n] ?? '').slice(found.start, found.end);
  }
  return term;
}
