import { ask } from '@teambrain/contract/ask.ts';
import * as auth from '@teambrain/contract/auth.ts';
import { catchUp } from '@teambrain/contract/catch-up.ts';
import * as chat from '@teambrain/contract/chat.ts';
import * as drafts from '@teambrain/contract/drafts.ts';
import type { Endpoint } from '@teambrain/contract/endpoint.ts';
import * as files from '@teambrain/contract/files.ts';
import { getInstance } from '@teambrain/contract/instance.ts';
import * as groups from '@teambrain/contract/groups.ts';
import { allKinds } from '@teambrain/contract/kinds.ts';
import * as knowledge from '@teambrain/contract/knowledge.ts';
import { listEvents } from '@teambrain/contract/log.ts';
import { abilityIn, isEnough, type Ability, type Role } from '@teambrain/contract/role.ts';
import { findPeople, getPerson } from '@teambrain/contract/people.ts';
import * as sample from '@teambrain/contract/sample.ts';
import * as pins from '@teambrain/contract/pins.ts';
import { reactToMessage } from '@teambrain/contract/reactions.ts';
import * as saved from '@teambrain/contract/saved.ts';
import * as scheduled from '@teambrain/contract/scheduled.ts';
import { search } from '@teambrain/contract/search.ts';
import * as spaces from '@teambrain/contract/spaces.ts';
import { summarise } from '@teambrain/contract/summaries.ts';
import * as unread from '@teambrain/contract/unread.ts';
import * as threads from '@teambrain/contract/threads.ts';
import type { Crawler, Heap } from './canaries.seed.ts';
import type { Input } from './support/http.ts';

/** Where a crawler stands: all ids there are, and the words to look for. */
export interface Spot extends Heap {
  actor: Crawler;
  /** Texts of canaries that this actor must not find. */
  hidden: readonly string[];
}

const NOWHERE = '00000000-0000-4000-8000-000000000000';
const SPACES = ['lobby', 'vault', 'cell'] as const;
const ROLES: Record<(typeof SPACES)[number], Partial<Record<Crawler, Role>>> = {
  lobby: { member: 'member', moderator: 'moderator', owner: 'owner' },
  vault: { member: 'member', moderator: 'moderator', owner: 'owner' },
  cell: { hermit: 'owner' },
};

/** Whether the actor has the ability in the n-th space: what would succeed must not be sent. */
function may({ actor }: Spot, index: number, ability: Ability): boolean {
  const name = SPACES[index] ?? 'cell';
  const visibility = name === 'lobby' ? 'public' : 'protected';
  const isAdministrator = actor === 'administrator';
  const standing = { visibility, role: ROLES[name][actor] ?? null, isAdministrator } as const;
  return actor !== 'anonymous' && isEnough(abilityIn(standing), ability);
}

type Recipe = (spot: Spot) => Input[];

const perSpace =
  (make: (params: { spaceId: string }, spot: Spot, index: number) => Input[]): Recipe =>
  (spot) =>
    spot.spaces.flatMap((spaceId, index) => make({ spaceId }, spot, index));

const perMessage = (make: (params: Record<string, string>) => Input): Recipe =>
  perSpace((params, { messages }) => messages.map((messageId) => make({ ...params, messageId })));

const perEntry = (make: (params: Record<string, string>) => Input[]): Recipe =>
  perSpace((params, { entries }) => entries.flatMap((entryId) => make({ ...params, entryId })));

/** Only where the actor lacks the ability, so that it is refused. */
const refused = (ability: Ability, make: (params: Record<string, string>, spot: Spot) => Input[]) =>
  perSpace((params, spot, index) => (may(spot, index, ability) ? [] : make(params, spot)));

const ofMessage =
  (more: Omit<Input, 'params'> = {}): Recipe =>
  ({ messages }) =>
    messages.map((messageId) => ({ params: { messageId }, ...more }));

/** Of those who do not keep the groups there are. */
const ofGroup =
  (make: Recipe): Recipe =>
  (spot) =>
    ['hermit', 'administrator'].includes(spot.actor)
      ? []
      : spot.groups.flatMap((groupId) =>
          make(spot).map((input) => ({ ...input, params: { ...input.params, groupId } })),
        );

