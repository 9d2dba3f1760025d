import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as contract from '@teambrain/contract/knowledge.ts';
import { listEvents } from '@teambrain/contract/log.ts';
import type { Problem } from '@teambrain/contract/problem.ts';
import { codeOf, register, type Person } from '../../testing/people.ts';
import { createSpace, upTo } from '../../testing/space.ts';
import { send } from '../../testing/http.ts';
import { createTestApp, type TestApp } from '../../testing/test-app.ts';

let app: TestApp;
let owner: Person;
let ana: Person;
let space: string;

beforeAll(async () => {
  app = await createTestApp();
  owner = await register(app.url, 'Owner');
  ana = await register(app.url, 'Ana');
  space = await createSpace(owner, [ana]);
});
afterAll(() => app.close());

type Query = {
  after?: string;
  limit?: number;
  kind?: contract.EntryKind;
  status?: contract.EntryStatus;
};
const create = (title: string, markdown = '', spaceId = space) =>
  owner.call(contract.createEntry, {
    params: { spaceId },
    body: { kind: 'document', title, markdown },
  });
const at = (entryId: string) => ({ params: { spaceId: space, entryId } });
const get = (id: string) => owner.call(contract.getEntry, at(id));
const update = (id: string, version: number, body: object, person = owner) =>
  person.call(contract.updateEntry, { ...at(id), version, body: body });
const remove = (id: string, person = owner) => person.call(contract.deleteEntry, at(id));
const restore = (id: string, person = owner) => person.call(contract.restoreEntry, at(id));
const revisions = (id: string, query: Query = {}) =>
  owner.call(contract.listRevisions, { ...at(id), query });
const eventsOf = async (id: string) => {
  const query = { after: '0', limit: 200 };
  const { items } = await owner.call(listEvents, { params: { spaceId: space }, query });
  return items.filter(({ data }) => JSON.stringify(data).includes(id));
};

describe('changing an entry', () => {
  const patch = (id: string, headers: Record<string, string>) =>
    send(app.url, `PATCH /spaces/${space}/entries/${id}`, {
      token: owner.token,
      headers,
      body: { title: 'Patched' },
    });

  it('needs the version it is based on', async () => {
    const { id } = await create('Based');
    const without = await patch(id, {});
    expect([without.status, without.code]).toEqual([428, 'version-required']);
    for (const wrong of ['', 'x', '*', '-1', '"1", "2"']) {
      expect((await patch(id, { 'if-match': wrong })).status, wrong).toBe(400);
    }
    expect((await get(id)).version).toBe(1);
    expect((await patch(id, { 'if-match': '"1"' })).status).toBe(200);
    expect((await patch(id, { 'if-match': 'W/"2"' })).status).toBe(200);
  });

  it('on an older version is refused with the entry as it stands', async () => {
    const { id } = await create('One', 'first');
    const second = await update(id, 1, { title: 'Two', markdown: 'second' }, ana);
    expect(second).toMatchObject({
      version: 2,
      updatedBy: { name: 'Ana' },
      author: { name: 'Owner' },
    });
    const stale = await patch(id, { 'if-match': '"1"' });
    expect(stale.status).toBe(412);
    expect(stale.json<Problem>()).toMatchObject({ code: 'stale-version', current: second });
    expect((await patch(id, { 'if-match': '"7"' })).status).toBe(412);
    expect(await get(id)).toEqual(second);
  });

  it('by many at the same moment lets one through, without a gap in the log', async () => {
    const { id } = await create('Race');
    const codes = await Promise.all(upTo(10).map((n) => codeOf(update(id, 1, { title: `${n}` }))));
    expect(codes.filter((code) => code === null)).toHaveLength(1);
    expect(codes.filter((code) => code === 'stale-version')).toHaveLength(9);
    const { items } = await owner.call(listEvents, {
      params: { spaceId: space },
      query: { after: '0', limit: 200 },
    });
    expect(items.map(({ seq }) => seq)).toEqual(upTo(items.length));
  });

  it('keeps every version, newest first, in pages', async () => {
    const { id } = await create('v1', 'text 1');
    for (const n of upTo(6)) await update(id, n, { title: `v${n + 1}`, markdown: `text ${n + 1}` });
    const whole = (await revisions(id)).items;
    expect(whole.map(({ version, title, markdown }) => [version, title, markdown])).toEqual(
      [7, 6, 5, 4, 3, 2, 1].map((n) => [n, `v${n}`, `text ${n}`]),
    );
    for (const limit of [1, 2, 3, 7]) {
      const found: contract.Revision[] = [];
      let after: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof revisions>> = await revisions(id, {
          limit,
          ...(after ? { after } : {}),
        });
        found.push(...page.items);
        after = page.next;
      } while (after !== null);
      expect(found).toEqual(whole);
    }
    for (const after of ['x', '-1', '1.5', '', '9'.repeat(30)]) {
      expect(await codeOf(revisions(id, { after })), after).toBe('invalid-request');
    }
  });
});

