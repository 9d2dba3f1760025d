import Type, { type Static } from 'typebox';
import { Message, ThreadState } from './chat.ts';
import { endpoint } from './endpoint.ts';
import { Closed, Id, Seq } from './id.ts';
import { Page, PageQuery } from './page.ts';
import { Reaction } from './reactions.ts';
import { Visibility } from './role.ts';

/**
 * A thread: the replies to a root, which is a message of the space's own stream. It has the id of its
 * root, and is there with its first reply; a deleted root stays as a stub.
 */
export const Thread = Closed({
  id: Id,
  spaceId: Id,
  root: Message,
  reactions: Type.Array(Reaction, { description: 'To the root' }),
  state: ThreadState,
  following: Type.Boolean({ description: 'Whether the reader follows it' }),
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

/** A followed thread with its last reply; without one it is not listed. */
export const FollowedThread = Closed({
  id: Id,
  spaceId: Id,
  spaceName: Type.String(),
  spaceVisibility: Visibility,
  root: Message,
  state: ThreadState,
  last: Message,
});
export type FollowedThread = Static<typeof FollowedThread>;

export const listMyThreads = endpoint('GET /me/threads', 'user', {
  summary: 'The threads one follows in spaces one may read, the last reply first',
  limit: 'read',
  query: Closed(PageQuery),
  answer: Page(FollowedThread),
});
