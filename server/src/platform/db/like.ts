import { sql, type SQL } from 'drizzle-orm';

/** Escapes a text for `like`, so that `%` and `_` in it match themselves alone. */
export const escapeLike = (text: string) =>
  text.replace(/[\\%_]/g, (character) => `\\${character}`);

/** Condition: a word of the column begins with the text, in whatever case; true of any for no text. */
export function wordStarts(column: SQL, text: string): SQL {
  if (text === '') return sql`true`;
  const start = `${escapeLike(text)}%`;
  return sql`(${column} ilike ${start} or ${column} ilike ${`% ${start}`})`;
}