describe('the trash', () => {
  it('hides an entry and its words, and gives it back with its versions', async () => {
    const words = 'CNRY-trashed';
    const made = await create(words, `${words} body`);
    const before = await update(made.id, 1, { markdown: `${words} changed` });
    await remove(made.id);
    expect(await codeOf(get(made.id))).toBe('gone');
    expect(await codeOf(revisions(made.id))).toBe('gone');
    expect(await codeOf(update(made.id, 2, { title: 'x' }))).toBe('gone');
    const list = await owner.call(contract.listEntries, { params: { spaceId: space } });
    expect(JSON.stringify(list)).not.toContain(words);
    expect(JSON.stringify(await eventsOf(made.id))).not.toContain(words);
    await app.followers.idle();
    const indexed = sql`select 1 from sentences where source_id = ${made.id}`;
    expect((await app.database.db.execute(indexed)).rows).toEqual([]);
    await remove(made.id);

    const back = await restore(made.id, ana);
    expect(back).toEqual(before);
    expect((await revisions(made.id)).items.map(({ version }) => version)).toEqual([2, 1]);
    expect(await restore(made.id)).toEqual(back);
    expect((await eventsOf(made.id)).map(({ type }) => type)).toEqual([
      'entry.created',
      'entry.updated',
      'entry.deleted',
      'entry.restored',
    ]);
  });

  it('takes and gives back once, however many do so at the same moment', async () => {
    const { id } = await create('Back and forth');
    await Promise.all(upTo(8).map((n) => remove(id, n % 2 ? owner : ana)));
    await Promise.all(upTo(8).map((n) => restore(id, n % 2 ? owner : ana)));
    expect((await get(id)).version).toBe(1);
    expect((await eventsOf(id)).map(({ type }) => type)).toEqual([
      'entry.created',
      'entry.deleted',
      'entry.restored',
    ]);
    const { items } = await owner.call(listEvents, {
      params: { spaceId: space },
      query: { after: '0', limit: 200 },
    });
    expect(items.map(({ seq }) => seq)).toEqual(upTo(items.length));
  });
});

describe('the version of an entry', () => {
  it('is of its words: another place or a change that changes nothing moves neither it nor their author', async () => {
    const [above, made] = [await create('Above'), await create('CNRY-moved', 'the cited words')];
    await app.followers.idle();
    const cited = sql`select version from sentences where source_id = ${made.id}`;
    const indexed = (await app.database.db.execute(cited)).rows;
    const moved = await update(made.id, 1, { parentId: above.id, title: made.title }, ana);
    expect(moved).toEqual({ ...made, parentId: above.id });
    expect(await update(made.id, 1, { markdown: made.markdown }, ana)).toEqual(moved);
    expect(await get(made.id)).toEqual(moved);
    expect((await revisions(made.id)).items.map(({ version }) => version)).toEqual([1]);
    const log = await eventsOf(made.id);
    expect(log.map(({ type, data }) => [type, data])).toEqual([
      ['entry.created', expect.anything()],
      ['entry.moved', { id: made.id, parentId: above.id }],
    ]);
    await app.followers.idle();
    expect((await app.database.db.execute(cited)).rows).toEqual(indexed);
    const both = await update(made.id, 1, { parentId: null, title: 'CNRY-both' });
    expect(both).toMatchObject({ version: 2, parentId: null, title: 'CNRY-both' });
    expect((await eventsOf(made.id)).map(({ type }) => type)).toEqual([
      ...['entry.created', 'entry.moved', 'entry.updated'],
    ]);
  });
});

