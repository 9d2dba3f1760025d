import { afterAll, beforeAll, expect, it } from 'vitest';
import * as auth from '@teambrain/contract/auth.ts';
import * as chat from '@teambrain/contract/chat.ts';
import * as knowledge from '@teambrain/contract/knowledge.ts';
import * as spaces from '@teambrain/contract/spaces.ts';
import { summarise } from '@teambrain/contract/summaries.ts';
import { newId } from '../../platform/core/id.ts';
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

const ask = (person: Person, spaceId: string, entryId?: string) =>
  person.call(summarise, {
    params: { spaceId },
    body: { target: entryId ? { kind: 'entry', id: entryId } : { kind: 'space' } },
  });
const words = async (...request: Parameters<typeof ask>) =>
  (await ask(...request)).points.map(({ text }) => text);

it('a summary is computed once for all who ask, while its sources stay as they are', async () => {
  const space = await createSpace(owner, [ana]);
  await post(ana, space, 'We decided to paint the lighthouse red before the storm season.');
  const first = await ask(owner, space);
  const times = 10;
  const summaries = await loadsOf(async () => {
    for (let n = 0; n < times; n += 1) expect(await ask(ana, space)).toEqual(first);
  });
  // One look-up more than the one for the session, and it found something.
  expect(summaries.all).toBeGreaterThanOrEqual(2 * times);
  expect(summaries.missed).toBeLessThan(times / 2);
});

/** How often the cache was asked during a task, and how often in vain. */
async function loadsOf(task: () => Promise<void>) {
  const before = app.cache.stats();
  await task();
  const after = app.cache.stats();
  const missed = after.miss - before.miss;
  return { all: after.l1 - before.l1 + missed, missed };
}

it('a summary follows every change of its sources at once', async () => {
  const space = await createSpace(owner, [ana]);
  const at = (messageId: string) => ({ params: { spaceId: space, messageId } });
  const one = await post(ana, space, 'We decided to paint the lighthouse red this spring.');
  expect(await words(owner, space)).toEqual([`Ana: ${one.text}`]);
  const two = await post(owner, space, 'We agreed to order forty litres of paint on Friday.');
  expect(await words(owner, space)).toEqual([`Ana: ${one.text}`, `Owner: ${two.text}`]);
  const text = 'We decided to paint the lighthouse blue this spring.';
  await ana.call(chat.editMessage, { ...at(one.id), body: { text } });
  expect(await words(owner, space)).toEqual([`Ana: ${text}`, `Owner: ${two.text}`]);
  await ana.call(auth.updateMe, { body: { name: 'Anna' } });
  expect(await words(owner, space)).toEqual([`Anna: ${text}`, `Owner: ${two.text}`]);
  await owner.call(chat.deleteMessage, at(two.id));
  expect(await words(owner, space)).toEqual([`Anna: ${text}`]);
});

it('a summary is of its space and target alone, for those who may read now', async () => {
  const [here, there] = [await createSpace(owner, [ana]), await createSpace(owner)];
  const sentence = 'We decided to move the harbour office to the second floor.';
  // As alike as can be: ids are a space's own.
  const id = newId();
  for (const space of [here, there]) await post(owner, space, sentence, id);
  const of = async (space: string) =>
    (await ask(owner, space)).citations.map(({ source }) => source.spaceId);
  expect(await of(here)).toEqual([here]);
  expect(await of(there)).toEqual([there]);
  const entries: string[] = [];
  for (let n = 0; n < 2; n += 1) {
    const body = { kind: 'document', title: 'Minutes', markdown: sentence } as const;
    const params = { spaceId: here };
    entries.push((await owner.call(knowledge.createEntry, { params, body })).id);
  }
  for (const entryId of entries) {
    const { citations } = await ask(owner, here, entryId);
    expect(citations.map(({ source }) => source.id)).toEqual([entryId]);
  }
  await owner.call(spaces.removeMember, { params: { spaceId: here, userId: ana.id } });
  expect(await codeOf(ask(ana, here))).toBe('locked');
});
