import * as chat from '@teambrain/contract/chat.ts';
import * as drafts from '@teambrain/contract/drafts.ts';
import type { BodyOf } from '@teambrain/contract/endpoint.ts';
import * as files from '@teambrain/contract/files.ts';
import * as knowledge from '@teambrain/contract/knowledge.ts';
import { listEvents } from '@teambrain/contract/log.ts';
import * as scheduled from '@teambrain/contract/scheduled.ts';
import { summarise } from '@teambrain/contract/summaries.ts';
import { listReadMarks, putReadMark } from '@teambrain/contract/unread.ts';
import * as pins from '@teambrain/contract/pins.ts';
import { reactToMessage } from '@teambrain/contract/reactions.ts';
import * as threads from '@teambrain/contract/threads.ts';
import { F, NOT_FOUND, READ, USER, WRITE } from './permissions.gates.ts';
import {
  inSpace,
  onEntry,
  onFile,
  onMessage,
  onThread,
  row,
  type At,
  type Row,
} from './permissions.rows.ts';

/** The part of the matrix (permissions.matrix.ts) about what is in a space. */
const edit = { body: { text: 'Changed' } };
const around = (pick: (at: At) => string) => inSpace((at) => ({ query: { around: pick(at) } }));
const ofThread = (pick: (at: At) => string) => inSpace((at) => ({ query: { thread: pick(at) } }));
const replyTo = (pick: (at: At) => string) =>
  inSpace((at) => ({ body: { text: 'Hello', threadId: pick(at) } }));
const carrying = (pick: (at: At) => string) => inSpace((at) => ({ body: { files: [pick(at)] } }));
const toFile = (pick: (at: At) => string) => (at: At) => ({ params: { fileId: pick(at) } });
const named = { headers: { 'x-file-name': 'new.txt' } };
const quoting = (pick: (at: At) => { spaceId: string; message: string }) =>
  inSpace((at) => {
    const { spaceId, message: id } = pick(at);
    return { body: { text: 'Look', quote: { spaceId, id } } };
  });
const drafted = (body: Partial<BodyOf<typeof drafts.putDraft>>) => ({
  body: { text: 'Not sent', base: 0, ...body },
});
const later = (body: Partial<BodyOf<typeof scheduled.scheduleMessage>>) => ({
  body: { sendAt: new Date(Date.now() + 3_600_000).toISOString(), ...body },
});
const thumbs = { body: { emoji: '👍', on: true } };
const following = { body: { following: true } };

const ofManagers = { moderator: '200', owner: '200', administrator: '200', rest: F };
const ofAuthors = { ...ofManagers, member: '200', exMember: '200' };

