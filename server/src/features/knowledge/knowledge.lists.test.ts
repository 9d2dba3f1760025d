import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as auth from '@teambrain/contract/auth.ts';
import * as knowledge from '@teambrain/contract/knowledge.ts';
import * as spaces from '@teambrain/contract/spaces.ts';
import { codeOf, register, type Person } from '../../testing/people.ts';
import { createSpace } from '../../testing/space.ts';
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

type Filter = { kind?: knowledge.EntryKind; status?: knowledge.EntryStatus; limit?: number };
const list = (person: Person, spaceId: string, query: Filter = {}) =>
  person.call(knowledge.listEntries, { params: { spaceId }, query });
const titles = async (person: Person, spaceId: string, query: Filter = {}) =>
  (await list(person, spaceId, query)).items.map(({ author, title }) => `${author.name}: ${title}`);
const write = (person: Person, spaceId: string, kind: knowledge.EntryKind, title: string) =>
  person.call(knowledge.createEntry, { params: { spaceId }, body: { kind, title } });

describe('the first page of a list of entries', () => {
  it('is read once for all who open it, each filter for itself', async () => {
    const space = await createSpace(owner, [ana]);
    await write(owner, space, 'faq', 'Who?');
    await write(owner, space, 'document', 'Where');
    const filters: Filter[] = [{}, { kind: 'faq' }, { kind: 'document' }, { limit: 1 }];
    const first = [];
    for (const filter of filters) first.push(await list(owner, space, filter));
    expect(first.map(({ items }) => items.map(({ title }) => title))).toEqual([
      ['Where', 'Who?'],
      ['Who?'],
      ['Where'],
      ['Where'],
    ]);
    const { l1, miss } = app.cache.stats();
    for (const person of [owner, ana]) {
      for (const [n, filter] of filters.entries()) {
        expect(await list(person, space, filter)).toEqual(first[n]);
      }
    }
    // Each of the eight found session, names and page; a session may have grown too old.
    expect(app.cache.stats().l1 - l1).toBeGreaterThanOrEqual(20);
    expect(app.cache.stats().miss - miss).toBeLessThanOrEqual(4);
    const [, , , one] = first;
    const rest = await owner.call(knowledge.listEntries, {
      params: { spaceId: space },
      query: { limit: 1, after: one?.next ?? '' },
    });
    expect(rest.items.map(({ title }) => title)).toEqual(['Who?']);
  });

  it('shows every change at once', async () => {
    const space = await createSpace(owner, [ana]);
    const { id } = await write(ana, space, 'faq', 'Who?');
    const at = { params: { spaceId: space, entryId: id } };
    expect(await titles(owner, space)).toEqual(['Ana: Who?']);
    await write(owner, space, 'document', 'Where');
    expect(await titles(owner, space)).toEqual(['Owner: Where', 'Ana: Who?']);
    await ana.call(knowledge.updateEntry, { ...at, version: 1, body: { title: 'Who then?' } });
    expect(await titles(owner, space)).toEqual(['Owner: Where', 'Ana: Who then?']);
    await ana.call(auth.updateMe, { body: { name: 'Anna' } });
    expect(await titles(owner, space)).toEqual(['Owner: Where', 'Anna: Who then?']);
    await owner.call(knowledge.deleteEntry, at);
    expect(await titles(owner, space)).toEqual(['Owner: Where']);
    await owner.call(knowledge.restoreEntry, at);
    expect(await titles(owner, space)).toEqual(['Owner: Where', 'Anna: Who then?']);
  });

  it('is for those who may read now', async () => {
    const space = await createSpace(owner, [ana]);
    await write(owner, space, 'faq', 'For members');
    expect(await titles(ana, space)).toEqual(['Owner: For members']);
    await owner.call(spaces.removeMember, { params: { spaceId: space, userId: ana.id } });
    expect(await codeOf(list(ana, space))).toBe('locked');
    expect(await titles(owner, space)).toEqual(['Owner: For members']);
  });
});
