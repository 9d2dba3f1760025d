import { PAGE_BYTES } from '@teambrain/contract/page.ts';
import { problem } from './problem.ts';

const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** An opaque cursor made of the sort key of a page's last item. */
export const encodeCursor = (key: readonly string[]): string =>
  Buffer.from(JSON.stringify(key)).toString('base64url');

/** The sort key in a cursor, undefined for none. @throws invalid-request for a foreign string */
export function decodeCursor(cursor: string | undefined, length: number): string[] | undefined {
  if (cursor === undefined) return undefined;
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    const isKey =
      Array.isArray(key) &&
      key.length === length &&
      key.every((part) => typeof part === 'string' && !part.includes('\0'));
    const id: unknown = isKey ? key.at(-1) : undefined;
    if (typeof id === 'string' && ID.test(id)) return key as string[];
  } catch {
    // falls through: not one of our cursors
  }
  const detail = 'is not a cursor of this list';
  throw problem('invalid-request', { detail, errors: [{ pointer: '/query/after', detail }] });
}

/** Cuts `limit + 1` rows to a page, by number and by bytes, with the cursor of the next one. */
export function toPage<T>(rows: T[], limit: number, keyOf: (row: T) => readonly string[]) {
  let bytes = 0;
  const cut = rows.findIndex((row) => {
    const isTooMuch = bytes >= PAGE_BYTES;
    bytes += Buffer.byteLength(JSON.stringify(row));
    return isTooMuch;
  });
  const items = rows.slice(0, cut < 0 ? limit : Math.min(cut, limit));
  const last = items.at(-1);
  return { items, next: rows.length > items.length && last ? encodeCursor(keyOf(last)) : null };
}