const messageRows = [
  row(chat.listMessages, READ, {
    'the latest': [inSpace(), '200'],
    'around one': [around(({ here }) => here.message), '200'],
    'around one of the other space': [around(({ there }) => there.message), NOT_FOUND],
    'around none': [around(({ nowhere }) => nowhere), NOT_FOUND],
    'of a thread': [ofThread(({ here }) => here.message), '200'],
    'of a thread of the other space': [ofThread(({ there }) => there.message), NOT_FOUND],
    'of no thread': [ofThread(({ nowhere }) => nowhere), NOT_FOUND],
  }),
  row(chat.postMessage, WRITE, {
    'a new one': [inSpace({ body: { text: 'Hello' } }), '201'],
    'with the id of one here': [
      inSpace(({ here }) => ({ body: { id: here.message, text: 'Mine' } })),
      'id-taken',
    ],
    'a quotation': [quoting(({ here }) => here), '201'],
    'a quotation of a deleted one': [
      quoting(({ here }) => ({ ...here, message: here.deleted })),
      'invalid-request',
    ],
    'a quotation with the space of another': [
      quoting(({ here, there }) => ({ ...here, spaceId: there.spaceId })),
      'invalid-request',
    ],
    'a reply': [replyTo(({ here }) => here.message), '201'],
    'a reply to a deleted one': [replyTo(({ here }) => here.deleted), 'gone'],
    'a reply to one of the other space': [replyTo(({ there }) => there.message), 'invalid-request'],
    'a reply to none': [replyTo(({ nowhere }) => nowhere), 'invalid-request'],
    'with one’s own upload': [
      inSpace(async ({ fresh }) => ({ body: { files: [await fresh.upload()] } })),
      { exMember: 'invalid-request', rest: '201' },
    ],
    'with an upload of another': [carrying(({ here }) => here.unposted), 'invalid-request'],
    'with a file of a message': [carrying(({ here }) => here.file), 'invalid-request'],
    'with a file of the other space': [carrying(({ there }) => there.unposted), 'invalid-request'],
    'with no file there is': [carrying(({ nowhere }) => nowhere), 'invalid-request'],
  }),
  row(drafts.getDraft, WRITE, {
    'of the space': [inSpace(), '200'],
    'of no thread': [inSpace(({ nowhere }) => ({ query: { thread: nowhere } })), '200'],
  }),
  row(drafts.putDraft, WRITE, {
    'new words': [inSpace(({ nowhere }) => drafted({ threadId: nowhere })), '200'],
    'with an upload of another': [
      inSpace(({ here }) => drafted({ threadId: here.deleted, files: [here.unposted] })),
      '200',
    ],
    'none, where there are none': [
      inSpace(({ here }) => drafted({ threadId: here.message, text: '' })),
      '200',
    ],
  }),
  row(scheduled.scheduleMessage, WRITE, {
    'a new one': [inSpace(later({ text: 'Hello' })), '201'],
    'with the id of a message here': [
      inSpace(({ here }) => later({ id: here.message, text: 'Mine' })),
      'id-taken',
    ],
    'with an upload of another': [
      inSpace(({ here }) => later({ files: [here.unposted] })),
      'invalid-request',
    ],
    'with a file of the other space': [
      inSpace(({ there }) => later({ files: [there.unposted] })),
      'invalid-request',
    ],
  }),
  row(threads.getThread, READ, {
    'of one': [onThread(({ here }) => here.message), '200'],
    'of a deleted one': [onThread(({ here }) => here.deleted), '200'],
    'of one of the other space': [onThread(({ there }) => there.message), NOT_FOUND],
    'never there': [onThread(({ nowhere }) => nowhere), NOT_FOUND],
  }),
  row(threads.readThread, READ, {
    'of one': [onThread(({ here }) => here.message, { body: { seq: 1 } }), '204'],
    // Nothing is kept of a thread that one does not follow, so nothing is told of it.
    'of one of the other space': [
      onThread(({ there }) => there.message, { body: { seq: 1 } }),
      '204',
    ],
    'never there': [onThread(({ nowhere }) => nowhere, { body: { seq: 1 } }), '204'],
  }),
  row(threads.followThread, READ, {
    'of one': [onThread(({ here }) => here.message, following), '204'],
    'of one of the other space': [onThread(({ there }) => there.message, following), NOT_FOUND],
    'never there': [onThread(({ nowhere }) => nowhere, following), NOT_FOUND],
  }),
  row(reactToMessage, WRITE, {
    'one’s own': [onMessage('own', thumbs), '204'],
    'another’s': [onMessage('guests', thumbs), '204'],
    'the ex-member’s': [onMessage('exMembers', thumbs), '204'],
    'a deleted one': [onMessage('deleted', thumbs), 'gone'],
    'of the other space': [onMessage('elsewhere', thumbs), NOT_FOUND],
    'never there': [onMessage('nowhere', thumbs), NOT_FOUND],
  }),
  row(pins.listPins, READ, { 'of the space': [inSpace(), '200'] }),
  row(pins.pinMessage, WRITE, {
    'another’s': [onMessage('guests'), '204'],
    'a deleted one': [onMessage('deleted'), 'gone'],
    'of the other space': [onMessage('elsewhere'), NOT_FOUND],
    'never there': [onMessage('nowhere'), NOT_FOUND],
  }),
  row(pins.unpinMessage, WRITE, {
    'another’s': [onMessage('guests'), '204'],
    'a deleted one': [onMessage('deleted'), '204'],
    'of the other space': [onMessage('elsewhere'), NOT_FOUND],
    'never there': [onMessage('nowhere'), NOT_FOUND],
  }),
  row(chat.editMessage, WRITE, {
    'one’s own': [onMessage('own', edit), '200'],
    'another’s': [onMessage('guests', edit), F],
    'the ex-member’s': [onMessage('exMembers', edit), F],
    'a deleted one': [onMessage('deleted', edit), 'gone'],
    'of the other space': [onMessage('elsewhere', edit), NOT_FOUND],
    'never there': [onMessage('nowhere', edit), NOT_FOUND],
  }),
  row(chat.listMessageVersions, READ, {
    'one’s own': [onMessage('own'), { public: ofAuthors, protected: '200' }],
    'another’s': [onMessage('guests'), ofManagers],
    'the ex-member’s': [onMessage('exMembers'), { ...ofManagers, exMember: '200' }],
    'a deleted one': [onMessage('deleted'), ofManagers],
    'of the other space': [onMessage('elsewhere'), NOT_FOUND],
    'never there': [onMessage('nowhere'), NOT_FOUND],
  }),
  row(chat.deleteMessage, WRITE, {
    'one’s own': [onMessage('own'), '204'],
    'another’s': [onMessage('guests'), { member: F, rest: '204' }],
    'the ex-member’s': [onMessage('exMembers'), { member: F, rest: '204' }],
    'a deleted one': [onMessage('deleted'), { member: F, rest: '204' }],
    'of the other space': [onMessage('elsewhere'), NOT_FOUND],
    'never there': [onMessage('nowhere'), NOT_FOUND],
  }),
];

