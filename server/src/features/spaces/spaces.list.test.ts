import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as contract from '@teambrain/contract/spaces.ts';
import { codeOf, register, type Person } from '../../testing/people.ts';
import { createTestApp, type TestApp } from '../../testing/test-app.ts';

let app: TestApp;
let owner: Person;
let reader: Person;

/** Names that other rules of case, order and pattern would put or find elsewhere. */
const NAMES = [
  'Ärger',
  'ärmel',
  'Äpfel',
  'İstanbul',
  'ISTANBUL',
  'straße',
  'STRASSE',
  'Zoë',
  'zebra',
  'Zebra',
  'zebra',
  '100% cotton',
  '100 cotton',
  'snake_case',
  'snakeXcase',
  'back\\slash',
  '日本語',
  'Ωmega',
  'ωmega',
];

beforeAll(async () => {
  app = await createTestApp();
  owner = await register(app.url, 'Owner');
  reader = await register(app.url, 'Reader');
  for (const [index, name] of NAMES.entries()) {
    const lock = index % 3 ? {} : { password: 'a lock on it' };
    const visibility = index % 3 ? 'public' : 'protected';
    await owner.call(contract.createSpace, { body: { name, visibility, ...lock } });
  }
});
afterAll(() => app.close());

type Query = { query?: string; joined?: 'true' | 'false'; after?: string; limit?: number };
const list = (query: Query = {}, person = reader) => person.call(contract.listSpaces, { query });
const names = (spaces: contract.Space[]) => spaces.map(({ name }) => name);

async function allPages(query: Query): Promise<contract.Space[]> {
  const found: contract.Space[] = [];
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof list>> = await list({
      ...query,
      ...(after ? { after } : {}),
    });
    expect(page.items.length).toBeLessThanOrEqual(query.limit ?? 50);
    found.push(...page.items);
    after = page.next;
  } while (after !== null);
  return found;
}

describe('the list of spaces', () => {
  it('shows everybody every space by name; of locked ones name and lock', async () => {
    const { items, next } = await list();
    expect(names(items).sort()).toEqual([...NAMES].sort());
    expect(next).toBeNull();
    const locked = items.filter(({ visibility }) => visibility === 'protected');
    expect(locked.length).toBeGreaterThan(0);
    for (const { description, memberCount, lastSeq, createdAt } of locked) {
      expect([description, memberCount, lastSeq, createdAt]).toEqual([null, null, null, null]);
    }
  });

  it.each([1, 2, 5, 18, 19, 200])('comes in pages of %i without loss or doubles', async (limit) => {
    const whole = (await list({ limit: 200 })).items;
    expect(await allPages({ limit })).toEqual(whole);
  });

  it('is searched by part of the name, in any case, and by nothing that is a pattern', async () => {
    expect(names((await list({ query: 'EBR' })).items)).toHaveLength(3);
    expect(names((await list({ query: '0%' })).items)).toEqual(['100% cotton']);
    expect(names((await list({ query: 'e_c' })).items)).toEqual(['snake_case']);
    expect(names((await list({ query: '\\' })).items)).toEqual(['back\\slash']);
    expect(names((await list({ query: '本' })).items)).toEqual(['日本語']);
    expect(names((await list({ query: 'no such' })).items)).toEqual([]);
    expect(await codeOf(list({ query: 'a\u0000b' }))).toBe('invalid-request');
    expect(await allPages({ query: 'z', limit: 1 })).toEqual((await list({ query: 'z' })).items);
  });

  it('tells those one has joined from the others', async () => {
    const [{ id = '' } = {}] = (await list({ query: 'snake_' })).items;
    await reader.call(contract.joinSpace, { params: { spaceId: id }, body: {} });
    expect(names((await list({ joined: 'true' })).items)).toEqual(['snake_case']);
    expect((await list({ joined: 'false' })).items).toHaveLength(NAMES.length - 1);
    expect((await list({ joined: 'true' }, owner)).items).toHaveLength(NAMES.length);
  });

  it('refuses cursors and limits that are none', async () => {
    const wrong: Query[] = [{ after: 'x' }, { after: 'W10' }, { limit: 0 }, { limit: 201 }];
    for (const query of wrong) expect(await codeOf(list(query))).toBe('invalid-request');
  });
});
