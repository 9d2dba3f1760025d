import { afterAll, beforeAll, expect, it } from 'vitest';
import * as auth from '@teambrain/contract/auth.ts';
import * as chat from '@teambrain/contract/chat.ts';
import * as spaces from '@teambrain/contract/spaces.ts';
import { codeOf, register, type Person } from '../../testing/people.ts';
import { createSpace, post } from '../../testing/space.ts';
import { createTestApp, type TestApp } from '../../testing/test-app.ts';

let app: TestApp;
let owner: Person;
let ana: Person;

beforeAll(async () => {
  app = await createTestApp();
  owner = await register(app.url, 'Owner');
  ana = await register(app.url, 'Ana');
});
afterAll(() => app.close());

const latest = (person: Person, spaceId: string) =>
  person.call(chat.listMessages, { params: { spaceId } });
const shown = async (person: Person, spaceId: string) =>
  (await latest(person, spaceId)).items.map(({ author, text }) => `${author.name}: ${text}`);

it('the latest messages are read once for all who open the space', async () => {
  const space = await createSpace(owner, [ana]);
  await latest(ana, space);
  await post(owner, space, 'one');
  const first = await latest(owner, space);
  const { miss } = app.cache.stats();
  expect(await latest(ana, space)).toEqual(first);
  expect(await latest(owner, space)).toEqual(first);
  expect(app.cache.stats().miss).toBe(miss);
});

it('the latest messages show every change at once', async () => {
  const space = await createSpace(owner, [ana]);
  const message = await post(ana, space, 'one');
  const at = { params: { spaceId: space, messageId: message.id } };
  expect(await shown(owner, space)).toEqual(['Ana: one']);
  await post(owner, space, 'two');
  expect(await shown(owner, space)).toEqual(['Ana: one', 'Owner: two']);
  await ana.call(chat.editMessage, { ...at, body: { text: 'one, mended' } });
  expect(await shown(owner, space)).toEqual(['Ana: one, mended', 'Owner: two']);
  await ana.call(auth.updateMe, { body: { name: 'Anna' } });
  expect(await shown(owner, space)).toEqual(['Anna: one, mended', 'Owner: two']);
  await ana.call(chat.deleteMessage, at);
  expect(await shown(owner, space)).toEqual(['Anna: ', 'Owner: two']);
});

it('the latest messages are for those who may read now', async () => {
  const space = await createSpace(owner, [ana]);
  await post(owner, space, 'for members');
  expect(await shown(ana, space)).toEqual(['Owner: for members']);
  await owner.call(spaces.removeMember, { params: { spaceId: space, userId: ana.id } });
  expect(await codeOf(latest(ana, space))).toBe('locked');
  expect(await shown(owner, space)).toEqual(['Owner: for members']);
});