const inside = { member: '200', moderator: '200', owner: '200', rest: NOT_FOUND };

const fileRows = [
  row(files.uploadFile, WRITE, {
    'a new one': [inSpace({ body: 'Bytes', ...named }), '201'],
    'without a name': [inSpace({ body: 'Bytes' }), 'invalid-request'],
    'with the id of another’s': [
      inSpace(({ here }) => ({ body: 'Bytes', query: { id: here.file }, ...named })),
      'id-taken',
    ],
    'with the id of one of the other space': [
      inSpace(({ there }) => ({ body: 'Bytes', query: { id: there.file }, ...named })),
      'id-taken',
    ],
  }),
  row(files.discardFile, WRITE, {
    'one’s own': [onFile(({ fresh }) => fresh.upload()), '204'],
    'another’s': [onFile(({ here }) => here.unposted), NOT_FOUND],
    'one of a message': [onFile(({ here }) => here.file), NOT_FOUND],
    'of the other space': [onFile(({ there }) => there.unposted), NOT_FOUND],
    'never there': [onFile(({ nowhere }) => nowhere), NOT_FOUND],
  }),
  row(
    files.readFile,
    { public: USER, protected: USER },
    {
      'of a message': [toFile(({ here }) => here.file), { public: '200', protected: inside }],
      'of no message yet': [toFile(({ here }) => here.unposted), NOT_FOUND],
      'never there': [toFile(({ nowhere }) => nowhere), NOT_FOUND],
    },
  ),
];

const faq = (parent?: (at: At) => string) =>
  inSpace((at) => ({
    body: { kind: 'faq', title: 'How?', ...(parent ? { parentId: parent(at) } : {}) },
  }));
const retitle = { body: { title: 'New' } };
const from = (version: number) => ({ ...retitle, version });
const again = (version: number) => ({ body: { version: 1 }, version });
const asMarkdown = { headers: { accept: 'text/markdown' } };

