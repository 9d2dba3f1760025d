import * as ask from '@teambrain/contract/ask.ts';
import * as auth from '@teambrain/contract/auth.ts';
import { catchUp } from '@teambrain/contract/catch-up.ts';
import * as groups from '@teambrain/contract/groups.ts';
import * as instance from '@teambrain/contract/instance.ts';
import * as sample from '@teambrain/contract/sample.ts';
import * as search from '@teambrain/contract/search.ts';
import * as spaces from '@teambrain/contract/spaces.ts';
import { findEntries } from '@teambrain/contract/knowledge.ts';
import { findPeople, getPerson } from '@teambrain/contract/people.ts';
import { listDrafts } from '@teambrain/contract/drafts.ts';
import * as scheduled from '@teambrain/contract/scheduled.ts';
import { listSaved, putSaved } from '@teambrain/contract/saved.ts';
import { listUnread, putReadMarks } from '@teambrain/contract/unread.ts';
import * as threads from '@teambrain/contract/threads.ts';
import { contentRows } from './permissions.content.ts';
import { ADMIN, F, MANAGE, NOT_FOUND, OPEN, READ, USER } from './permissions.gates.ts';
import { inSpace, onMember, row, type At, type Row } from './permissions.rows.ts';
import type { Input } from './support/http.ts';

/**
 * The authorization matrix (SECURITY.md, instrument 2). Every row is an endpoint: its gate, then
 * cases as `name: [request, outcome of those whom the gate lets pass]`. An outcome is a status or a
 * problem code, for all or by actor.
 */
const asNew = (email: string) => ({ body: { email, name: 'New', password: 'long enough' } });
/** A request without a space in its path that does something for who may read the space. */
const OF_READERS = {
  public: '204',
  protected: { member: '204', moderator: '204', owner: '204', rest: NOT_FOUND },
};
const keep = (type: 'message' | 'entry', id: string, spaceId: string, on = true) => ({
  body: { type, id, spaceId, on },
});
const mail = ({ unique }: At) => `${unique}@example.org`;

const accountRows = [
  row(instance.getInstance, OPEN, { anything: [{}, '200'] }),
  row(sample.getSample, ADMIN, { anything: [{}, '200'] }),
  row(sample.loadSample, ADMIN, { 'where there are spaces': [{}, 'conflict'] }),
  row(sample.removeSample, ADMIN, { 'where none is loaded': [{}, '200'] }),
  row(auth.register, OPEN, {
    'a new account': [(at) => asNew(mail(at)), '201'],
    'a taken e-mail': [({ people }) => asNew(people.guest.email), 'email-taken'],
  }),
  row(auth.login, OPEN, {
    'the right password': [
      ({ people: { guest } }) => ({ body: { email: guest.email, password: guest.password } }),
      '200',
    ],
    'no such account': [
      (at) => ({ body: { email: mail(at), password: 'a guess' } }),
      'wrong-credentials',
    ],
  }),
  row(auth.refresh, OPEN, {
    'a living cookie': [
      async ({ fresh }) => ({ headers: { cookie: await fresh.cookie() } }),
      '200',
    ],
    'from another site': [
      async ({ fresh }) => ({
        headers: { cookie: await fresh.cookie(), 'sec-fetch-site': 'cross-site' },
      }),
      'cross-site',
    ],
    'an access token': [
      ({ people }) => ({ headers: { cookie: `teambrain-refresh=${people.guest.token}` } }),
      'session-ended',
    ],
    'no cookie': [{}, '200'],
  }),
  row(auth.logout, OPEN, { anything: [{}, '204'] }, { endsSession: true }),
  row(auth.logoutAll, USER, { anything: [{}, '204'] }, { endsSession: true }),
  row(auth.listSessions, USER, { anything: [{}, '200'] }),
  row(auth.endSession, USER, {
    'one’s own': [
      async ({ fresh }) => ({ params: { sessionId: await fresh.ownSession() } }),
      '204',
    ],
    'another’s': [({ guestSession }) => ({ params: { sessionId: guestSession } }), NOT_FOUND],
    'never there': [({ nowhere }) => ({ params: { sessionId: nowhere } }), NOT_FOUND],
  }),
  row(auth.getMe, USER, { anything: [{}, '200'] }),
  row(auth.updateMe, USER, { 'the name': [({ me }) => ({ body: { name: me?.name } }), '200'] }),
  row(auth.changePassword, USER, {
    'knowing it': [
      ({ me }) => ({ body: { current: me?.password, password: me?.password } }),
      '200',
    ],
    guessing: [{ body: { current: 'a guess', password: 'long enough' } }, 'wrong-password'],
  }),
];

const joined = { member: '200', moderator: '200', owner: '200' };
const needsPassword = { public: '200', protected: { ...joined, rest: 'wrong-password' } };
const standing = { changesStanding: true };
const as = (role: string) => ({ body: { role } });

