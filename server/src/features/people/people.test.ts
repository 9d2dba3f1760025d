import { createEntry, deleteEntry, findEntries } from '@teambrain/contract/knowledge.ts';
import { findPeople, getPerson } from '@teambrain/contract/people.ts';
import { removeMember } from '@teambrain/contract/spaces.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { codeOf, register, type Person } from '../../testing/people.ts';
import { createSpace } from '../../testing/space.ts';
import { createTestApp, type TestApp } from '../../testing/test-app.ts';

let app: TestApp;
let ada: Person;
let ben: Person;
let cleo: Person;
let shared: string;
let hidden: string;

beforeAll(async () => {
  app = await createTestApp();
  ada = await register(app.url, 'Ada');
  ben = await register(app.url, 'Ben Adams');
  cleo = await register(app.url, 'Cleo 50%x');
  shared = await createSpace(ada, [ben]);
  hidden = await createSpace(cleo);
});
afterAll(() => app.close());

const named = async (person: Person, query: { query?: string; space?: string; limit?: number }) =>
  (await person.call(findPeople, { query })).items.map(({ name }) => name);
const card = (person: Person, userId: string) => person.call(getPerson, { params: { userId } });

it('people are suggested by the beginning of any word of their name, names that begin so first', async () => {
  expect(await named(ada, { query: 'ad' })).toEqual(['Ada', 'Ben Adams']);
  expect(await named(ada, { query: 'ben a' })).toEqual(['Ben Adams']);
  expect(await named(ada, { query: 'da' })).toEqual([]);
  expect(await named(ada, { query: '%' })).toEqual([]);
  expect(await named(ada, { limit: 1 })).toHaveLength(1);
});

it('nobody is told of people who are in no space that they may read', async () => {
  expect(await named(ada, {})).toEqual(['Ada', 'Ben Adams']);
  expect(await named(ada, { space: hidden })).toEqual([]);
  expect(await named(cleo, {})).toEqual(['Cleo 50%x']);
  expect(await codeOf(card(ada, cleo.id))).toBe('not-found');
  expect(await codeOf(card(cleo, ada.id))).toBe('not-found');
  expect(await card(ada, ben.id)).toMatchObject({ name: 'Ben Adams', spaces: [{ id: shared }] });
});

it('who was removed is told of nobody there, and not told of', async () => {
  const space = await createSpace(cleo, [ben]);
  expect(await named(ben, { query: 'cleo' })).toEqual(['Cleo 50%x']);
  await cleo.call(removeMember, { params: { spaceId: space, userId: ben.id } });
  expect(await named(ben, { query: 'cleo' })).toEqual([]);
  expect(await codeOf(card(ben, cleo.id))).toBe('not-found');
  expect(await named(cleo, { query: 'ben' })).toEqual([]);
});

it('entries are suggested by words of their title, to who may read them, and not from the trash', async () => {
  const write = (person: Person, spaceId: string, title: string) =>
    person.call(createEntry, { params: { spaceId }, body: { kind: 'document', title } });
  const other = await createSpace(ada, [ben], 'public');
  const plan = await write(ada, shared, 'Launch plan');
  const late = await write(ada, other, 'Planning');
  const gone = await write(ada, shared, 'Plan of before');
  await write(cleo, hidden, 'Plans of mine');
  await ada.call(deleteEntry, { params: { spaceId: shared, entryId: gone.id } });
  const found = async (person: Person, query: object) =>
    (await person.call(findEntries, { query })).items.map(({ id }) => id);
  expect(await found(ben, { query: 'pla' })).toEqual([late.id, plan.id]);
  expect(await found(ben, { query: 'PLA', space: shared })).toEqual([plan.id, late.id]);
  expect(await found(ben, { query: 'lan' })).toEqual([]);
  expect(await found(cleo, { query: 'launch' })).toEqual([]);
});