const entryRows = [
  row(knowledge.listEntries, READ, { anything: [inSpace(), '200'] }),
  row(knowledge.createEntry, WRITE, {
    'a new one': [faq(), '201'],
    'below one': [faq(({ here }) => here.entry), '201'],
    'below one of the other space': [faq(({ there }) => there.entry), 'invalid-request'],
    'below none': [faq(({ nowhere }) => nowhere), 'invalid-request'],
    'with the id of one here': [
      inSpace(({ here }) => ({ body: { id: here.entry, kind: 'faq', title: 'Mine' } })),
      'id-taken',
    ],
  }),
  row(knowledge.getEntry, READ, {
    standing: [onEntry('standing'), '200'],
    'in the trash': [onEntry('trashed'), 'gone'],
    'of the other space': [onEntry('elsewhere'), NOT_FOUND],
    'never there': [onEntry('nowhere'), NOT_FOUND],
    'as Markdown': [onEntry('standing', asMarkdown), '200'],
    'as Markdown, in the trash': [onEntry('trashed', asMarkdown), 'gone'],
    'as Markdown, of the other space': [onEntry('elsewhere', asMarkdown), NOT_FOUND],
  }),
  row(knowledge.updateEntry, WRITE, {
    standing: [onEntry('fresh', from(1)), '200'],
    'at another version': [onEntry('standing', from(9)), 'stale-version'],
    'without a version': [onEntry('standing', retitle), 'version-required'],
    'below one of the other space': [
      onEntry('fresh', ({ there }) => ({ version: 1, body: { parentId: there.entry } })),
      'invalid-request',
    ],
    'in the trash': [onEntry('trashed', from(2)), 'gone'],
    'of the other space': [onEntry('elsewhere', from(1)), NOT_FOUND],
    'never there': [onEntry('nowhere', from(1)), NOT_FOUND],
  }),
  row(knowledge.deleteEntry, WRITE, {
    standing: [onEntry('fresh'), '204'],
    'in the trash': [onEntry('trashed'), '204'],
    'of the other space': [onEntry('elsewhere'), NOT_FOUND],
    'never there': [onEntry('nowhere'), NOT_FOUND],
  }),
  row(knowledge.restoreEntry, WRITE, {
    'in the trash': [onEntry('freshlyTrashed'), '200'],
    standing: [onEntry('standing'), '200'],
    'of the other space': [onEntry('elsewhere'), NOT_FOUND],
    'never there': [onEntry('nowhere'), NOT_FOUND],
  }),
  row(knowledge.listRevisions, READ, {
    standing: [onEntry('standing'), '200'],
    'in the trash': [onEntry('trashed'), 'gone'],
    'of the other space': [onEntry('elsewhere'), NOT_FOUND],
    'never there': [onEntry('nowhere'), NOT_FOUND],
  }),
  row(knowledge.restoreRevision, WRITE, {
    standing: [onEntry('fresh', again(1)), '200'],
    'a version that never was': [onEntry('fresh', { body: { version: 9 }, version: 1 }), NOT_FOUND],
    'at another version': [onEntry('standing', again(9)), 'stale-version'],
    'without a version': [onEntry('standing', { body: { version: 1 } }), 'version-required'],
    'in the trash': [onEntry('trashed', again(2)), 'gone'],
    'of the other space': [onEntry('elsewhere', again(1)), NOT_FOUND],
    'never there': [onEntry('nowhere', again(1)), NOT_FOUND],
  }),
];

const threadIn = (pick: (at: At) => string) =>
  inSpace((at) => ({ body: { target: { kind: 'thread', id: pick(at) } } }));
const entryIn = (pick: (at: At) => string) =>
  inSpace((at) => ({ body: { target: { kind: 'entry', id: pick(at) } } }));

const membersAlone = { member: '200', moderator: '200', owner: '200', rest: F };

export const contentRows: readonly Row[] = [
  ...messageRows,
  ...fileRows,
  ...entryRows,
  row(listEvents, READ, { anything: [inSpace(), '200'] }),
  row(listReadMarks, READ, { anything: [inSpace(), '200'] }),
  // Marks are kept for members: who only reads a public space has none.
  row(putReadMark, READ, {
    'a seq': [inSpace({ body: { seq: 1 } }), membersAlone],
    'unread from there': [inSpace({ body: { seq: 1, isUnread: true } }), membersAlone],
  }),
  row(summarise, READ, {
    'the chat': [inSpace({ body: { target: { kind: 'space' } } }), '200'],
    'a thread': [threadIn(({ here }) => here.message), '200'],
    'a thread of the other space': [threadIn(({ there }) => there.message), NOT_FOUND],
    'no thread': [threadIn(({ nowhere }) => nowhere), NOT_FOUND],
    'an entry': [entryIn(({ here }) => here.entry), '200'],
    'an entry in the trash': [entryIn(({ here }) => here.trashed), NOT_FOUND],
    'an entry of the other space': [entryIn(({ there }) => there.entry), NOT_FOUND],
    'never there': [entryIn(({ nowhere }) => nowhere), NOT_FOUND],
  }),
];
