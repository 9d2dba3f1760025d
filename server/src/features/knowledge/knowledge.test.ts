import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as contract from '@teambrain/contract/knowledge.ts';
import type { Problem } from '@teambrain/contract/problem.ts';
import { newId } from '../../platform/core/id.ts';
import { codeOf, register, type Person } from '../../testing/people.ts';
import { createSpace, post, upTo } from '../../testing/space.ts';
import { send } from '../../testing/http.ts';
import { createTestApp, type TestApp } from '../../testing/test-app.ts';

let app: TestApp;
let owner: Person;
let ana: Person;
let outsider: Person;
let space: string;

beforeAll(async () => {
  app = await createTestApp();
  owner = await register(app.url, 'Owner');
  ana = await register(app.url, 'Ana');
  outsider = await register(app.url, 'Outsider');
  space = await createSpace(owner, [ana], 'public');
});
afterAll(() => app.close());

type Body = Parameters<typeof create>[0];
const create = (body: object, person = owner, spaceId = space) =>
  person.call(contract.createEntry, { params: { spaceId }, body: body as never });
const at = (entryId: string, spaceId = space) => ({ params: { spaceId, entryId } });
const get = (id: string, person = owner) => person.call(contract.getEntry, at(id));
const update = (id: string, version: number, body: object, person = owner) =>
  person.call(contract.updateEntry, { ...at(id), version, body: body });

describe('each kind of entry', () => {
  it('starts with its status and its canonical text', async () => {
    const document = await create({ kind: 'document', title: ' Guide ', markdown: '# Hi\n\nYou.' });
    expect(document).toMatchObject({
      spaceId: space,
      kind: 'document',
      title: 'Guide',
      status: 'published',
      markdown: '# Hi\n\nYou.',
      decision: null,
      version: 1,
      parentId: null,
      author: { id: owner.id, name: 'Owner' },
    });
    const question = await create({ kind: 'faq', title: 'Where is the key?' });
    expect([question.status, question.markdown]).toEqual(['open', '']);
    const decision = await create({ kind: 'decision', title: 'Use PostgreSQL' });
    expect([decision.status, decision.markdown]).toEqual(['proposed', '']);
    for (const entry of [document, question, decision]) expect(await get(entry.id)).toEqual(entry);
  });

  it('of a question is answered exactly while it has an answer', async () => {
    const asked = await create({ kind: 'faq', title: 'When?', status: 'answered' });
    expect(asked.status).toBe('open');
    const answered = await update(asked.id, 1, { markdown: 'At noon.' });
    expect(answered.status).toBe('answered');
    expect((await update(asked.id, 2, { markdown: '  \n' })).status).toBe('open');
    expect((await update(asked.id, 3, { markdown: 'At one.', status: 'open' })).status).toBe(
      'answered',
    );
  });

  it('of a decision writes its filled fields under their headings', async () => {
    const fields = { context: ' Why \n', outcome: 'What', consequences: '' };
    const made = await create({ kind: 'decision', title: 'Ship', decision: fields });
    expect(made.markdown).toBe('## Context\n\nWhy\n\n## Outcome\n\nWhat\n');
    expect(made.decision).toEqual({ ...fields, options: '' });
    const changed = await update(made.id, 1, {
      status: 'accepted',
      decision: { options: '- one\n- two', outcome: '' },
    });
    expect(changed.markdown).toBe('## Context\n\nWhy\n\n## Options\n\n- one\n- two\n');
    expect(changed.status).toBe('accepted');
    expect(changed.decision?.context).toBe(' Why \n');
  });

  it.each<[string, Body, string]>([
    ['a status of another kind', { kind: 'document', title: 'A', status: 'open' }, '/status'],
    [
      'fields on a document',
      { kind: 'document', title: 'A', decision: { context: 'x' } },
      '/decision',
    ],
    ['text on a decision', { kind: 'decision', title: 'A', markdown: 'x' }, '/markdown'],
    ['no title', { kind: 'document', title: ' ' }, '/title'],
    ['a title of two lines', { kind: 'document', title: 'a\nb' }, '/title'],
    ['another kind', { kind: 'poem', title: 'A' }, '/kind'],
    ['what is not known', { kind: 'document', title: 'A', version: 9 }, '/version'],
  ])('refuses %s, beside the field', async (_what, body, pointer) => {
    const reply = await send(app.url, `POST /spaces/${space}/entries`, {
      token: owner.token,
      body,
    });
    expect(reply.status).toBe(400);
    expect(reply.json<Problem>().errors?.map((error) => error.pointer)).toContain(pointer);
  });

  it('takes 200,000 characters and no more', async () => {
    const markdown = 'ä'.repeat(200_000);
    expect((await create({ kind: 'document', title: 'Long', markdown })).markdown).toBe(markdown);
    const longer = { kind: 'document', title: 'Longer', markdown: `${markdown}x` };
    expect(await codeOf(create(longer))).toBe('invalid-request');
  });
});

