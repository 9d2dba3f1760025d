import Type, { type Static } from 'typebox';
import { endpoint } from './endpoint.ts';
import { event } from './event.ts';
import { Closed, Id, Instant, Nullable, Person, Seq, Text, Version } from './id.ts';
import { PAGE_LIMIT } from './page.ts';
import type { Ability } from './role.ts';

export const MESSAGE_MAX = 10_000;

const MessageText = Type.Intersect([
  Text({ minLength: 1, maxLength: MESSAGE_MAX, description: 'Markdown' }),
  Type.String({ pattern: '\\S', format: 'message' }),
]);

/** A chat post. Once deleted its `text` is empty and `deletedAt` is set. */
export const Message = Closed({
  id: Id,
  spaceId: Id,
  seq: Seq,
  version: Version,
  author: Person,
  text: Type.String(),
  createdAt: Instant,
  editedAt: Nullable(Instant),
  deletedAt: Nullable(Instant),
});
export type Message = Static<typeof Message>;

const MessagePage = Closed({
  items: Type.Array(Message, { description: 'In the order of their seq' }),
  next: Nullable(Type.String({ description: 'Pass as `after` for newer ones' })),
  previous: Nullable(Type.String({ description: 'Pass as `before` for older ones' })),
  head: Type.Integer({ description: 'The log’s last seq at this read: subscribe after it' }),
});
export type MessagePage = Static<typeof MessagePage>;

/** A seq as it stands in a query string. */
const SeqCursor = Type.String({ pattern: '^[0-9]{1,15}$' });

export const listMessages = endpoint('GET /spaces/:spaceId/messages', 'read', {
  summary: 'Messages of a space: the latest, before or after a seq, or around a message',
  limit: 'read',
  query: Closed({
    before: Type.Optional(SeqCursor),
    after: Type.Optional(SeqCursor),
    around: Type.Optional(Id),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: PAGE_LIMIT })),
  }),
  answer: MessagePage,
});

export const postMessage = endpoint('POST /spaces/:spaceId/messages', 'write', {
  summary: 'Post a message; with a client-made id a retry returns the first result',
  limit: 'write',
  body: Closed({ id: Type.Optional(Id), text: MessageText }),
  answer: Message,
  status: 201,
  problems: ['id-taken', 'gone'],
});

export const editMessage = endpoint('PATCH /spaces/:spaceId/messages/:messageId', 'write', {
  summary: 'Edit one’s own message',
  limit: 'write',
  ifMatch: 'optional',
  body: Closed({ text: MessageText }),
  answer: Message,
  problems: ['gone', 'stale-version'],
});

export const deleteMessage = endpoint('DELETE /spaces/:spaceId/messages/:messageId', 'write', {
  summary: 'Delete one’s own message, or anyone’s as a moderator; its text is gone at once',
  limit: 'write',
});

/** Earlier versions of a message that are kept; older ones are forgotten. */
export const VERSIONS_KEPT = 50;

/** What a message said before an edit. */
const MessageVersion = Closed({
  version: Version,
  text: Type.String(),
  createdAt: Instant,
});
export type MessageVersion = Static<typeof MessageVersion>;

export const listMessageVersions = endpoint(
  'GET /spaces/:spaceId/messages/:messageId/versions',
  'read',
  {
    summary:
      'What a message said before its edits, newest first, for its author and those who manage the space; empty once it is deleted',
    limit: 'read',
    query: Closed({
      after: Type.Optional(Type.String({ pattern: '^[0-9]{1,9}$' })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: VERSIONS_KEPT })),
    }),
    answer: Closed({
      items: Type.Array(MessageVersion),
      next: Nullable(Type.String({ description: 'Pass as `after` for older ones' })),
    }),
  },
);

export const messagePosted = event('message.posted', Closed({ message: Message }), {
  words: ['message.text'],
});
export const messageEdited = event('message.edited', Closed({ message: Message }), {
  words: ['message.text'],
});
export const messageDeleted = event(
  'message.deleted',
  Closed({ id: Id, version: Version, deletedAt: Instant }),
  { deletes: true },
);

/** Only its author edits a message, while it stands. */
export function canEditMessage(
  message: { author: { id: string }; deletedAt: unknown },
  userId: string,
): boolean {
  return message.deletedAt === null && message.author.id === userId;
}

/** The author deletes, and whoever manages the space. */
export function canDeleteMessage(
  message: { author: { id: string } },
  userId: string,
  ability: Ability | null,
): boolean {
  return message.author.id === userId || ability === 'manage';
}

/** The author and the managers of the space see what a message said before its edits. */
export const canReadVersions = canDeleteMessage;
