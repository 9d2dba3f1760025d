import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '@teambrain/contract/ask.ts';
import { deleteMessage, editMessage, postMessage } from '@teambrain/contract/chat.ts';
import { search } from '@teambrain/contract/search.ts';
import { upload } from '../../testing/files/uploads.ts';
import { register, type Person } from '../../testing/people.ts';
import { createSpace, post } from '../../testing/space.ts';
import { createTestApp, type TestApp } from '../../testing/test-app.ts';

let app: TestApp;
let ana: Person;
let ben: Person;
let space: string;

beforeAll(async () => {
  app = await createTestApp();
  ana = await register(app.url, 'Ana');
  ben = await register(app.url, 'Ben');
  space = await createSpace(ana);
});
afterAll(() => app.close());

async function postFiles(names: string[], more: { text?: string; threadId?: string } = {}) {
  const files: string[] = [];
  for (const name of names) files.push((await upload(ana, space, name, name)).id);
  return ana.call(postMessage, { params: { spaceId: space }, body: { files, ...more } });
}
async function find(q: string, who = ana) {
  await app.followers.idle();
  return (await who.call(search, { query: { q } })).items;
}
const rowsWith = async (words: string) =>
  (
    await app.database.db.execute(sql`
      select term from postings where term like ${`${words}%`} union all
      select text from sentences where text ilike ${`%${words}%`}`)
  ).rows.length;

describe('a message with files', () => {
  it('is found by the whole name of one, by words of it, and by how it begins', async () => {
    const { id } = await postFiles(['Zanzibar_Budget-2026.final.xlsx', 'notes.txt']);
    for (const q of [
      'Zanzibar_Budget-2026.final.xlsx',
      'zanzibar budget',
      'zanzib',
      'budget 2026',
    ]) {
      const [hit] = await find(q);
      expect(hit, q).toMatchObject({
        source: { id, type: 'message' },
        snippet: 'Zanzibar_Budget-2026.final.xlsx, notes.txt',
        start: null,
        end: null,
      });
      expect(hit?.highlights.length, q).toBeGreaterThan(0);
    }
  });

  it('is found by its words and its files together, and opens where its words are', async () => {
    const text = 'Here is the walrus census. It took all week.';
    const { id } = await postFiles(['tusks.csv'], { text });
    expect((await find('walrus tusks')).map(({ source }) => source.id)).toContain(id);
    const [hit] = await find('walrus census');
    expect(text.slice(hit?.start ?? 0, hit?.end ?? 0)).toBe('Here is the walrus census.');
    expect(hit?.source.id).toBe(id);
  });

  it('as a reply is found too, and replies are found with the files of their root', async () => {
    const root = await postFiles(['narwhal-map.pdf'], { text: 'Where do we go?' });
    const answer = await postFiles(['compass.svg'], { text: 'North of it.', threadId: root.id });
    expect((await find('compass.svg'))[0]?.source.id).toBe(answer.id);
    const found = (await find('narwhal compass')).map(({ source }) => source.id);
    expect(found).toContain(answer.id);
  });

  it('keeps the names through an edit, and loses them with the message', async () => {
    const { id } = await postFiles(['platypus.odt'], { text: 'The first words' });
    await post(ana, space, 'Something that comes after it.');
    const at = { params: { spaceId: space, messageId: id } };
    await ana.call(editMessage, { ...at, body: { text: 'Other words' } });
    expect((await find('platypus'))[0]?.source.id).toBe(id);
    await ana.call(deleteMessage, at);
    expect(await find('platypus.odt')).toEqual([]);
    expect(await rowsWith('platypus')).toBe(0);
  });

  it('is found by nobody who may not read it, and its files are no answer to a question', async () => {
    await postFiles(['okapi-salaries.xlsx']);
    expect((await find('okapi', ben)).map(({ source }) => source.spaceId)).not.toContain(space);
    await app.followers.idle();
    const answer = await ana.call(ask, { body: { question: 'What are the okapi salaries?' } });
    expect(answer.citations.map(({ quote }) => quote)).not.toContain('');
  });
});