/** What they have not scheduled themselves. */
const ofOthers: Recipe = (spot) =>
  ['member', 'hermit'].includes(spot.actor)
    ? [{ params: { messageId: NOWHERE } }]
    : ofMessage()(spot);

const KEY = { text: 'x' };

/** Requests that read; each is sent with every id, by everyone. */
export const reads = new Map<Endpoint, Recipe>([
  [getInstance, () => [{}]],
  [sample.getSample, () => [{}]],
  [auth.listSessions, () => [{}]],
  [auth.getMe, () => [{}]],
  [
    spaces.listSpaces,
    () => [{}, { query: { joined: 'true' } }, { query: { query: 'e', limit: 1 } }],
  ],
  [catchUp, () => [{}]],
  [
    findPeople,
    ({ spaces: ids }) => [
      {},
      ...ids.map((space) => ({ query: { space } })),
      { query: { query: 'c', limit: 1 } },
    ],
  ],
  [getPerson, ({ users }) => users.map((userId) => ({ params: { userId } }))],
  [groups.listGroups, () => [{}, { query: { query: 'c', limit: 1 } }]],
  [groups.getGroup, ({ groups: ids }) => ids.map((groupId) => ({ params: { groupId } }))],
  [
    knowledge.findEntries,
    ({ hidden, spaces: ids }) => [
      {},
      ...ids.map((space) => ({ query: { space, query: 'cnry' } })),
      ...hidden.map((query) => ({ query: { query: query.slice(0, 100) } })),
    ],
  ],
  [
    unread.listUnread,
    ({ spaces: ids }) => [{}, { query: { limit: 1 } }, { query: { spaces: ids.join(',') } }],
  ],
  [drafts.listDrafts, () => [{}]],
  [
    drafts.getDraft,
    perSpace((params, { messages }) => [
      { params },
      ...messages.map((thread) => ({ params, query: { thread } })),
    ]),
  ],
  [scheduled.listScheduled, () => [{}]],
  [scheduled.getScheduled, ofMessage()],
  [saved.listSaved, () => [{}]],
  [
    saved.putSaved,
    ({ spaces: ids }) =>
      ids.map((spaceId) => ({ body: { type: 'message', id: NOWHERE, spaceId, on: true } })),
  ],
  // Marks never go back, so that this changes nothing.
  [
    unread.putReadMarks,
    ({ spaces: ids }) => [{ body: { marks: ids.map((spaceId) => ({ spaceId, seq: 0 })) } }],
  ],
  [unread.listReadMarks, perSpace((params) => [{ params }])],
  [pins.listPins, perSpace((params) => [{ params }, { params, query: { limit: 1 } }])],
  [spaces.getSpace, perSpace((params) => [{ params }])],
  [spaces.listMembers, perSpace((params) => [{ params }, { params, query: { limit: 1 } }])],
  [
    chat.listMessages,
    perSpace((params, { messages }) => [
      ...messages.map((around) => ({ params, query: { around, limit: 2 } })),
      ...messages.map((thread) => ({ params, query: { thread } })),
      ...messages.map((thread) => ({ params, query: { thread, around: thread } })),
      { params, query: { limit: 200 } },
      { params, query: { after: 0 } },
      { params, query: { before: 9 } },
    ]),
  ],
  [
    threads.getThread,
    perSpace((params, { messages }) =>
      messages.map((threadId) => ({ params: { ...params, threadId } })),
    ),
  ],
  [threads.listMyThreads, () => [{}, { query: { limit: 1 } }, { query: { unread: 'true' } }]],
  [threads.countUnreadReplies, () => [{}]],
  // A mark at 0 moves nothing.
  [
    threads.readThread,
    perSpace((params, { messages }) =>
      messages.map((threadId) => ({ params: { ...params, threadId }, body: { seq: 0 } })),
    ),
  ],
  [chat.listMessageVersions, perMessage((params) => ({ params }))],
  [
    files.readFile,
    (spot) =>
      spot.files.flatMap((fileId) => [
        { params: { fileId } },
        { params: { fileId }, query: { size: 'small' } },
        { params: { fileId }, headers: { range: 'bytes=0-40' } },
      ]),
  ],
  [
    knowledge.listEntries,
    perSpace((params) => [
      { params },
      { params, query: { limit: 1 } },
      ...allKinds.slice(1).map((kind) => ({ params, query: { kind } })),
    ]),
  ],
  [
    knowledge.getEntry,
    perEntry((params) => [{ params }, { params, headers: { accept: 'text/markdown' } }]),
  ],
  [knowledge.listRevisions, perEntry((params) => [{ params }])],
  [
    listEvents,
    perSpace((params) => [
      { params, query: { limit: 200 } },
      { params, query: { after: 3 } },
    ]),
  ],
  [
    search,
    ({ hidden, spaces: ids, users }) => [
      ...hidden.map((q) => ({ query: { q, limit: 50 } })),
      ...['coffee machine', 'CNRY', 'the', 'example.org'].map((q) => ({ query: { q, limit: 50 } })),
      ...ids.map((space) => ({ query: { q: 'coffee', space, limit: 50 } })),
      ...allKinds.map((kind) => ({ query: { q: 'coffee machine these days', kind } })),
      ...users.map((author) => ({ query: { q: 'coffee', author } })),
      { query: { q: 'coffee', from: '2000-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' } },
      { query: { q: 'coffee', after: '1', limit: 1 } },
    ],
  ],
  [
    ask,
    ({ hidden, spaces: ids }) => [
      ...hidden
        .filter((_, index) => index % 3 === 0)
        .map((word) => ({ body: { question: `What is ${word}?` } })),
      { body: { question: 'Where is the coffee machine these days?' } },
      ...hidden.slice(0, 3).map((word) => ({
        body: { question: `Where is ${word}?` },
        headers: { accept: 'text/event-stream' },
      })),
      { body: { question: 'Where is the coffee machine?', spaces: ids } },
      ...ids.map((id) => ({ body: { question: 'Where is the coffee machine?', spaces: [id] } })),
    ],
  ],
  [
    summarise,
    perSpace((params, { entries, messages }) => [
      { params, body: { target: { kind: 'space' } } },
      ...messages.map((id) => ({ params, body: { target: { kind: 'thread', id } } })),
      ...entries.map((id) => ({ params, body: { target: { kind: 'entry', id } } })),
    ]),
  ],
]);

