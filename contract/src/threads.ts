import Type, { type Static } from 'typebox';
import { Message, Pin, ThreadState } from './chat.ts';
import { endpoint } from './endpoint.ts';
import { Closed, Id, Nullable, Seq } from './id.ts';
import { Page, PageQuery } from './page.ts';
import { Quote } from './quoted.ts';
import { Reaction } from './reactions.ts';
import { Visibility } from './role.ts';
import { UNREAD_MAX } from './unread.ts';

/**
 * A thread: the replies to a root, which is a message of the space's own stream. It has the id of its
 * root, and is there with its first reply; a deleted root stays as a stub.
 */
export const Thread = Closed({
  id: Id,
  spaceId: Id,
  root: Message,
  reactions: Type.Array(Reaction, { description: 'To the root' }),
  pin: Nullable(Pin),
  quote: Nullable(Quote),
  state: ThreadState,
  following: Type.Boolean({ description: 'Whether the reader follows it' }),
  readSeq: Nullable(
    Type.Integer({
      minimum: 0,
      description: 'Of who follows it: replies up to this seq have been read',
    }),
  ),
  head: { ...Seq, description: 'The log’s last seq at this read' },
});
export type Thread = Static<typeof Thread>;

export const getThread = endpoint('GET /spaces/:spaceId/threads/:threadId', 'read', {
  summary:
    'A message of the space’s own stream with what is under it; its replies are a list of messages',
  limit: 'read',
  answer: Thread,
});

export const followThread = endpoint('PUT /spaces/:spaceId/threads/:threadId/follow', 'read', {
  summary: 'Follow or unfollow a thread; who replies, or whose message is replied to, follows it',
  limit: 'write',
  body: Closed({ following: Type.Boolean() }),
});

const UnreadReplies = Type.Integer({
  minimum: 0,
  maximum: UNREAD_MAX,
  description: 'Replies of others that were not read or deleted; 100 means 100 or more',
});

export const readThread = endpoint('PUT /spaces/:spaceId/threads/:threadId/read', 'read', {
  summary:
    'Say how far one has read in a thread one follows: the larger seq stays. Of other threads nothing is kept',
  limit: 'write',
  body: Closed({ seq: Seq }),
});

/** A followed thread with its last reply; without one it is not listed. */
export const FollowedThread = Closed({
  id: Id,
  spaceId: Id,
  spaceName: Type.String(),
  spaceVisibility: Visibility,
  root: Message,
  state: ThreadState,
  last: Message,
  unread: UnreadReplies,
});
export type FollowedThread = Static<typeof FollowedThread>;

export const listMyThreads = endpoint('GET /me/threads', 'user', {
  summary: 'The threads one follows in spaces one may read, the last reply first',
  limit: 'read',
  query: Closed({
    ...PageQuery,
    unread: Type.Optional(Type.Literal('true', { description: 'Only those with unread replies' })),
  }),
  answer: Page(FollowedThread),
});

export const countUnreadReplies = endpoint('GET /me/threads/unread', 'user', {
  summary: 'How many replies are unread in all threads one follows',
  limit: 'read',
  answer: Closed({ unread: UnreadReplies }),
});

export const readAllThreads = endpoint('PUT /me/threads/read', 'user', {
  summary: 'Mark the replies of all threads one follows read',
  limit: 'write',
});