/** Who is neither its owner nor an administrator keeps no group. */
const byAdmins = (outcome: string) => ({ administrator: outcome, rest: F });
const onGroup =
  (more: (at: At) => Omit<Input, 'params'> = () => ({})) =>
  (at: At): Input => ({ params: { groupId: at.here.group }, ...more(at) });
const onGroupMember =
  (pick: (at: At) => string, more: Omit<Input, 'params'> = { body: { role: 'owner' } }) =>
  (at: At): Input => ({ params: { groupId: at.here.group, userId: pick(at) }, ...more });

/** Requests about messages that the actor has not scheduled, as somebody else has, or nobody. */
const notScheduled = (more: { body?: unknown } = {}): Row['cases'] => ({
  'of another': [({ here }) => ({ params: { messageId: here.scheduled }, ...more }), NOT_FOUND],
  'never there': [({ nowhere }) => ({ params: { messageId: nowhere }, ...more }), NOT_FOUND],
});

const spaceRows = [
  row(spaces.listSpaces, USER, { anything: [{}, '200'] }),
  row(catchUp, USER, { anything: [{}, '200'] }),
  row(findPeople, USER, {
    'of all spaces': [{}, '200'],
    'of one space': [({ here }) => ({ query: { space: here.spaceId, query: 'm' } }), '200'],
    'of no space': [({ nowhere }) => ({ query: { space: nowhere } }), '200'],
  }),
  row(getPerson, USER, {
    'of nobody': [({ nowhere }) => ({ params: { userId: nowhere } }), NOT_FOUND],
  }),
  row(findEntries, USER, {
    'of all spaces': [{}, '200'],
    'of one first': [({ here }) => ({ query: { space: here.spaceId, query: 'h' } }), '200'],
  }),
  row(groups.listGroups, USER, {
    all: [{}, '200'],
    'by name': [({ here }) => ({ query: { query: here.groupName } }), '200'],
  }),
  row(groups.getGroup, USER, {
    one: [onGroup(), '200'],
    'never there': [({ nowhere }) => ({ params: { groupId: nowhere } }), NOT_FOUND],
  }),
  row(groups.createGroup, USER, {
    'a new one': [({ unique }) => ({ body: { name: unique } }), '201'],
    'with the id of another': [
      ({ here, unique }) => ({ body: { id: here.group, name: unique } }),
      'id-taken',
    ],
    'with the name of another': [({ here }) => ({ body: { name: here.groupName } }), 'conflict'],
  }),
  row(groups.updateGroup, USER, {
    'of another': [onGroup(({ here }) => ({ body: { name: here.groupName } })), byAdmins('200')],
    'never there': [
      ({ nowhere }) => ({ params: { groupId: nowhere }, body: { name: 'Mine' } }),
      NOT_FOUND,
    ],
  }),
  row(groups.deleteGroup, USER, {
    'of another': [
      async ({ fresh }) => ({ params: { groupId: await fresh.group() } }),
      byAdmins('204'),
    ],
    'never there': [({ nowhere }) => ({ params: { groupId: nowhere } }), NOT_FOUND],
  }),
  row(groups.putGroupMember, USER, {
    'its owner': [onGroupMember(({ people }) => people.guest.id), byAdmins('204')],
    nobody: [onGroupMember(({ nowhere }) => nowhere), byAdmins(NOT_FOUND)],
  }),
  row(groups.removeGroupMember, USER, {
    'its owner': [onGroupMember(({ people }) => people.guest.id, {}), byAdmins('last-owner')],
    nobody: [onGroupMember(({ nowhere }) => nowhere, {}), byAdmins(NOT_FOUND)],
  }),
  row(listUnread, USER, {
    'of all': [{}, '200'],
    'of both and nowhere': [
      ({ here, there, nowhere }) => ({
        query: { spaces: [here.spaceId, there.spaceId, nowhere].join(',') },
      }),
      '200',
    ],
  }),
  row(putReadMarks, USER, {
    'in both and nowhere': [
      ({ here, there, nowhere }) => ({
        body: {
          marks: [here.spaceId, there.spaceId, nowhere].map((spaceId) => ({ spaceId, seq: 1 })),
        },
      }),
      '200',
    ],
  }),
  row(listDrafts, USER, { anything: [{}, '200'] }),
  row(scheduled.listScheduled, USER, { anything: [{}, '200'] }),
  row(scheduled.getScheduled, USER, notScheduled()),
  row(scheduled.updateScheduled, USER, notScheduled({ body: { text: 'Mine' } })),
  row(scheduled.sendScheduled, USER, notScheduled()),
  row(scheduled.cancelScheduled, USER, notScheduled()),
  row(listSaved, USER, { anything: [{}, '200'] }),
  row(putSaved, USER, {
    'a message here': [({ here }) => keep('message', here.message, here.spaceId), OF_READERS],
    'an entry here': [({ here }) => keep('entry', here.entry, here.spaceId), OF_READERS],
    'a deleted one': [({ here }) => keep('message', here.deleted, here.spaceId), NOT_FOUND],
    'a message with the id of another space': [
      ({ here, nowhere }) => keep('message', here.message, nowhere),
      NOT_FOUND,
    ],
    'never there': [({ nowhere }) => keep('entry', nowhere, nowhere), NOT_FOUND],
    'the removal of anything': [
      ({ there }) => keep('message', there.message, there.spaceId, false),
      '204',
    ],
  }),
  row(threads.listMyThreads, USER, {
    all: [{}, '200'],
    'those with unread replies': [{ query: { unread: 'true' } }, '200'],
  }),
  row(threads.countUnreadReplies, USER, { anything: [{}, '200'] }),
  row(threads.readAllThreads, USER, { anything: [{}, '204'] }),
  row(spaces.createSpace, USER, {
    'a new one': [{ body: { name: 'New', visibility: 'public' } }, '201'],
    'the id of one there is': [
      ({ there }) => ({ body: { id: there.spaceId, name: 'Mine', visibility: 'public' } }),
      'id-taken',
    ],
  }),
  row(spaces.getSpace, { public: USER, protected: USER }, { anything: [inSpace(), '200'] }),
  row(spaces.updateSpace, MANAGE, {
    'the description': [inSpace({ body: { description: 'About' } }), '200'],
  }),
  row(spaces.deleteSpace, MANAGE, {
    anything: [
      async ({ fresh }) => ({ params: { spaceId: await fresh.space() } }),
      { owner: '204', rest: F },
    ],
  }),
  row(spaces.noteGuessing, MANAGE, { anything: [inSpace(), '204'] }),
  row(
    spaces.joinSpace,
    { public: USER, protected: USER },
    {
      'with the password': [inSpace({ body: { password: 'open up sesame' } }), '200'],
      'with another': [inSpace({ body: { password: 'a guess' } }), needsPassword],
      'with none': [inSpace({ body: {} }), needsPassword],
    },
    standing,
  ),
  row(
    spaces.leaveSpace,
    READ,
    {
      anything: [
        inSpace(),
        { member: '204', moderator: '204', owner: 'last-owner', rest: NOT_FOUND },
      ],
    },
    standing,
  ),
  row(spaces.listMembers, READ, { anything: [inSpace(), '200'] }),
  // An administrator manages a public space but has no rank among its members.
  row(
    spaces.updateMember,
    MANAGE,
    {
      'a member': [onMember('guest', as('member')), { administrator: F, rest: '200' }],
      'to moderator': [onMember('guest', as('moderator')), { owner: '200', rest: F }],
      'a moderator': [onMember('moderator', as('moderator')), { owner: '200', rest: F }],
      'the last owner': [onMember('owner', as('member')), { owner: 'last-owner', rest: F }],
      'no member': [onMember('locked', as('member')), NOT_FOUND],
      nobody: [onMember(null, as('member')), NOT_FOUND],
    },
    standing,
  ),
  row(
    spaces.removeMember,
    MANAGE,
    {
      'a member': [onMember('guest'), { administrator: F, rest: '204' }],
      'a moderator': [onMember('moderator'), { owner: '204', rest: F }],
      'the last owner': [onMember('owner'), { owner: 'last-owner', rest: F }],
      'no member': [onMember('locked'), NOT_FOUND],
      nobody: [onMember(null), NOT_FOUND],
    },
    standing,
  ),
];

const QUESTION = 'Where is the coffee machine?';
const acrossRows = [
  row(search.search, USER, {
    everywhere: [{ query: { q: 'coffee' } }, '200'],
    'in the public space': [({ here }) => ({ query: { q: 'coffee', space: here.spaceId } }), '200'],
    'in the protected one': [
      ({ there }) => ({ query: { q: 'coffee', space: there.spaceId } }),
      '200',
    ],
    nowhere: [({ nowhere }) => ({ query: { q: 'coffee', space: nowhere } }), '200'],
  }),
  row(ask.ask, USER, {
    everywhere: [{ body: { question: QUESTION } }, '200'],
    'as a stream': [
      { body: { question: QUESTION }, headers: { accept: 'text/event-stream' } },
      '200',
    ],
    'in both and nowhere': [
      ({ here, there, nowhere }) => ({
        body: { question: QUESTION, spaces: [here.spaceId, there.spaceId, nowhere] },
      }),
      '200',
    ],
  }),
];

export const matrix: readonly Row[] = [...accountRows, ...spaceRows, ...contentRows, ...acrossRows];
