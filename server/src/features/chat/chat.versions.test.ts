import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as chat from '@teambrain/contract/chat.ts';
import * as knowledge from '@teambrain/contract/knowledge.ts';
import { listEvents } from '@teambrain/contract/log.ts';
import * as spaces from '@teambrain/contract/spaces.ts';
import { codeOf, register, type Person } from '../../testing/people.ts';
import { openSocket } from '../../testing/socket.ts';
import { createSpace, post } from '../../testing/space.ts';
import { createTestApp, type TestApp } from '../../testing/test-app.ts';

let app: TestApp;
let owner: Person;
let author: Person;
let reader: Person;
let spaceId: string;

beforeAll(async () => {
  app = await createTestApp();
  owner = await register(app.url, 'Owner');
  author = await register(app.url, 'Author');
  reader = await register(app.url, 'Reader');
  spaceId = await createSpace(owner, [author, reader]);
});
afterAll(() => app.close());

const edit = (messageId: string, text: string) =>
  author.call(chat.editMessage, { params: { spaceId, messageId }, body: { text } });
const versionsOf = (person: Person, messageId: string, query = {}) =>
  person.call(chat.listMessageVersions, { params: { spaceId, messageId }, query });
const logOf = async (person: Person) =>
  (await person.call(listEvents, { params: { spaceId }, query: { limit: 200 } })).items;

describe('an edited message', () => {
  it('keeps what it said for its author and those who manage the space', async () => {
    const { id } = await post(author, spaceId, 'first words');
    await edit(id, 'second words');
    await edit(id, 'third words');
    for (const person of [author, owner]) {
      const { items, next } = await versionsOf(person, id);
      expect(items.map(({ version, text }) => [version, text])).toEqual([
        [2, 'second words'],
        [1, 'first words'],
      ]);
      expect(next).toBeNull();
    }
    expect(await codeOf(versionsOf(reader, id))).toBe('forbidden');
    const page = await versionsOf(author, id, { limit: 1 });
    expect([page.items.map(({ version }) => version), page.next]).toEqual([[2], '2']);
    const rest = await versionsOf(author, id, { limit: 1, after: page.next });
    expect([rest.items.map(({ version }) => version), rest.next]).toEqual([[1], null]);
  });

  it('has its words in its last event alone, which a reader who missed the others ends with', async () => {
    const { id } = await post(author, spaceId, 'words in the log');
    const late = await openSocket(app.url, reader);
    await late.next('welcome');
    await edit(id, 'changed words in the log');
    const last = await edit(id, 'last words in the log');
    const about = (await logOf(reader)).flatMap((event) =>
      'message' in event.data && event.data.message.id === id ? [event.data.message] : [],
    );
    expect(about.map(({ version, text }) => [version, text])).toEqual([
      [1, ''],
      [2, ''],
      [3, 'last words in the log'],
    ]);
    late.send({ frame: 'subscribe', space: spaceId, after: 0 });
    await late.reaches(spaceId, (await logOf(reader)).length);
    const heard = JSON.stringify(late.events(spaceId));
    expect(heard).not.toMatch(/"words in the log|changed words/);
    expect(heard).toContain(last.text);
    late.close();
  });

  it('loses its history when it is deleted', async () => {
    const { id } = await post(author, spaceId, 'a slip of the tongue');
    await edit(id, 'better words');
    await author.call(chat.deleteMessage, { params: { spaceId, messageId: id } });
    expect(await versionsOf(owner, id)).toEqual({ items: [], next: null });
    expect(JSON.stringify(await logOf(owner))).not.toMatch(/slip of the tongue|better words/);
  });

  it('keeps no more than the newest fifty', async () => {
    const { id } = await post(author, spaceId, 'version 1');
    for (let n = 2; n <= chat.VERSIONS_KEPT + 3; n += 1) await edit(id, `version ${n}`);
    const { items, next } = await versionsOf(author, id, { limit: chat.VERSIONS_KEPT });
    expect(items).toHaveLength(chat.VERSIONS_KEPT);
    expect([items.at(-1)?.version, next]).toEqual([3, null]);
  });
});

describe('in the log', () => {
  it('a former title of an entry is empty, the present one stays wherever it is', async () => {
    const params = { spaceId };
    const body = { kind: 'faq', title: 'A former title' } as const;
    const { id } = await owner.call(knowledge.createEntry, { params, body });
    const change = (version: number, changes: { title?: string; markdown?: string }) =>
      owner.call(knowledge.updateEntry, {
        params: { spaceId, entryId: id },
        version,
        body: changes,
      });
    await change(1, { title: 'The title' });
    await change(2, { markdown: 'An answer' });
    const titles = (await logOf(reader)).flatMap((event) =>
      'entry' in event.data && event.data.entry.id === id ? [event.data.entry.title] : [],
    );
    expect(titles).toEqual(['', 'The title', 'The title']);
  });

  it('former names and descriptions of the space are empty', async () => {
    const rename = (body: { name?: string; description?: string }) =>
      owner.call(spaces.updateSpace, { params: { spaceId }, body });
    await rename({ name: 'A former name', description: 'A former description' });
    await rename({ name: 'The name', description: 'The description' });
    const lines = (await logOf(reader)).filter(({ type }) => /^space\./.test(type));
    expect(JSON.stringify(lines)).not.toMatch(/former|Space of Owner/);
    expect(lines.at(-1)?.data).toMatchObject({ name: 'The name', description: 'The description' });
  });
});
