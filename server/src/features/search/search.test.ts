import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as chat from '@teambrain/contract/chat.ts';
import * as knowledge from '@teambrain/contract/knowledge.ts';
import * as contract from '@teambrain/contract/search.ts';
import * as spaces from '@teambrain/contract/spaces.ts';
import { codeOf, register, type Person } from '../../testing/people.ts';
import { createSpace, post, SPACE_KEY } from '../../testing/space.ts';
import { createTestApp, type TestApp } from '../../testing/test-app.ts';

let app: TestApp;
let owner: Person;
let ana: Person;
let outsider: Person;
let space: string;
let guide: knowledge.Entry;

const GUIDE = `# Before you start

The cluster moves on Saturday. Please **drain** every node first.

## Rollback

If pods stay pending, restore the snapshot from Friday evening.
`;

beforeAll(async () => {
  app = await createTestApp({ hasMeaning: true });
  owner = await register(app.url, 'Owner');
  ana = await register(app.url, 'Ana');
  outsider = await register(app.url, 'Outsider');
  space = await createSpace(owner, [ana]);
  guide = await write('document', 'Kubernetes migration', GUIDE);
  await write('faq', 'How do I get my money back?', 'Send the receipt to the accounting team.');
  await post(ana, space, 'The espresso machine on the third floor leaks again.');
  await app.followers.idle();
});
afterAll(() => app.close());

type Query = Omit<contract.SearchHit, keyof contract.SearchHit> & Record<string, string | number>;
const write = (kind: knowledge.EntryKind, title: string, markdown: string, spaceId = space) =>
  owner.call(knowledge.createEntry, { params: { spaceId }, body: { kind, title, markdown } });
const search = (q: string, filter: Query = {}, person = owner) =>
  person.call(contract.search, { query: { q, ...filter } });
const titles = async (q: string, filter: Query = {}, person = owner) =>
  (await search(q, filter, person)).items.map(({ source, snippet }) => source.title || snippet);
/** What a person sees without waiting for the index to be told. */
const soon = (assertion: () => Promise<void>) =>
  vi.waitFor(assertion, { timeout: 5_000, interval: 100 });

describe('the index', () => {
  it('has a new message within five seconds, its new words after an edit, nothing of it deleted', async () => {
    const sent = await post(owner, space, 'Quarterly numbers of the walrus department');
    await soon(async () => expect(await titles('walrus')).toEqual([sent.text]));
    const at = { params: { spaceId: space, messageId: sent.id } };
    await owner.call(chat.editMessage, { ...at, body: { text: 'Numbers of the narwhal group' } });
    await soon(async () =>
      expect(await titles('narwhal')).toEqual(['Numbers of the narwhal group']),
    );
    expect(await titles('walrus')).not.toContain(sent.text);
    await owner.call(chat.deleteMessage, at);
    await soon(async () => expect(await titles('narwhal')).toEqual([]));
  });

  it('never shows words that an edit or deletion took away, not even before it caught up', async () => {
    const sent = await post(owner, space, 'The pangolin is our mascot');
    await app.followers.idle();
    const at = { params: { spaceId: space, messageId: sent.id } };
    await owner.call(chat.deleteMessage, at);
    expect(await titles('pangolin')).toEqual([]);
  });

  it('has an entry, its change, its way to the trash and back', async () => {
    const made = await write('document', 'Notes of the week', 'The marmalade is made in June.');
    const at = { params: { spaceId: space, entryId: made.id } };
    await soon(async () => expect(await titles('marmalade')).toEqual(['Notes of the week']));
    const body = { markdown: 'Tractors are parked behind the barn.' };
    await owner.call(knowledge.updateEntry, { ...at, version: 1, body });
    await soon(async () => expect(await titles('tractors')).toEqual(['Notes of the week']));
    expect(await titles('marmalade')).toEqual([]);
    await owner.call(knowledge.deleteEntry, at);
    await soon(async () => expect(await titles('tractors')).toEqual([]));
    await owner.call(knowledge.restoreEntry, at);
    await soon(async () => expect(await titles('tractors')).toEqual(['Notes of the week']));
  });
});

