import * as auth from '@teambrain/contract/auth.ts';
import { ask } from '@teambrain/contract/ask.ts';
import * as chat from '@teambrain/contract/chat.ts';
import type { Endpoint } from '@teambrain/contract/endpoint.ts';
import * as knowledge from '@teambrain/contract/knowledge.ts';
import { search } from '@teambrain/contract/search.ts';
import * as spaces from '@teambrain/contract/spaces.ts';
import { summarise } from '@teambrain/contract/summaries.ts';
import { putReadMark, putReadMarks } from '@teambrain/contract/unread.ts';
import { putDraft } from '@teambrain/contract/drafts.ts';
import { scheduleMessage, updateScheduled } from '@teambrain/contract/scheduled.ts';
import { createGroup, putGroupMember, updateGroup } from '@teambrain/contract/groups.ts';
import { putSaved } from '@teambrain/contract/saved.ts';
import { reactToMessage } from '@teambrain/contract/reactions.ts';
import { followThread, readThread } from '@teambrain/contract/threads.ts';
import type { Input } from './support/http.ts';
import type { Place } from './support/world.ts';

const password = 'long enough';
const kind = 'decision';
const tomorrow = () => new Date(Date.now() + 86_400_000).toISOString();
const decision = { context: 'c', options: 'o', outcome: 'o', consequences: 'c' };
const decisionBody = { title: 'Title', decision, status: 'accepted', parentId: null };

/** A right body or query of each endpoint that takes one, with every property it can have. */
const examples = new Map<Endpoint, (id: string, place: Place) => Pick<Input, 'body' | 'query'>>([
  [auth.register, (id) => ({ body: { email: `${id}@example.org`, name: 'Name', password } })],
  [auth.login, () => ({ body: { email: 'nobody@example.org', password } })],
  [auth.updateMe, () => ({ body: { name: 'Name' } })],
  [auth.changePassword, () => ({ body: { current: 'a guess', password } })],
  [
    spaces.createSpace,
    (id) => ({ body: { id, name: 'Name', description: '', visibility: 'protected', password } }),
  ],
  [
    spaces.updateSpace,
    () => ({ body: { name: 'Name', description: '', password, everyoneJoinsAnew: false } }),
  ],
  [spaces.joinSpace, () => ({ body: { password } })],
  [spaces.updateMember, () => ({ body: { role: 'member' } })],
  [
    chat.postMessage,
    (id, place) => ({
      body: { id, text: 'Text', threadId: place.message, inSpace: false, files: [place.unposted] },
    }),
  ],
  [
    putDraft,
    (_, place) => ({
      body: { threadId: place.message, text: 'Text', files: [place.unposted], base: 0 },
    }),
  ],
  [
    scheduleMessage,
    (id, place) => ({
      body: {
        id,
        text: 'Text',
        threadId: place.message,
        inSpace: false,
        files: [place.unposted],
        sendAt: tomorrow(),
      },
    }),
  ],
  [updateScheduled, () => ({ body: { text: 'Text', sendAt: tomorrow() } })],
  [createGroup, (id) => ({ body: { id, name: `Group ${id}` } })],
  [updateGroup, (id) => ({ body: { name: `Group ${id}` } })],
  [putGroupMember, () => ({ body: { role: 'owner' } })],
  [readThread, () => ({ body: { seq: 1 } })],
  [followThread, () => ({ body: { following: true } })],
  [reactToMessage, () => ({ body: { emoji: '👍', on: true } })],
  [chat.editMessage, () => ({ body: { text: 'Text' } })],
  [knowledge.createEntry, (id) => ({ body: { id, kind, markdown: '', ...decisionBody } })],
  [knowledge.updateEntry, () => ({ body: { markdown: '', ...decisionBody } })],
  [knowledge.restoreRevision, () => ({ body: { version: 1 } })],
  [search, () => ({ query: { q: 'coffee' } })],
  [ask, (_, place) => ({ body: { question: 'Where is it?', spaces: [place.spaceId] } })],
  [putReadMark, () => ({ body: { seq: 0, version: 1, isUnread: false } })],
  [
    putReadMarks,
    (_, place) => ({ body: { marks: [{ spaceId: place.spaceId, seq: 0 }], isFirst: false } }),
  ],
  [
    putSaved,
    (_, place) => ({
      body: { type: 'entry', id: place.entry, spaceId: place.spaceId, on: true, dueAt: null },
    }),
  ],
  [summarise, (_, place) => ({ body: { target: { kind: 'entry', id: place.entry } } })],
]);

/** A right request; ids in the path are those of things there are, a user's of nobody. */
export function exampleOf(endpoint: Endpoint, place: Place, nowhere: string): Input {
  const example = examples.get(endpoint);
  if (endpoint.body && !example) {
    throw new Error(`${endpoint.method} ${endpoint.path} has no example in contract.examples.ts`);
  }
  return {
    params: {
      spaceId: place.spaceId,
      messageId: place.message,
      threadId: place.message,
      entryId: place.entry,
      fileId: place.file,
      groupId: place.group,
      userId: nowhere,
      sessionId: nowhere,
    },
    ...(endpoint.ifMatch ? { version: 1 } : {}),
    ...example?.(nowhere, place),
  };
}
