import { sql } from 'drizzle-orm';
import { LRUCache } from 'lru-cache';
import { searchWordsOf, type SearchWord } from '../text/search-words.ts';
import type { Database } from './database.ts';

/** A word of a text as the index has it. */
export interface Term extends Omit<SearchWord, 'form'> {
  /** The lexeme; empty for a stop word. */
  term: string;
}

/** Forms whose lexemes are remembered, some 100 bytes each: most words of any text are among these. */
const MAX_KNOWN = 50_000;
const remembered = new WeakMap<Database, LRUCache<string, string>>();
/** What has digits or signs is its own lexeme. */
const STEMMED = /^[\p{L}\p{M}]+$/u;

/**
 * The words of texts with their lexemes, stemmed as PostgreSQL's configuration of this name does:
 * one way for what is indexed, looked for, compared and highlighted.
 */
export async function readTerms(
  db: Database,
  language: string,
  texts: readonly string[],
): Promise<Term[][]> {
  const words = texts.map(searchWordsOf);
  const inflected = words.flat().filter(({ kind }) => kind !== 'exact');
  const lexemeOf = await readLexemes(
    db,
    language,
    inflected.map(({ form }) => form),
  );
  return words.map((own) =>
    own.map(({ form, ...word }) => ({
      ...word,
      term: word.kind === 'exact' ? form : lexemeOf(form),
    })),
  );
}

/** Whether a term is one of the text's own words, not a part of one or several as one. */
export const isWhole = ({ kind, term }: Term) =>
  term !== '' && (kind === 'word' || kind === 'exact');

/**
 * The lexemes of words' forms, all but those of kind `exact`: most are remembered.
 *
 * @returns gives the lexeme of one of these forms, empty for a stop word
 */
export async function readLexemes(
  db: Database,
  language: string,
  forms: Iterable<string>,
): Promise<(form: string) => string> {
  const known = remembered.get(db) ?? new LRUCache<string, string>({ max: MAX_KNOWN });
  remembered.set(db, known);
  const read = new Map<string, string>();
  const missing = new Set<string>();
  for (const form of forms) {
    if (read.has(form) || !STEMMED.test(form)) continue;
    const lexeme = known.get(`${language} ${form}`);
    if (lexeme === undefined) missing.add(form);
    else read.set(form, lexeme);
  }
  if (missing.size > 0) {
    // A stop word is a word to the parser and none to the dictionary.
    const found = await db.execute<{ form: string; lexemes: string[]; isWord: boolean }>(sql`
      select w.form, tsvector_to_array(to_tsvector(${language}::regconfig, w.form)) lexemes,
        exists (select from ts_parse('default', w.form) t where t.tokid <> 12) "isWord"
      from unnest(${sql.param([...missing])}::text[]) w(form)`);
    for (const { form, lexemes, isWord } of found.rows) {
      const isStopWord = isWord && lexemes.length === 0;
      const lexeme = isStopWord ? '' : lexemes.length === 1 ? (lexemes[0] ?? form) : form;
      read.set(form, lexeme);
      known.set(`${language} ${form}`, lexeme);
    }
  }
  return (form) => read.get(form) ?? form;
}