/** Requests that would write, made so that whoever sends them is refused: their words are read. */
export const refusals = new Map<Endpoint, Recipe>([
  [sample.loadSample, () => [{}]],
  [sample.removeSample, ({ actor }) => (actor === 'administrator' ? [] : [{}])],
  [auth.register, () => [{ body: { email: 'x', name: '', password: '' } }]],
  [auth.login, () => [{ body: { email: 'nobody@example.org', password: 'a guess' } }]],
  [auth.refresh, () => [{ headers: { cookie: 'teambrain-refresh=x' } }]],
  [auth.logout, ({ actor }) => (actor === 'anonymous' ? [{}] : [])],
  [auth.logoutAll, ({ actor }) => (actor === 'anonymous' ? [{}] : [])],
  [auth.endSession, () => [{ params: { sessionId: NOWHERE } }]],
  [auth.updateMe, () => [{ body: {} }]],
  [auth.changePassword, () => [{ body: { current: 'a guess', password: 'long enough' } }]],
  [
    spaces.createSpace,
    // Who made a space and may still manage it is given it again.
    refused('manage', ({ spaceId: id }) => [{ body: { id, name: 'Mine', visibility: 'public' } }]),
  ],
  [spaces.updateSpace, refused('manage', (params) => [{ params, body: { description: '' } }])],
  [spaces.deleteSpace, refused('manage', (params) => [{ params }])],
  [spaces.noteGuessing, refused('manage', (params) => [{ params }])],
  [spaces.joinSpace, refused('read', (params) => [{ params, body: { password: 'a guess' } }])],
  [spaces.leaveSpace, refused('write', (params) => [{ params }])],
  [
    spaces.updateMember,
    refused('manage', (params, { users }) =>
      users.map((userId) => ({ params: { ...params, userId }, body: { role: 'member' } })),
    ),
  ],
  [
    spaces.removeMember,
    refused('manage', (params, { users }) =>
      users.map((userId) => ({ params: { ...params, userId } })),
    ),
  ],
  [groups.createGroup, ({ groups: ids }) => ids.map((id) => ({ body: { id, name: '' } }))],
  [groups.updateGroup, ofGroup(() => [{ body: { name: 'Mine' } }])],
  [groups.deleteGroup, ofGroup(() => [{}])],
  ...[groups.putGroupMember, groups.removeGroupMember].map((change): [Endpoint, Recipe] => [
    change,
    ofGroup(({ users }) =>
      users.map((userId) => ({
        params: { userId },
        ...(change === groups.putGroupMember && { body: { role: 'member' } }),
      })),
    ),
  ]),
  [unread.putReadMark, refused('write', (params) => [{ params, body: { seq: 1 } }])],
  [
    chat.postMessage,
    perSpace((params, { messages }) =>
      messages.flatMap((id) => [
        { params, body: { id, text: ' ' } },
        { params, body: { threadId: id, text: ' ' } },
      ]),
    ),
  ],
  [
    drafts.putDraft,
    refused('write', (params, { messages }) => [
      { params, body: { text: 'x', base: 0 } },
      ...messages.map((threadId) => ({ params, body: { threadId, text: 'x', base: 0 } })),
    ]),
  ],
  [
    scheduled.scheduleMessage,
    perSpace((params, { messages }) =>
      messages.map((id) => ({ params, body: { id, text: 'x', sendAt: '2000-01-01T00:00:00Z' } })),
    ),
  ],
  [scheduled.updateScheduled, ofMessage({ body: { sendAt: '2000-01-01T00:00:00Z' } })],
  [scheduled.sendScheduled, ofOthers],
  [scheduled.cancelScheduled, ofOthers],
  [threads.readAllThreads, ({ actor }) => (actor === 'anonymous' ? [{}] : [])],
  [
    threads.followThread,
    refused('read', (params, { messages }) =>
      messages.map((threadId) => ({
        params: { ...params, threadId },
        body: { following: true },
      })),
    ),
  ],
  [
    reactToMessage,
    refused('write', (params, { messages }) =>
      messages.map((messageId) => ({
        params: { ...params, messageId },
        body: { emoji: '👍', on: true },
      })),
    ),
  ],
  ...[pins.pinMessage, pins.unpinMessage].map((pin): [Endpoint, Recipe] => [
    pin,
    refused('write', (params, { messages }) =>
      messages.map((messageId) => ({ params: { ...params, messageId } })),
    ),
  ]),
  [chat.editMessage, perMessage((params) => ({ params, version: 999, body: KEY }))],
  [
    files.uploadFile,
    perSpace((params, spot) =>
      spot.files.map((id) => ({ params, query: { id: `${id.slice(0, -1)}x` }, body: 'x' })),
    ),
  ],
  [
    files.discardFile,
    perSpace((params, spot) => spot.files.map((fileId) => ({ params: { ...params, fileId } }))),
  ],
  [
    chat.deleteMessage,
    refused('write', (params, { messages }) =>
      messages.map((messageId) => ({ params: { ...params, messageId } })),
    ),
  ],
  [
    knowledge.createEntry,
    perSpace((params, { entries }) =>
      entries.map((parentId) => ({ params, body: { kind: 'faq', title: ' ', parentId } })),
    ),
  ],
  [
    knowledge.updateEntry,
    perEntry((params) => [{ params, version: 999, body: { title: 'Mine' } }]),
  ],
  [
    knowledge.restoreRevision,
    perEntry((params) => [{ params, version: 999, body: { version: 1 } }]),
  ],
  [
    knowledge.deleteEntry,
    refused('write', (params, { entries }) =>
      entries.map((entryId) => ({ params: { ...params, entryId } })),
    ),
  ],
  [
    knowledge.restoreEntry,
    refused('write', (params, { entries }) =>
      entries.map((entryId) => ({ params: { ...params, entryId } })),
    ),
  ],
]);
