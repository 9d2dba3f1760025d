import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { deleteMessage } from '@teambrain/contract/chat.ts';
import { createEntry } from '@teambrain/contract/knowledge.ts';
import { listSaved, putSaved, SAVED_MAX, SAVED_TEXT } from '@teambrain/contract/saved.ts';
import { removeMember } from '@teambrain/contract/spaces.ts';
import { codeOf, register, type Person } from '../../testing/people.ts';
import { openSocket } from '../../testing/socket.ts';
import { createSpace, post } from '../../testing/space.ts';
import { createTestApp, type TestApp } from '../../testing/test-app.ts';

let app: TestApp;
let ana: Person;
let ben: Person;
let cleo: Person;
let space: string;

beforeAll(async () => {
  app = await createTestApp();
  [ana, ben] = [await register(app.url, 'Ana'), await register(app.url, 'Ben')];
  cleo = await register(app.url, 'Cleo');
  space = await createSpace(ana, [ben]);
});
afterAll(() => app.close());

type Ref = { id: string; type?: 'message' | 'entry'; spaceId?: string };
const save = (person: Person, ref: Ref, dueAt: string | null = null, on = true) =>
  person.call(putSaved, { body: { type: 'message', spaceId: space, ...ref, on, dueAt } });
const list = async (person: Person) => (await person.call(listSaved, {})).items;

describe('what is saved for later', () => {
  it('is listed with its text, place and date for oneself alone, the last one first', async () => {
    const message = await post(ana, space, `Read this ${'🎉'.repeat(SAVED_TEXT)}`);
    const entry = await ana.call(createEntry, {
      params: { spaceId: space },
      body: { kind: 'faq', title: 'Who has the key?', markdown: 'The porter.' },
    });
    const dueAt = '2030-01-01T08:00:00.000Z';
    await save(ben, { id: message.id });
    await save(ben, { id: entry.id, type: 'entry' }, dueAt);
    const items = await list(ben);
    expect(items).toMatchObject([
      { source: { type: 'entry', title: 'Who has the key?' }, text: 'The porter.', dueAt },
      { source: { id: message.id, author: { name: 'Ana' } }, dueAt: null },
    ]);
    expect(items[1]?.text).toBe(`Read this ${'🎉'.repeat((SAVED_TEXT - 10) / 2)}`);
    expect(await list(ana)).toEqual([]);

    await save(ben, { id: message.id }, dueAt);
    expect((await list(ben)).map((one) => one.dueAt)).toEqual([dueAt, dueAt]);
    await save(ben, { id: entry.id, type: 'entry' }, null, false);
    await save(ben, { id: message.id }, null, false);
    expect(await list(ben)).toEqual([]);
  });

  it('goes from the list when it is deleted or may not be read any more', async () => {
    const own = await createSpace(ana, [ben]);
    const [gone, hidden] = [await post(ana, own, 'gone'), await post(ana, own, 'hidden')];
    for (const { id } of [gone, hidden]) await save(ben, { id, spaceId: own });
    await ana.call(deleteMessage, { params: { spaceId: own, messageId: gone.id } });
    expect((await list(ben)).map(({ source }) => source.id)).toEqual([hidden.id]);
    await ana.call(removeMember, { params: { spaceId: own, userId: ben.id } });
    expect(await list(ben)).toEqual([]);
    expect(await codeOf(save(ben, { id: hidden.id, spaceId: own }))).toBe('not-found');
    await save(ben, { id: hidden.id, spaceId: own }, null, false);
  });

  it('is nothing that one may not read, or that is not there', async () => {
    const message = await post(ana, space, 'inside');
    expect(await codeOf(save(cleo, { id: message.id }))).toBe('not-found');
    expect(await codeOf(save(ben, { id: message.id, type: 'entry' }))).toBe('not-found');
    expect(await codeOf(save(ben, { id: ana.id }))).toBe('not-found');
    expect(await codeOf(save(ben, { id: message.id }, 'tomorrow'))).toBe('invalid-request');
    expect([await list(cleo), await list(ben)]).toEqual([[], []]);
  });

  it('is told to all windows of its person, and to nobody else', async () => {
    const message = await post(ana, space, 'here');
    const [own, other] = [await openSocket(app.url, ben), await openSocket(app.url, ana)];
    await save(ben, { id: message.id });
    await vi.waitFor(
      () => expect(own.of('own').map(({ what }) => what)).toEqual(['saved']),
      10_000,
    );
    expect(other.of('own')).toEqual([]);
    await save(ben, { id: message.id }, null, false);
  });

  it('is at most so much; what was deleted makes room', async () => {
    const dora = await register(app.url, 'Dora');
    const own = await createSpace(dora, []);
    const last = await post(dora, own, 'one more');
    const first = await post(dora, own, 'the first');
    await app.database.db.execute(sql`
      insert into messages (space_id, id, seq, author_id, text, created_at)
      select ${own}, gen_random_uuid(), 1000 + n, ${dora.id}, 'note ' || n, now()
      from generate_series(2, ${SAVED_MAX}) n`);
    await app.database.db.execute(sql`
      insert into saved (user_id, space_id, type, id, saved_at)
      select author_id, space_id, 'message', id, created_at from messages
      where space_id = ${own} and id <> ${last.id}`);
    const one = () => codeOf(save(dora, { id: last.id, spaceId: own }));
    expect(await one()).toBe('invalid-request');
    await dora.call(deleteMessage, { params: { spaceId: own, messageId: first.id } });
    expect(await one()).toBe(null);
    expect(await list(dora)).toHaveLength(SAVED_MAX);
  });
});
