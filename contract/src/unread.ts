import Type, { type Static } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Closed, Id, Nullable, Seq, Version } from './id.ts';
import { Page, PAGE_LIMIT, PageQuery } from './page.ts';

/** Unread messages are counted up to this many: the last count that is shown is “99+”. */
export const UNREAD_MAX = 100;

/** How far somebody has read in a space they have joined, and what is left. */
export const ReadMark = Closed({
  spaceId: Id,
  threadId: Nullable(Id),
  seq: Type.Integer({ minimum: 0, description: 'Everything up to this seq has been read' }),
  version: Type.Integer({
    minimum: 1,
    description: 'Moves when messages are marked unread; a mark based on an earlier one is ignored',
  }),
  unread: Type.Integer({
    minimum: 0,
    maximum: UNREAD_MAX,
    description: 'Messages of others after the mark that were not deleted; 100 means 100 or more',
  }),
  mentions: Type.Integer({
    minimum: 0,
    maximum: UNREAD_MAX,
    description: 'Of the unread ones those that mention the reader, or all members',
  }),
  head: Type.Integer({ minimum: 0, description: 'The log’s last seq when this was counted' }),
});
export type ReadMark = Static<typeof ReadMark>;

export const listReadMarks = endpoint('GET /spaces/:spaceId/read-marks', 'read', {
  summary: 'How far one has read in a space; nothing for who reads it without having joined',
  limit: 'read',
  answer: Closed({ items: Type.Array(ReadMark) }),
});

export const putReadMark = endpoint('PUT /spaces/:spaceId/read-marks', 'read', {
  summary:
    'Say how far one has read in a space one has joined. The larger seq stays; with `isUnread` the mark goes where it is told, and its version moves',
  limit: 'write',
  body: Closed({
    seq: Seq,
    version: Type.Optional(Version),
    isUnread: Type.Optional(Type.Boolean()),
  }),
  answer: ReadMark,
});

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
/** Spaces that one request can name. */
export const UNREAD_SPACES = 100;

export const listUnread = endpoint('GET /me/unread', 'user', {
  summary: 'Read marks and unread messages of all spaces one has joined, or of those named',
  limit: 'read',
  query: Closed({
    ...PageQuery,
    spaces: Type.Optional(
      Type.String({
        maxLength: 3_700,
        pattern: `^${UUID}(?:,${UUID}){0,${UNREAD_SPACES - 1}}$`,
        description: 'Ids, separated by commas',
      }),
    ),
  }),
  answer: Page(ReadMark),
});

export const putReadMarks = endpoint('PUT /me/read-marks', 'user', {
  summary:
    'Say how far one has read in several spaces at once; those one has not joined are left out. With `isFirst` only where no mark is kept yet',
  limit: 'write',
  body: Closed({
    marks: Type.Array(Closed({ spaceId: Id, seq: Seq }), { minItems: 1, maxItems: PAGE_LIMIT }),
    isFirst: Type.Optional(Type.Boolean()),
  }),
  answer: Closed({ items: Type.Array(ReadMark) }),
});