describe('restoring a version', () => {
  const decision = {
    context: 'We had notes.\n\n## Outcome\n\nNot yet.',
    options: '',
    outcome: 'Tea',
    consequences: '## Context\nof the kettle',
  };
  const restoreRevision = (id: string, from: number, version: number, person = owner) =>
    person.call(contract.restoreRevision, { ...at(id), body: { version: from }, version });
  const createDecision = () =>
    owner.call(contract.createEntry, {
      params: { spaceId: space },
      body: { kind: 'decision', title: 'Drinks', status: 'accepted', decision },
    });

  it('of a decision gives back its fields, whatever lines they hold', async () => {
    const made = await createDecision();
    const { id } = made;
    const other = { title: 'Else', status: 'rejected', decision: { ...decision, outcome: 'No' } };
    await update(id, 1, other);
    const back = await restoreRevision(id, 1, 2, ana);
    expect(back).toMatchObject({ title: 'Drinks', status: 'accepted', version: 3, decision });
    expect(back.markdown).toBe(made.markdown);
    expect(back.updatedBy.id).toBe(ana.id);
    expect(await get(id)).toEqual(back);
    const { items } = await revisions(id);
    expect(items.map(({ version, title }) => [version, title])).toEqual([
      [3, 'Drinks'],
      [2, 'Else'],
      [1, 'Drinks'],
    ]);
    expect((await eventsOf(id)).map(({ type }) => type)).toEqual([
      'entry.created',
      'entry.updated',
      'entry.updated',
    ]);
  });

  it('reads the fields out of the text where a revision was kept without them', async () => {
    const { id } = await owner.call(contract.createEntry, {
      params: { spaceId: space },
      body: {
        kind: 'decision',
        title: 'Old',
        decision: { context: 'Why\n\n### so', outcome: 'A' },
      },
    });
    await update(id, 1, { decision: { outcome: 'B', options: 'C' } });
    await app.database.db.execute(sql`update revisions set decision = null where entry_id = ${id}`);
    const back = await restoreRevision(id, 1, 2);
    expect(back.decision).toEqual({
      context: 'Why\n\n### so',
      options: '',
      outcome: 'A',
      consequences: '',
    });
  });

  it('gives back a document and an answer, and leaves them where they are', async () => {
    const above = await create('Above');
    const { id } = await create('Moved', 'First');
    await update(id, 1, { markdown: 'Second', parentId: above.id });
    const back = await restoreRevision(id, 1, 2);
    expect(back).toMatchObject({ markdown: 'First', parentId: above.id, version: 3 });
    const faq = await owner.call(contract.createEntry, {
      params: { spaceId: space },
      body: { kind: 'faq', title: 'Why?' },
    });
    await update(faq.id, 1, { markdown: 'So' });
    expect(await restoreRevision(faq.id, 1, 2)).toMatchObject({ status: 'open', markdown: '' });
  });

  it('needs the present version, and one that was', async () => {
    const { id } = await createDecision();
    await update(id, 1, { title: 'Newer' });
    expect(await codeOf(restoreRevision(id, 1, 1))).toBe('stale-version');
    expect(await codeOf(restoreRevision(id, 7, 2))).toBe('not-found');
    await remove(id);
    expect(await codeOf(restoreRevision(id, 1, 3))).toBe('gone');
  });
});

describe('as Markdown', () => {
  it('an entry is its title and text, to whom asks for it', async () => {
    const { id } = await create('Title', 'Text with ~~strokes~~.');
    const read = (accept: string) =>
      send(app.url, `GET /spaces/${space}/entries/${id}`, {
        token: ana.token,
        headers: { accept },
      });
    const markdown = await read('text/markdown');
    expect(markdown.headers.get('content-type')).toBe('text/markdown; charset=utf-8');
    expect(markdown.text).toBe('# Title\n\nText with ~~strokes~~.');
    for (const accept of ['application/json', '*/*', 'text/html']) {
      expect((await read(accept)).json<contract.Entry>().title).toBe('Title');
    }
    await remove(id);
    const gone = await read('text/markdown');
    expect([gone.status, gone.code]).toEqual([410, 'gone']);
  });
});

describe('the list of entries', () => {
  it('goes by title in pages without loss or doubles, and by kind and status', async () => {
    const shelf = await createSpace(owner);
    const titles = ['b', 'B', 'a', 'Ä', 'ä', 'a', '日本', 'a b', 'ab', 'É', 'z', 'Z'];
    for (const title of titles) await create(title, '', shelf);
    for (const [title, status] of [
      ['d1', 'accepted'],
      ['d2', 'proposed'],
    ] as const) {
      const body = { kind: 'decision', title, status } as const;
      await owner.call(contract.createEntry, { params: { spaceId: shelf }, body });
    }
    const list = (query: Query) =>
      owner.call(contract.listEntries, { params: { spaceId: shelf }, query });
    const whole = (await list({ limit: 200 })).items;
    expect(whole.map(({ title }) => title).sort()).toEqual([...titles, 'd1', 'd2'].sort());
    for (const limit of [1, 2, 5, 13, 14]) {
      const found: contract.EntryCard[] = [];
      let after: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof list>> = await list({
          limit,
          ...(after ? { after } : {}),
        });
        found.push(...page.items);
        after = page.next;
      } while (after !== null);
      expect(found).toEqual(whole);
    }
    expect((await list({ kind: 'decision' })).items.map(({ title }) => title)).toEqual([
      'd1',
      'd2',
    ]);
    expect((await list({ status: 'accepted' })).items.map(({ title }) => title)).toEqual(['d1']);
    expect(whole.some((card) => 'markdown' in card)).toBe(false);
    expect(await codeOf(list({ after: 'x' }))).toBe('invalid-request');
  });
});
