import { describe, expect, it } from 'vitest';
import { getEntry, listEntries } from '@teambrain/contract/knowledge.ts';
import { listMessages } from '@teambrain/contract/chat.ts';
import { listSpaces } from '@teambrain/contract/spaces.ts';
import { folderOf } from '../testing/folders.ts';
import { register } from '../testing/people.ts';
import { useTestApp, type TestApp } from '../testing/test-app.ts';
import { scan } from './markdown/scan.ts';
import { createProgress } from './progress.ts';
import { recognise } from './recognise.ts';
import { report } from './report.ts';
import { writeSeed, type Written } from './write-seed.ts';

const scanner = (markdown: string) => Promise.resolve(scan(markdown));

/** Imports as the command does, and gives its report. */
async function seed(app: TestApp, folder: string, newSpacesFrom?: string) {
  let text = '';
  const progress = createProgress({ write: (part: string) => (text += part) }, () => 0);
  const written: Written[] = [];
  const plans = await recognise(folder, '/', scanner);
  for (const { seeds, ledger } of plans) {
    const { signal } = new AbortController();
    const run = { app, progress, signal, ledger, ...(newSpacesFrom ? { newSpacesFrom } : {}) };
    for (const one of seeds) written.push(await writeSeed(run, one));
  }
  text = '';
  report(progress, plans, written);
  for (const { ledger } of plans) {
    for (const unit of ledger.units.keys()) expect(ledger.missing(unit)).toBe(0);
  }
  return { written, text };
}

const at = (day: string, hour: number) =>
  `${Date.parse(`${day}T00:00:00Z`) / 1_000 + hour * 3_600}.000100`;
const slack = (days: Record<string, object[]>) =>
  folderOf({
    'channels.json': JSON.stringify([{ id: 'C1', name: 'second', created: 5 }]),
    'users.json': JSON.stringify([{ id: 'U1', name: 'ana' }]),
    ...Object.fromEntries(
      Object.entries(days).map(([day, rows]) => [
        `second/${day}.json`,
        JSON.stringify(
          rows.map((row, i) => ({ type: 'message', user: 'U1', ts: at(day, i), ...row })),
        ),
      ]),
    ),
  });

