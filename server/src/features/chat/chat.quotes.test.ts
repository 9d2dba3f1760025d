import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as chat from '@teambrain/contract/chat.ts';
import { listEvents } from '@teambrain/contract/log.ts';
import { QUOTE_TEXT } from '@teambrain/contract/quoted.ts';
import { deleteSpace } from '@teambrain/contract/spaces.ts';
import { getThread } from '@teambrain/contract/threads.ts';
import { newId } from '../../platform/core/id.ts';
import { codeOf, register, type Person } from '../../testing/people.ts';
import { createSpace, post, reply } from '../../testing/space.ts';
import { createTestApp, type TestApp } from '../../testing/test-app.ts';

let app: TestApp;
let ana: Person;
let ben: Person;
let cleo: Person;
let space: string;
/** Where Cleo is, too, who is not in the other one. */
let wider: string;

beforeAll(async () => {
  app = await createTestApp();
  ana = await register(app.url, 'Ana');
  ben = await register(app.url, 'Ben');
  cleo = await register(app.url, 'Cleo');
  space = await createSpace(ana, [ben]);
  wider = await createSpace(ana, [ben, cleo]);
});
afterAll(() => app.close());

type Ref = Pick<chat.Message, 'spaceId' | 'id'>;
const quote = (person: Person, spaceId: string, { spaceId: of, id }: Ref, own = newId()) =>
  person.call(chat.postMessage, {
    params: { spaceId },
    body: { id: own, text: 'Look at this', quote: { spaceId: of, id } },
  });
const shown = async (person: Person, { spaceId, id }: Ref) => {
  const query = { around: id, limit: 1 };
  const { items, states } = await person.call(chat.listMessages, { params: { spaceId }, query });
  expect(items.map((item) => item.id)).toEqual([id]);
  return states.find((state) => state.id === id)?.quote ?? null;
};
const edit = ({ spaceId, id }: Ref, text: string) =>
  ana.call(chat.editMessage, { params: { spaceId, messageId: id }, body: { text } });
const remove = ({ spaceId, id }: Ref) =>
  ana.call(chat.deleteMessage, { params: { spaceId, messageId: id } });

describe('a quotation', () => {
  it('within a space shows the words as they are now, and none once they are deleted', async () => {
    const source = await post(ana, space, 'We sail at six');
    const sent = await quote(ben, space, source);
    expect(sent.quote).toEqual({ spaceId: space, id: source.id });
    const from = { spaceId: space, id: source.id };
    const author = { id: ana.id, name: 'Ana' };
    const words = { author, at: source.createdAt, text: 'We sail at six' };
    expect(await shown(ben, sent)).toEqual({ from, words, isChanged: false });
    await edit(source, 'We sail at seven');
    expect((await shown(ben, sent))?.words?.text).toBe('We sail at seven');
    await remove(source);
    expect(await shown(ben, sent)).toEqual({ from, words: null, isChanged: false });
  });

  it('forwarded to another space shows the words of that moment to all who read there', async () => {
    const source = await post(ana, space, 'The code is 4711');
    const sent = await quote(ben, wider, source);
    expect((await shown(cleo, sent))?.words).toMatchObject({
      author: { name: 'Ana' },
      text: 'The code is 4711',
    });
    await edit(source, 'The code is 0815');
    expect(await shown(cleo, sent)).toMatchObject({ words: null, isChanged: true });
    await remove(source);
    expect(await shown(cleo, sent)).toMatchObject({ words: null, isChanged: false });
  });

  it('forwarded is right in the latest messages, which are kept for all readers', async () => {
    const source = await post(ana, space, 'Only for today');
    const sent = await quote(ben, wider, source);
    const latest = async () => {
      const page = await cleo.call(chat.listMessages, { params: { spaceId: wider }, query: {} });
      return page.states.find(({ id }) => id === sent.id)?.quote?.words?.text ?? null;
    };
    expect([await latest(), await latest()]).toEqual(['Only for today', 'Only for today']);
    await remove(source);
    expect(await latest()).toBe(null);
  });

  it('is empty when the space of its source is gone', async () => {
    const own = await createSpace(ana, [ben]);
    const sent = await quote(ben, wider, await post(ana, own, 'Soon gone'));
    expect((await shown(cleo, sent))?.words?.text).toBe('Soon gone');
    await ana.call(deleteSpace, { params: { spaceId: own } });
    expect(await shown(cleo, sent)).toMatchObject({ words: null, isChanged: false });
  });

  it('leaves the quoted words out of the log', async () => {
    const source = await post(ana, space, 'Words of another room');
    const sent = await quote(ben, wider, source);
    const query = { after: String(sent.seq - 1) };
    const { items } = await cleo.call(listEvents, { params: { spaceId: wider }, query });
    expect(items).toMatchObject([{ data: { message: { quote: { id: source.id } } } }]);
    expect(JSON.stringify(items)).not.toContain('another room');
  });

  it('is cut where it is long, and works for replies and for roots of threads', async () => {
    const source = await post(ana, space, 'x'.repeat(2 * QUOTE_TEXT));
    const root = await quote(ben, space, source);
    expect((await shown(ana, root))?.words?.text).toHaveLength(QUOTE_TEXT);
    const answer = await reply(ana, space, root.id, 'An answer');
    const again = await quote(ben, space, answer);
    expect((await shown(ana, again))?.words?.text).toBe('An answer');
    const params = { spaceId: space, threadId: root.id };
    expect((await ana.call(getThread, { params })).quote?.words?.text).toHaveLength(QUOTE_TEXT);
  });

  it('goes with the message that quotes', async () => {
    const sent = await quote(ana, space, await post(ana, space, 'Stays'));
    await remove(sent);
    expect(await shown(ana, sent)).toBe(null);
  });

  it('is of a message that its author may read', async () => {
    const source = await post(ana, space, 'Not for Cleo');
    expect(await codeOf(quote(cleo, wider, source))).toBe('invalid-request');
    const elsewhere = { spaceId: wider, id: source.id };
    expect(await codeOf(quote(ana, wider, elsewhere))).toBe('invalid-request');
    expect(await codeOf(quote(ana, wider, { spaceId: space, id: newId() }))).toBe(
      'invalid-request',
    );
    await remove(source);
    expect(await codeOf(quote(ana, wider, source))).toBe('invalid-request');
  });

  it('sent again gives the first result, also when its source is gone; another one is refused', async () => {
    const [one, two] = [await post(ana, space, 'one'), await post(ana, space, 'two')];
    const id = newId();
    const first = await quote(ben, space, one, id);
    expect(await codeOf(quote(ben, space, two, id))).toBe('id-taken');
    await remove(one);
    expect(await quote(ben, space, one, id)).toEqual(first);
  });
});
