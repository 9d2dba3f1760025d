import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as ask from '@teambrain/contract/ask.ts';
import * as chat from '@teambrain/contract/chat.ts';
import * as knowledge from '@teambrain/contract/knowledge.ts';
import * as contract from '@teambrain/contract/search.ts';
import * as spaces from '@teambrain/contract/spaces.ts';
import { countingEncoder } from '../../testing/counting-encoder.ts';
import { shareEncoder } from '../../testing/instances.ts';
import { register, type Person } from '../../testing/people.ts';
import { createSpace, post, SPACE_KEY } from '../../testing/space.ts';
import { createTestApp, type TestApp } from '../../testing/test-app.ts';

let shared: Awaited<ReturnType<typeof shareEncoder>>;
let counted: ReturnType<typeof countingEncoder>;
let app: TestApp;
let owner: Person;
let ana: Person;
let outsider: Person;
let space: string;

beforeAll(async () => {
  shared = await shareEncoder();
  counted = countingEncoder(shared.encoder);
  app = await createTestApp({ encoder: counted.encoder });
});
afterAll(async () => {
  await app.close();
  await shared.end();
});
beforeEach(async () => {
  owner = await register(app.url, 'Owner');
  ana = await register(app.url, 'Ana');
  outsider = await register(app.url, 'Outsider');
  space = await createSpace(owner, [ana]);
  await post(ana, space, 'The espresso machine on the third floor leaks again.');
  await app.followers.idle();
});

const search = async (person: Person, q: string, filter: Record<string, string> = {}) =>
  (await person.call(contract.search, { query: { q, ...filter } })).items.map(
    ({ source, snippet }) => snippet || source.title,
  );
const LEAK = ['The espresso machine on the third floor leaks again.'];

/** What a task gives, and how many rankings it made the server compute. */
async function computed<T>(task: () => Promise<T>): Promise<[T, number]> {
  const before = counted.queries();
  const value = await task();
  return [value, counted.queries() - before];
}

describe('the ranking of a search', () => {
  it('is computed once for all who may read the same, however the query is spaced', async () => {
    expect(await computed(() => search(owner, 'espresso machine'))).toEqual([LEAK, 1]);
    expect(await computed(() => search(owner, 'espresso machine'))).toEqual([LEAK, 0]);
    expect(await computed(() => search(ana, ' espresso   machine'))).toEqual([LEAK, 0]);
    // Filters that come after it have no part in it.
    const byAna = () => search(owner, 'espresso machine', { author: ana.id });
    expect(await computed(byAna)).toEqual([LEAK, 0]);
    const byOwner = () => search(owner, 'espresso machine', { author: owner.id });
    expect(await computed(byOwner)).toEqual([[], 0]);
  });

  it('is another for other rights, another kind, another query and a word being typed', async () => {
    await search(owner, 'espresso machine');
    expect(await computed(() => search(outsider, 'espresso machine'))).toEqual([[], 1]);
    const kind = () => search(owner, 'espresso machine', { kind: 'document' });
    expect(await computed(kind)).toEqual([[], 1]);
    expect((await computed(() => search(owner, 'espresso machines')))[1]).toBe(1);
    expect((await computed(() => search(owner, 'espresso machine ')))[1]).toBe(1);
    expect(await computed(() => search(owner, 'espresso machine', { space }))).toEqual([LEAK, 0]);
  });

  it('is another once the index of a space one may read has changed, and of that alone', async () => {
    await search(owner, 'espresso machine');
    const elsewhere = await createSpace(outsider);
    await post(outsider, elsewhere, 'Our espresso machine is new.');
    await app.followers.idle();
    expect((await computed(() => search(owner, 'espresso machine')))[1]).toBe(0);
    await post(owner, space, 'Which espresso machine?');
    await app.followers.idle();
    const [found, count] = await computed(() => search(owner, 'espresso machine'));
    expect(count).toBe(1);
    expect([...found].sort()).toEqual([...LEAK, 'Which espresso machine?'].sort());
  });

  it('shows nothing of what was deleted, changed or shut since, before the index knows', async () => {
    const { items } = await owner.call(contract.search, { query: { q: 'espresso machine' } });
    const messageId = items[0]?.source.id ?? '';
    const document = await owner.call(knowledge.createEntry, {
      params: { spaceId: space },
      body: { kind: 'document', title: 'Manual', markdown: 'Descale the espresso machine.' },
    });
    await app.followers.idle();
    const before = await search(owner, 'espresso machine');
    expect([...before].sort()).toEqual(['Descale the espresso machine.', ...LEAK]);
    const spaceId = space;
    await app.followers.stop();
    try {
      await ana.call(chat.editMessage, {
        params: { spaceId, messageId },
        body: { text: 'The kettle leaks.' },
      });
      const body = { markdown: 'Descale the kettle.' };
      const params = { spaceId, entryId: document.id };
      await owner.call(knowledge.updateEntry, { params, version: 1, body });
      expect(await computed(() => search(owner, 'espresso machine'))).toEqual([['Manual'], 0]);
      await owner.call(knowledge.deleteEntry, { params });
      expect(await computed(() => search(owner, 'espresso machine'))).toEqual([[], 0]);
    } finally {
      await app.followers.start(app.indexer);
    }
  });

  it('that was made without the encoder is not kept', async () => {
    counted.setAway(true);
    const byMeaning = 'coffee maker is dripping';
    expect(await search(owner, byMeaning)).toEqual([]);
    counted.setAway(false);
    expect(await search(owner, byMeaning)).toEqual(LEAK);
  });

  it('follows rights at once, in both directions', async () => {
    expect(await search(ana, 'espresso machine')).toEqual(LEAK);
    await owner.call(spaces.removeMember, { params: { spaceId: space, userId: ana.id } });
    expect(await search(ana, 'espresso machine')).toEqual([]);
    expect(await search(owner, 'espresso machine')).toEqual(LEAK);
    await ana.call(spaces.joinSpace, {
      params: { spaceId: space },
      body: { password: SPACE_KEY },
    });
    expect(await search(ana, 'espresso machine')).toEqual(LEAK);
  });
});

describe('the ranking of a question', () => {
  it('is computed once, is another than a search’s, and answers from what is there now', async () => {
    const question = 'Which machine leaks on the third floor?';
    const asked = (person: Person) => person.call(ask.ask, { body: { question } });
    await search(owner, question);
    const [first, count] = await computed(() => asked(owner));
    expect(count).toBe(1);
    expect(JSON.stringify(first)).toContain('espresso');
    const [second, again] = await computed(() => asked(ana));
    expect([second, again]).toEqual([first, 0]);
    const [{ source } = { source: { id: '' } }] = first.citations;
    await app.followers.stop();
    try {
      const params = { spaceId: space, messageId: source.id || '' };
      await ana.call(chat.deleteMessage, { params });
      expect(JSON.stringify(await asked(owner))).not.toContain('espresso');
    } finally {
      await app.followers.start(app.indexer);
    }
  });
});
