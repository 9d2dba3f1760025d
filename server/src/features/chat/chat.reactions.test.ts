import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as chat from '@teambrain/contract/chat.ts';
import { listEvents } from '@teambrain/contract/log.ts';
import { REACTIONS_MAX, reactToMessage } from '@teambrain/contract/reactions.ts';
import { getThread } from '@teambrain/contract/threads.ts';
import { codeOf, register, type Person } from '../../testing/people.ts';
import { createSpace, post, reply } from '../../testing/space.ts';
import { createTestApp, type TestApp } from '../../testing/test-app.ts';

let app: TestApp;
let ana: Person;
let ben: Person;
let cleo: Person;
let space: string;

beforeAll(async () => {
  app = await createTestApp();
  ana = await register(app.url, 'Ana');
  ben = await register(app.url, 'Ben');
  cleo = await register(app.url, 'Cleo');
  space = await createSpace(ana, [ben]);
});
afterAll(() => app.close());

const react = (person: Person, messageId: string, emoji: string, on = true) =>
  person.call(reactToMessage, { params: { spaceId: space, messageId }, body: { emoji, on } });
const page = () => ana.call(chat.listMessages, { params: { spaceId: space }, query: {} });
const reactionsTo = async (id: string) =>
  (await page()).states.find((state) => state.id === id)?.reactions ?? [];
const eventsAfter = async (seq: number) =>
  (await ana.call(listEvents, { params: { spaceId: space }, query: { after: String(seq) } })).items;

describe('a reaction', () => {
  it('is listed with who chose it, and leaves the version of the message as it is', async () => {
    const message = await post(ana, space, 'Shipped');
    await react(ben, message.id, '🎉');
    await react(ana, message.id, '👍🏽');
    await react(ana, message.id, '🎉');
    expect(await reactionsTo(message.id)).toEqual([
      { emoji: '🎉', count: 2, people: [ben, ana].map(({ id, name }) => ({ id, name })) },
      { emoji: '👍🏽', count: 1, people: [{ id: ana.id, name: 'Ana' }] },
    ]);
    const { items } = await page();
    expect(items.find(({ id }) => id === message.id)).toEqual(message);
    const edited = await ana.call(chat.editMessage, {
      params: { spaceId: space, messageId: message.id },
      body: { text: 'Shipped at last' },
      version: 1,
    });
    expect(edited.version).toBe(2);
  });

  it('is one event each time it changes something, and none when it does not', async () => {
    const message = await post(ana, space, 'Lunch?');
    await react(ben, message.id, '🍜');
    await react(ben, message.id, '🍜');
    await react(ben, message.id, '🍜', false);
    await react(ben, message.id, '🍜', false);
    const events = await eventsAfter(message.seq);
    expect(events).toMatchObject([
      { type: 'message.reacted', actor: { name: 'Ben' }, data: { emoji: '🍜', on: true } },
      { type: 'message.reacted', actor: { name: 'Ben' }, data: { emoji: '🍜', on: false } },
    ]);
    expect(await reactionsTo(message.id)).toEqual([]);
  });

  it('works on replies and on the root that a thread shows', async () => {
    const root = await post(ana, space, 'Root');
    const sent = await reply(ben, space, root.id, 'Reply');
    await react(ana, sent.id, '👀');
    await react(ben, root.id, '✅');
    const thread = await ana.call(getThread, { params: { spaceId: space, threadId: root.id } });
    expect(thread.reactions).toMatchObject([{ emoji: '✅', count: 1 }]);
    const replies = await ana.call(chat.listMessages, {
      params: { spaceId: space },
      query: { thread: root.id },
    });
    expect(replies.states).toMatchObject([
      { id: sent.id, thread: null, reactions: [{ emoji: '👀' }] },
    ]);
  });

  it('is an emoji and nothing else', async () => {
    const message = await post(ana, space, 'Any');
    for (const emoji of ['👩‍👩‍👧', '🇨🇭', '❤️', '1️⃣']) await react(ben, message.id, emoji);
    for (const emoji of ['ok', '', '👍👍', ' 👍', '<b>', '\u200b', '1', '🎉'.repeat(20)]) {
      expect(await codeOf(react(ben, message.id, emoji)), emoji).toBe('invalid-request');
    }
    expect((await reactionsTo(message.id)).map(({ emoji }) => emoji)).toHaveLength(4);
  });

  it('has at most so many different emoji on one message; joining one of them works still', async () => {
    const message = await post(ana, space, 'Full');
    const letters = Array.from({ length: REACTIONS_MAX + 1 }, (_, n) =>
      String.fromCodePoint(0x1f600 + n),
    );
    for (const emoji of letters.slice(0, -1)) await react(ben, message.id, emoji);
    expect(await codeOf(react(ben, message.id, letters.at(-1) ?? ''))).toBe('invalid-request');
    await react(ana, message.id, letters[0] ?? '');
    expect((await reactionsTo(message.id))[0]).toMatchObject({ count: 2 });
  });

  it('goes with its message, and is refused there, elsewhere, and to who may not write', async () => {
    const message = await post(ana, space, 'Gone soon');
    await react(ben, message.id, '👍');
    expect(await codeOf(react(cleo, message.id, '👍'))).toBe('locked');
    const { id } = message;
    await ana.call(chat.deleteMessage, { params: { spaceId: space, messageId: id } });
    expect(await reactionsTo(id)).toEqual([]);
    expect(await codeOf(react(ben, id, '👍'))).toBe('gone');
    const elsewhere = await post(cleo, await createSpace(cleo, []), 'Other');
    expect(await codeOf(react(ben, elsewhere.id, '👍'))).toBe('not-found');
  });
});
