import Type, { type Static } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Attachment, MESSAGE_FILES_MAX } from './files.ts';
import { Closed, Id, Instant, Nullable, Text } from './id.ts';
import { Visibility } from './role.ts';

/** Drafts one person can have. */
export const DRAFTS_MAX = 100;
/** Characters of a draft that the server keeps: twice those of a message. */
export const DRAFT_MAX = 20_000;
/** Characters of a draft that lists show. */
export const DRAFT_SHOWN = 300;

/** Grows with each change of a draft at one place, also after it was emptied. */
const DraftVersion = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

const place = {
  spaceId: Id,
  threadId: Nullable(Id),
};

/** Words that somebody has not sent yet, in a space's own stream or in a thread of it. */
export const Draft = Closed({
  ...place,
  text: Type.String(),
  files: Type.Array(Attachment, { maxItems: MESSAGE_FILES_MAX }),
  version: DraftVersion,
  updatedAt: Instant,
});
export type Draft = Static<typeof Draft>;

/** A draft as the list of all shows it. */
export const ListedDraft = Closed({
  ...place,
  spaceName: Type.String(),
  spaceVisibility: Visibility,
  text: Type.String({ description: `Its first ${DRAFT_SHOWN} characters` }),
  files: Type.Integer({ minimum: 0, description: 'How many it carries' }),
  version: DraftVersion,
  updatedAt: Instant,
});
export type ListedDraft = Static<typeof ListedDraft>;

export const listDrafts = endpoint('GET /me/drafts', 'user', {
  summary: 'One’s unsent words in spaces one may read, the last changed first',
  limit: 'read',
  answer: Closed({ items: Type.Array(ListedDraft, { maxItems: DRAFTS_MAX }) }),
});

export const getDraft = endpoint('GET /spaces/:spaceId/draft', 'write', {
  summary: 'One’s unsent words in a space’s own stream, or in a thread',
  limit: 'read',
  query: Closed({ thread: Type.Optional(Id) }),
  answer: Closed({ draft: Nullable(Draft) }),
});

export const putDraft = endpoint('PUT /spaces/:spaceId/draft', 'write', {
  summary:
    'Keep unsent words for all one’s windows; without text and files they are forgotten. Refused where the words there are others than those it is based on',
  limit: 'draft',
  body: Closed({
    threadId: Type.Optional(Nullable(Id)),
    text: Text({ maxLength: DRAFT_MAX }),
    files: Type.Optional(
      Type.Array(Id, {
        maxItems: MESSAGE_FILES_MAX,
        uniqueItems: true,
        description: 'Own uploads that no message has; others are left out',
      }),
    ),
    base: { ...DraftVersion, description: 'The version the words are based on; 0 for none' },
  }),
  maxBody: 131_072,
  answer: Closed({ draft: Nullable(Draft) }),
  problems: ['stale-version'],
});
