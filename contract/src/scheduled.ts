import Type, { type Static } from 'typebox';
import { postMessage } from './chat.ts';
import { endpoint } from './endpoint.ts';
import { Attachment, MESSAGE_FILES_MAX } from './files.ts';
import { Closed, Id, Instant, Nullable, OneOf } from './id.ts';
import { Visibility } from './role.ts';

/** Scheduled messages one person can have. */
export const SCHEDULED_MAX = 100;
/** Characters of a scheduled message that lists show. */
export const SCHEDULED_SHOWN = 300;
/** How far ahead a message can be scheduled, in days. */
export const SCHEDULED_DAYS = 366;

/**
 * Why a scheduled message was not sent: its author may not write there any more (`rights`), what it
 * replies to is gone (`gone`), it cannot be sent as it is (`refused`), or something went wrong on the
 * server's side again and again (`failed`).
 */
export const SendFailure = OneOf('rights', 'gone', 'refused', 'failed');
export type SendFailure = Static<typeof SendFailure>;

/** A message that is sent later, or could not be sent. */
export const Scheduled = Closed({
  id: Id,
  spaceId: Id,
  spaceName: Nullable(
    Type.String({ description: 'Null where one may not read the space any more' }),
  ),
  spaceVisibility: Nullable(Visibility),
  threadId: Nullable(Id),
  text: Type.String(),
  files: Type.Array(Attachment, { maxItems: MESSAGE_FILES_MAX }),
  sendAt: Instant,
  failure: Nullable(SendFailure),
});
export type Scheduled = Static<typeof Scheduled>;

/** The same as lists show it. */
export const ListedScheduled = Closed({
  ...Scheduled.properties,
  text: Type.String({ description: `Its first ${SCHEDULED_SHOWN} characters` }),
  files: Type.Integer({ minimum: 0, description: 'How many it carries' }),
});
export type ListedScheduled = Static<typeof ListedScheduled>;

const { text } = postMessage.body.properties;
const SendAt = {
  ...Instant,
  description: `In the future, at most ${SCHEDULED_DAYS} days ahead`,
};

export const listScheduled = endpoint('GET /me/scheduled', 'user', {
  summary:
    'One’s messages that are sent later or could not be sent, the first one to be sent first',
  limit: 'read',
  answer: Closed({ items: Type.Array(ListedScheduled, { maxItems: SCHEDULED_MAX }) }),
});

export const getScheduled = endpoint('GET /me/scheduled/:messageId', 'user', {
  summary: 'A message of one’s own that is sent later',
  limit: 'read',
  answer: Scheduled,
  problems: ['not-found'],
});

export const scheduleMessage = endpoint('POST /spaces/:spaceId/scheduled', 'write', {
  summary:
    'Send a message later, with the rights its author has then; it has this id when it is posted, and with the same id again the first one stays',
  limit: 'write',
  body: Closed({ ...postMessage.body.properties, sendAt: SendAt }),
  answer: Scheduled,
  status: 201,
  problems: ['id-taken'],
});

export const updateScheduled = endpoint('PATCH /me/scheduled/:messageId', 'user', {
  summary:
    'Change the words or the time of a message that is sent later; one that failed waits again',
  limit: 'write',
  body: Closed({ text: Type.Optional(text), sendAt: Type.Optional(SendAt) }),
  answer: Scheduled,
  problems: ['not-found', 'conflict'],
});

export const sendScheduled = endpoint('POST /me/scheduled/:messageId/send', 'user', {
  summary: 'Send it now, in place of later',
  limit: 'write',
  problems: ['not-found', 'conflict'],
});

export const cancelScheduled = endpoint('DELETE /me/scheduled/:messageId', 'user', {
  summary: 'Do not send it: it is gone',
  limit: 'write',
  problems: ['not-found', 'conflict'],
});
