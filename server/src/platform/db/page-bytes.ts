import { sql, type SQL } from 'drizzle-orm';
import { PAGE_BYTES } from '@teambrain/contract/page.ts';

/**
 * Whether a row of a page, in the page's order, begins within the bytes a page may hold; the first
 * one always does. Counted by the database, so that what does not fit is never sent here.
 * @param text the row's content as it is written in JSON
 */
export const fitsPage = (text: SQL, order: SQL): SQL<boolean> =>
  sql<boolean>`coalesce(sum(octet_length(${text})) over (order by ${order}
    rows between unbounded preceding and 1 preceding), 0) < ${sql.raw(String(PAGE_BYTES))}`;