describe('a later export', () => {
  it('adds what is newer, refuses what is older with its number, or goes into a new space', async () => {
    const app = await useTestApp();
    const ana = await register(app.url, 'Ana');
    await seed(
      app,
      slack({ '2024-03-10': [{ text: 'tenth' }], '2024-03-11': [{ text: 'eleventh' }] }),
    );
    const everything = slack({
      '2023-01-05': [{ text: 'January' }, { text: `long ${'word '.repeat(3_000)}` }],
      '2024-03-10': [{ text: 'tenth' }, { text: 'late answer' }],
      '2024-03-11': [{ text: 'eleventh' }],
      '2024-03-12': [{ text: 'twelfth' }],
    });
    const later = await seed(app, everything);
    expect(later.written).toMatchObject([{ added: 1, present: 2, older: 4, refused: 0 }]);
    expect(later.text).toContain('Refused in second: 4 messages that are older than the newest');
    expect(later.text).toContain('6 messages: 3 taken, 3 left out');
    expect(later.text).toContain('3 older than the newest message of their space (refused)');
    const said = async (name: RegExp) => {
      const { items } = await ana.call(listSpaces, { query: {} });
      const params = { spaceId: items.find((space) => name.test(space.name))?.id ?? '' };
      const page = await ana.call(listMessages, { params, query: {} });
      return page.items.map(({ text }) => text.split(' ')[0]);
    };
    expect(await said(/^second$/)).toEqual(['tenth', 'eleventh', 'twelfth']);

    const apart = await seed(app, everything, everything);
    expect(apart.written).toMatchObject([{ added: 7, present: 0, older: 0 }]);
    expect(await said(/^second \(from /)).toEqual(
      'January long word tenth late eleventh twelfth'.split(' '),
    );
    expect((await seed(app, everything, everything)).written).toMatchObject([
      { added: 0, present: 7, older: 0 },
    ]);
  });

  it('brings threads as threads, and adds answers to threads that are there', async () => {
    const app = await useTestApp();
    const ana = await register(app.url, 'Ana');
    const root = { ts: at('2024-03-10', 0), thread_ts: at('2024-03-10', 0), text: 'root' };
    const answer = { thread_ts: root.ts, text: 'answer' };
    const shown = { thread_ts: root.ts, text: 'shown', subtype: 'thread_broadcast' };
    const lost = { thread_ts: at('2020-01-01', 0), text: 'without its root' };
    const first = { '2024-03-10': [root, { text: 'between' }, answer, shown, lost] };
    const one = await seed(app, slack(first));
    expect(one.written).toMatchObject([{ added: 5, refused: 0 }]);
    const late = { ...answer, text: 'late answer' };
    const two = await seed(app, slack({ ...first, '2024-03-12': [late] }));
    expect(two.written).toMatchObject([{ added: 1, present: 5, older: 0 }]);
    const { items } = await ana.call(listSpaces, { query: {} });
    const params = { spaceId: items[0]?.id ?? '' };
    const said = async (query: { thread?: string } = {}) =>
      (await ana.call(listMessages, { params, query })).items.map(({ text }) => text);
    expect(await said()).toEqual(['root', 'between', 'shown', 'without its root']);
    const page = await ana.call(listMessages, { params, query: {} });
    expect(page.states).toMatchObject([{ thread: { replies: 3 } }]);
    const thread = page.items[0]?.id ?? '';
    expect(await said({ thread })).toEqual(['answer', 'shown', 'late answer']);
  });

  it('is not kept out by a message that claims to be of the future', async () => {
    const app = await useTestApp();
    await seed(app, slack({ '2090-01-01': [{ text: 'from the future' }] }));
    const next = await seed(app, slack({ '2024-01-01': [{ text: 'now' }] }));
    expect(next.written).toMatchObject([{ added: 1, older: 0 }]);
  });
});

it('shows the mark of an edit, and a page’s own dates', async () => {
  const app = await useTestApp();
  const ana = await register(app.url, 'Ana');
  const edited = { text: 'at 15:00', edited: { user: 'U1', ts: at('2024-03-10', 5) } };
  await seed(app, slack({ '2024-03-10': [edited, { text: 'plain' }] }));
  const chats = await ana.call(listSpaces, { query: {} });
  const page = await ana.call(listMessages, {
    params: { spaceId: chats.items[0]?.id ?? '' },
    query: {},
  });
  expect(page.items.map(({ editedAt }) => editedAt)).toEqual(['2024-03-10T05:00:00.000Z', null]);

  const { written } = await seed(
    app,
    folderOf({
      'a.md': '---\ntitle: A\ndate: 2021-05-06\nupdated: 2022-07-08 09:10\n---\nBody',
      'b.md': '---\ntitle: B\nlastmod: 2023-01-02\n---\nBody',
      'c.md': '# C',
    }),
  );
  const params = { spaceId: written[0]?.spaceId ?? '' };
  const { items } = await ana.call(listEntries, { params, query: {} });
  const dates = items.map(({ title, createdAt, updatedAt }) => [title, createdAt, updatedAt]);
  expect(dates.slice(0, 2)).toEqual([
    ['A', '2021-05-06T00:00:00.000Z', '2022-07-08T09:10:00.000Z'],
    ['B', '2023-01-02T00:00:00.000Z', '2023-01-02T00:00:00.000Z'],
  ]);
  expect(Date.parse(dates[2]?.[1] ?? '')).toBeGreaterThan(Date.now() - 600_000);
  const entry = await ana.call(getEntry, { params: { ...params, entryId: items[0]?.id ?? '' } });
  expect(entry).toMatchObject({ version: 1, markdown: 'Body' });
});
