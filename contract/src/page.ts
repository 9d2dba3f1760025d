import Type, { type TSchema } from 'typebox';
import { Closed, Nullable } from './id.ts';

export const PAGE_LIMIT = 200;

/**
 * Bytes of content a page holds at most, unless its first item alone is larger. Thus a page may hold
 * fewer items than were asked for: only its cursor tells whether others follow.
 */
export const PAGE_BYTES = 262_144;

/** Query of every list: an opaque cursor from the page before, and how many items (1 to 200). */
export const PageQuery = {
  after: Type.Optional(Type.String({ maxLength: 200 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: PAGE_LIMIT })),
};

const description = 'Cursor of the following page, null at the end; a short page is not the end';

/** A page of a list; `next` is the cursor of the following page or null at the end. */
export const Page = <S extends TSchema>(item: S) =>
  Closed({ items: Type.Array(item), next: Nullable(Type.String({ description })) });
