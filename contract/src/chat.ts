import Type, { type Static } from 'typebox';
import { endpoint } from './endpoint.ts';
import { event } from './event.ts';
import { Attachment, MESSAGE_FILES_MAX } from './files.ts';
import { Closed, Id, Instant, Nullable, Person, Seq, Text, Version } from './id.ts';
import { PAGE_LIMIT } from './page.ts';
import { Quote, QuoteRef } from './quoted.ts';
import { Reaction } from './reactions.ts';
import type { Ability } from './role.ts';

export const MESSAGE_MAX = 10_000;

/** From how many members on one is asked before all of them are mentioned. */
export const EVERYONE_ASKS = 20;

const MessageText = Type.Intersect([
  Text({ minLength: 1, maxLength: MESSAGE_MAX, description: 'Markdown' }),
  Type.String({ pattern: '\\S', format: 'message' }),
]);

/**
 * A chat post, which says something, or carries files, or both. Once deleted its `text` and `files`
 * are empty and `deletedAt` is set. `threadId` is null in the
 * space's own stream; of a reply it is the id of the thread, which is the id of the thread's root.
 */
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
  threadId: Nullable(Id),
  inSpace: Type.Boolean({ description: 'Whether a reply is shown in the space as well' }),
  files: Type.Array(Attachment, { maxItems: MESSAGE_FILES_MAX }),
  quote: Nullable(QuoteRef),
});
export type Message = Static<typeof Message>;

/** People whose faces a thread shows. */
export const THREAD_FACES = 3;

/** What is under a thread's root; the same for every reader. */
export const ThreadState = Closed({
  replies: Type.Integer({ minimum: 0, description: 'How many there are, without deleted ones' }),
  lastReplyAt: Nullable(Instant),
  faces: Type.Array(Person, {
    maxItems: THREAD_FACES,
    description: 'Who replied last, each once, the last one first',
  }),
});
export type ThreadState = Static<typeof ThreadState>;

/** Who pinned a message, and when. */
export const Pin = Closed({ by: Person, at: Instant });
export type Pin = Static<typeof Pin>;

/** What belongs to a message besides its text. It never moves the message's version. */
export const MessageState = Closed({
  id: Id,
  thread: Nullable(ThreadState),
  reactions: Type.Array(Reaction, { description: 'In the order in which they came' }),
  pin: Nullable(Pin),
  quote: Nullable(Quote),
});
export type MessageState = Static<typeof MessageState>;

const MessagePage = Closed({
  items: Type.Array(Message, { description: 'In the order of their seq' }),
  states: Type.Array(MessageState, {
    description: 'Of those items that have a thread, reactions, a pin or a quote',
  }),
  thread: Nullable(
    Type.String({
      format: 'uuid',
      description:
        'The thread of the message `around` which this is, if that is a reply; a reply that the space does not show is shown by its root',
    }),
  ),
  next: Nullable(Type.String({ description: 'Pass as `after` for newer ones' })),
  previous: Nullable(Type.String({ description: 'Pass as `before` for older ones' })),
  head: Type.Integer({ description: 'The log’s last seq at this read: subscribe after it' }),
});
export type MessagePage = Static<typeof MessagePage>;

/** A seq as it stands in a query string. */
const SeqCursor = Type.String({ pattern: '^[0-9]{1,15}$' });

export const listMessages = endpoint('GET /spaces/:spaceId/messages', 'read', {
  summary:
    'Messages of a space, or replies of a thread: the latest, before or after a seq, around a message, or from a time on',
  limit: 'read',
  query: Closed({
    thread: Type.Optional(Id),
    before: Type.Optional(SeqCursor),
    after: Type.Optional(SeqCursor),
    around: Type.Optional(Id),
    since: Type.Optional({
      ...Instant,
      description:
        'From the first message of that time or later on; the latest where there is none',
    }),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: PAGE_LIMIT })),
  }),
  answer: MessagePage,
});

export const postMessage = endpoint('POST /spaces/:spaceId/messages', 'write', {
  summary: 'Post a message; with a client-made id a retry returns the first result',
  limit: 'write',
  body: Closed({
    id: Type.Optional(Id),
    text: Type.Optional(MessageText),
    files: Type.Optional(
      Type.Array(Id, {
        minItems: 1,
        maxItems: MESSAGE_FILES_MAX,
        uniqueItems: true,
        description: 'Own uploads to this space that no message has; needed where there is no text',
      }),
    ),
    threadId: Type.Optional(
      Type.String({
        format: 'uuid',
        description: 'To reply: the id of a message of the space’s own stream',
      }),
    ),
    inSpace: Type.Optional(
      Type.Boolean({ description: 'Whether a reply is shown in the space as well' }),
    ),
    quote: Type.Optional(QuoteRef),
  }),
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
  words: ['message.text', 'message.files'],
});
export const messageEdited = event('message.edited', Closed({ message: Message }), {
  words: ['message.text', 'message.files'],
});
export const messageDeleted = event(
  'message.deleted',
  Closed({
    id: Id,
    version: Version,
    deletedAt: Instant,
    thread: Type.Optional(
      Closed(
        { id: Id, ...ThreadState.properties },
        { description: 'Of a reply: its thread without it' },
      ),
    ),
  }),
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
