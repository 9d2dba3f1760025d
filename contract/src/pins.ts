import Type, { type Static } from 'typebox';
import { Message, Pin } from './chat.ts';
import { endpoint } from './endpoint.ts';
import { event } from './event.ts';
import { Closed, Id } from './id.ts';
import { Page, PageQuery } from './page.ts';

/** Messages that one space can have pinned. */
export const PINS_MAX = 100;

export const pinMessage = endpoint('PUT /spaces/:spaceId/messages/:messageId/pin', 'write', {
  summary: 'Pin a message or a reply for everyone in the space; again changes nothing',
  limit: 'write',
  problems: ['gone'],
});

export const unpinMessage = endpoint('DELETE /spaces/:spaceId/messages/:messageId/pin', 'write', {
  summary: 'Take the pin of a message away, whoever set it; again changes nothing',
  limit: 'write',
});

/** A pinned message. */
export const PinnedMessage = Closed({ message: Message, pin: Pin });
export type PinnedMessage = Static<typeof PinnedMessage>;

export const listPins = endpoint('GET /spaces/:spaceId/pins', 'read', {
  summary: 'Pinned messages of a space, the last pinned first',
  limit: 'read',
  query: Closed(PageQuery),
  answer: Page(PinnedMessage),
});

/** The actor pinned a message or took its pin away; the message's version stays as it is. */
export const messagePinned = event('message.pinned', Closed({ id: Id, on: Type.Boolean() }));