describe('creating', () => {
  it('again with the same id and content, also at the same moment, is the same entry', async () => {
    const body = { id: newId(), kind: 'document', title: 'Once', markdown: 'text' };
    const all = await Promise.all(upTo(10).map(() => create(body)));
    for (const entry of all) expect(entry).toEqual(all[0]);
    expect(await codeOf(create({ ...body, markdown: 'other' }))).toBe('id-taken');
    const edited = await update(body.id, 1, { title: 'Renamed' });
    expect(await create(body)).toEqual(edited);
    const hashes = await app.database.db.execute(
      sql`select 1 from events where subject_id = ${body.id} and request_hash is not null`,
    );
    expect(hashes.rows).toEqual([]);
    expect(await codeOf(create(body, ana))).toBe('id-taken');
    const message = await post(owner, space, 'a message');
    expect(await codeOf(create({ ...body, id: message.id }))).toBe('id-taken');
    await owner.call(contract.deleteEntry, at(body.id));
    expect(await codeOf(create(body))).toBe('gone');
  });

  it('is for members; reading a public space is for everybody', async () => {
    expect(await codeOf(create({ kind: 'document', title: 'Mine' }, outsider))).toBe('forbidden');
    const { id } = await create({ kind: 'document', title: 'Open' }, ana);
    expect((await get(id, outsider)).title).toBe('Open');
    expect(await codeOf(update(id, 1, { title: 'Mine' }, outsider))).toBe('forbidden');
    expect(await codeOf(outsider.call(contract.deleteEntry, at(id)))).toBe('forbidden');
    expect((await get(id)).version).toBe(1);
    expect(await codeOf(get(newId()))).toBe('not-found');
  });

  it('addresses entries by space and id together', async () => {
    const vault = await createSpace(owner);
    const { id } = await create({ kind: 'document', title: 'Hidden' }, owner, vault);
    expect(await codeOf(get(id))).toBe('not-found');
    expect(await codeOf(outsider.call(contract.getEntry, at(id, vault)))).toBe('locked');
    expect(await codeOf(create({ kind: 'document', title: 'A', parentId: id }))).toBe(
      'invalid-request',
    );
  });
});

describe('the tree of documents', () => {
  it('has documents of the same space as parents, and no circles', async () => {
    const [top, middle, leaf] = [
      await create({ kind: 'document', title: 'Top' }),
      await create({ kind: 'document', title: 'Middle' }),
      await create({ kind: 'faq', title: 'Leaf?' }),
    ];
    await update(middle.id, 1, { parentId: top.id });
    expect((await update(leaf.id, 1, { parentId: middle.id })).parentId).toBe(middle.id);
    for (const [id, parentId] of [
      [top.id, middle.id],
      [top.id, top.id],
      [middle.id, leaf.id],
      [middle.id, newId()],
    ] as const) {
      const { version } = await get(id);
      expect(await codeOf(update(id, version, { parentId }))).toBe('invalid-request');
    }
    expect((await update(middle.id, 1, { parentId: null })).parentId).toBeNull();
    expect((await update(top.id, 1, { parentId: middle.id })).parentId).toBe(middle.id);
  });

  it('never closes a circle, whoever moves what at the same moment', async () => {
    const pair = [
      await create({ kind: 'document', title: 'One' }),
      await create({ kind: 'document', title: 'Two' }),
    ];
    const [one, two] = pair.map(({ id }) => id);
    const codes = await Promise.all([
      codeOf(update(one ?? '', 1, { parentId: two })),
      codeOf(update(two ?? '', 1, { parentId: one }, ana)),
    ]);
    expect(codes.sort()).toEqual(['invalid-request', null]);
  });

  it('puts nothing under what is in the trash', async () => {
    const parent = await create({ kind: 'document', title: 'Parent' });
    const child = await create({ kind: 'document', title: 'Child', parentId: parent.id });
    await owner.call(contract.deleteEntry, at(parent.id));
    const body = { kind: 'document', title: 'Late', parentId: parent.id };
    expect(await codeOf(create(body))).toBe('invalid-request');
    expect((await get(child.id)).parentId).toBe(parent.id);
  });
});
