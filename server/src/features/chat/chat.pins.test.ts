import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as chat from '@teambrain/contract/chat.ts';
import { listEvents } from '@teambrain/contract/log.ts';
import { listPins, pinMessage, PINS_MAX, unpinMessage } from '@teambrain/contract/pins.ts';
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

const at = (messageId: string, spaceId = space) => ({ params: { spaceId, messageId } });
const pin = (person: Person, messageId: string) => person.call(pinMessage, at(messageId));
const unpin = (person: Person, messageId: string) => person.call(unpinMessage, at(messageId));
const listed = async (query: { after?: string; limit?: number } = {}, spaceId = space) =>
  ana.call(listPins, { params: { spaceId }, query });
const ids = async () => (await listed()).items.map(({ message }) => message.id);

describe('a pin', () => {
  it('is listed, the last one first, with who set it, and leaves the version as it is', async () => {
    const [one, two] = [await post(ana, space, 'Rota'), await post(ana, space, 'Links')];
    await pin(ben, one.id);
    await pin(ana, two.id);
    const { items, next } = await listed();
    expect(items.map(({ message }) => message)).toEqual([two, one]);
    expect(items[1]?.pin).toEqual({ by: { id: ben.id, name: 'Ben' }, at: expect.any(String) });
    expect(next).toBe(null);

    const first = await listed({ limit: 1 });
    const second = await listed({ limit: 1, after: first.next ?? '' });
    expect([...first.items, ...second.items]).toEqual(items);

    const page = await ana.call(chat.listMessages, { params: { spaceId: space }, query: {} });
    expect(page.states).toContainEqual({
      id: one.id,
      thread: null,
      reactions: [],
      pin: items[1]?.pin,
      quote: null,
    });
    await ana.call(chat.editMessage, { ...at(one.id), body: { text: 'New rota' }, version: 1 });
    expect((await listed()).items[1]?.message.text).toBe('New rota');
    for (const message of [one, two]) await unpin(ana, message.id);
    expect(await ids()).toEqual([]);
  });

  it('is one event each time it changes something, and none when it does not', async () => {
    const message = await post(ana, space, 'Lunch menu');
    await pin(ben, message.id);
    await pin(ana, message.id);
    await unpin(ana, message.id);
    await unpin(ben, message.id);
    const query = { after: String(message.seq) };
    const { items } = await ana.call(listEvents, { params: { spaceId: space }, query });
    expect(items).toMatchObject([
      { type: 'message.pinned', actor: { name: 'Ben' }, data: { id: message.id, on: true } },
      { type: 'message.pinned', actor: { name: 'Ana' }, data: { id: message.id, on: false } },
    ]);
  });

  it('works on replies and on the root that a thread shows', async () => {
    const root = await post(ana, space, 'Root');
    const sent = await reply(ben, space, root.id, 'Reply');
    await pin(ana, sent.id);
    await pin(ben, root.id);
    const thread = await ana.call(getThread, { params: { spaceId: space, threadId: root.id } });
    expect(thread.pin).toMatchObject({ by: { name: 'Ben' } });
    expect(await ids()).toEqual([root.id, sent.id]);
    for (const { id } of [root, sent]) await unpin(ana, id);
  });

  it('goes with its message, and is refused there, elsewhere, and to who may not write', async () => {
    const message = await post(ana, space, 'Gone soon');
    await pin(ben, message.id);
    expect(await codeOf(pin(cleo, message.id))).toBe('locked');
    await ana.call(chat.deleteMessage, at(message.id));
    expect(await ids()).toEqual([]);
    expect(await codeOf(pin(ben, message.id))).toBe('gone');
    await unpin(ben, message.id);
    const elsewhere = await post(cleo, await createSpace(cleo, []), 'Other');
    expect(await codeOf(pin(ben, elsewhere.id))).toBe('not-found');
    expect(await codeOf(unpin(ben, elsewhere.id))).toBe('not-found');
  });

  it('is one of at most so many in a space, also where two are set at once', async () => {
    const full = await createSpace(ana, []);
    await app.database.db.execute(sql`
      insert into messages (space_id, id, seq, author_id, text, created_at)
      select ${full}, gen_random_uuid(), 1000 + n, ${ana.id}, 'pin ' || n, now()
      from generate_series(2, ${PINS_MAX}) n`);
    await app.database.db.execute(sql`
      insert into pins (space_id, message_id, user_id, created_at)
      select space_id, id, author_id, created_at from messages where space_id = ${full}`);
    const two = [await post(ana, full, 'one'), await post(ana, full, 'another')];
    const one = ({ id }: { id: string }) => codeOf(ana.call(pinMessage, at(id, full)));
    const answers = await Promise.all(two.map(one));
    expect(answers.toSorted()).toEqual(['invalid-request', null]);
    expect((await listed({ limit: 200 }, full)).items).toHaveLength(PINS_MAX);
  });
});