describe('a search', () => {
  it('finds by the words, by their beginning, and by other forms of them', async () => {
    for (const q of ['snapshot', 'snaps', 'RESTORING', 'pod pending', 'kubernetes migr']) {
      expect((await titles(q))[0], q).toBe('Kubernetes migration');
    }
  });

  it('finds by the title despite typing errors', async () => {
    for (const q of ['Kuberntes migration', 'kubernets', 'Kubernetes migraton']) {
      expect((await titles(q))[0], q).toBe('Kubernetes migration');
    }
  });

  it('finds by the meaning, without a word in common', async () => {
    expect((await titles('coffee maker is dripping'))[0]).toContain('espresso machine');
    expect((await titles('reimbursement of expenses'))[0]).toBe('How do I get my money back?');
  });

  it('gives the place in the source and ranges that are the words found', async () => {
    const [hit] = (await search('snapshot friday')).items;
    if (!hit) throw new Error('nothing was found');
    expect(hit.source).toMatchObject({
      type: 'entry',
      id: guide.id,
      spaceId: space,
      kind: 'document',
    });
    const place = GUIDE.slice(hit.start ?? 0, hit.end ?? 0);
    expect(place).toBe('If pods stay pending, restore the snapshot from Friday evening.');
    expect(hit.snippet).toContain('restore the snapshot');
    const marked = hit.highlights.map(({ start, end }) => hit.snippet.slice(start, end));
    expect(marked).toEqual(['snapshot', 'Friday']);
  });

  it('marks no range in what the writer made look like a mark', async () => {
    const text = 'a \u0002 tapir \u0001 here';
    await post(owner, space, text);
    await app.followers.idle();
    const [hit] = (await search('tapir')).items;
    const marked = hit?.highlights.map(({ start, end }) => hit.snippet.slice(start, end));
    expect(marked).toEqual(['tapir']);
  });

  it('takes any text for a query', async () => {
    const queries = [
      ...[
        '&',
        '|',
        '!',
        '(',
        ':*',
        "'",
        "''",
        '\\',
        '%',
        '_',
        '<->',
        'a:b',
        'a & !b',
        "x'; drop table users",
      ],
      ...[
        'https://example.org/a?b=1&c=2|3',
        '日本語',
        '👩‍🚀',
        '\u202e',
        'a'.repeat(400),
        '  ',
        '"',
        '-',
        '*',
      ],
    ];
    for (const q of queries) expect((await search(q)).items, q).toBeInstanceOf(Array);
    expect(await codeOf(search('a\u0000b'))).toBe('invalid-request');
    expect(await codeOf(search(''))).toBe('invalid-request');
    expect(await codeOf(search('x'.repeat(401)))).toBe('invalid-request');
  });
});

describe('filters and pages', () => {
  it('keep to a space, a kind, a person and a time', async () => {
    const other = await createSpace(owner, [ana]);
    const words = 'zeppelin schedule';
    await write('document', words, 'one', other);
    await write('decision', words, '', space);
    await post(ana, space, words);
    const between = new Date().toISOString();
    await post(owner, space, `${words} again`);
    await app.followers.idle();
    const found = async (filter: Query) =>
      (await search('zeppelin', filter)).items
        .map(({ source }) => `${source.kind} by ${source.author.name}`)
        .sort();
    const [ours, mine] = ['message by Ana', 'message by Owner'];
    const entries = ['decision by Owner', 'document by Owner'];
    expect(await found({})).toEqual([...entries, ours, mine]);
    expect(await found({ space: other })).toEqual(['document by Owner']);
    expect(await found({ kind: 'message' })).toEqual([ours, mine]);
    expect(await found({ kind: 'decision' })).toEqual(['decision by Owner']);
    expect(await found({ author: ana.id.toUpperCase() })).toEqual([ours]);
    expect(await found({ from: between })).toEqual([mine]);
    expect(await found({ to: between })).toEqual([...entries, ours]);
    expect(await found({ kind: 'message', author: owner.id, from: between })).toEqual([mine]);
    expect(await found({ kind: 'faq' })).toEqual([]);
  });

  it('come one after the other without loss or doubles', async () => {
    const shelf = await createSpace(owner);
    for (let n = 0; n < 7; n += 1) await write('document', `Accordion ${n}`, 'words', shelf);
    await app.followers.idle();
    const whole = await titles('accordion', { space: shelf });
    expect([...whole].sort()).toEqual([0, 1, 2, 3, 4, 5, 6].map((n) => `Accordion ${n}`));
    const found: string[] = [];
    let after: string | null = null;
    do {
      const filter: Query = { space: shelf, limit: 3, ...(after ? { after } : {}) };
      const page: Awaited<ReturnType<typeof search>> = await search('accordion', filter);
      found.push(...page.items.map(({ source }) => source.title));
      after = page.next;
    } while (after !== null);
    expect(found).toEqual(whole);
  });
});

describe('a third person', () => {
  it('finds nothing of a protected space by any way, until they join and after they left', async () => {
    const ways = ['snapshot', 'kuberntes migration', 'snaps', 'coffee maker is dripping'];
    for (const q of ways) {
      for (const filter of [{}, { space }, { author: owner.id }] as Query[]) {
        expect(await search(q, filter, outsider), q).toEqual({
          items: [],
          next: null,
          suggestions: [],
          indexed: 100,
        });
      }
    }
    const at = { params: { spaceId: space } };
    await outsider.call(spaces.joinSpace, { ...at, body: { password: SPACE_KEY } });
    expect(await titles('snapshot', {}, outsider)).toContain('Kubernetes migration');
    await outsider.call(spaces.leaveSpace, at);
    for (const q of ways) expect((await search(q, {}, outsider)).items, q).toEqual([]);
  });
});
