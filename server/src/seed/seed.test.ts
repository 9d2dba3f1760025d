import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { ask } from '@teambrain/contract/ask.ts';
import { listMessages } from '@teambrain/contract/chat.ts';
import { getInstance } from '@teambrain/contract/instance.ts';
import { getEntry, listEntries } from '@teambrain/contract/knowledge.ts';
import { search } from '@teambrain/contract/search.ts';
import { listMembers, listSpaces } from '@teambrain/contract/spaces.ts';
import { folderOf } from '../testing/folders.ts';
import { bearer, fetchFile } from '../testing/files/uploads.ts';
import { register } from '../testing/people.ts';
import { useTestApp, type TestApp } from '../testing/test-app.ts';
import { Ledger } from './ledger.ts';
import { createProgress } from './progress.ts';
import { recognise } from './recognise.ts';
import { scan } from './markdown/scan.ts';
import { StoppedError } from './write-run.ts';
import { writeSeed } from './write-seed.ts';

const json = (value: unknown) => strToU8(JSON.stringify(value));
const slackZip = (count = 3) =>
  zipSync({
    'channels.json': json([{ id: 'C1', name: 'general', created: 5 }]),
    'users.json': json([
      { id: 'U1', name: 'ana' },
      { id: 'U2', name: 'ben' },
    ]),
    'general/2024-01-02.json': json(
      Array.from({ length: count }, (_, i) => ({
        type: 'message',
        user: i % 2 ? 'U2' : 'U1',
        ts: `${1_704_189_600 + i}.0`,
        text: i === 0 ? 'The *release freeze* starts on Friday' : `Line ${i}`,
      })),
    ),
  });
const silent = createProgress({ write: () => undefined });

const scanner = (markdown: string) => Promise.resolve(scan(markdown));
const plansOf = (folder: string) => recognise(folder, '/', scanner);

async function seed(app: TestApp, folder: string, signal = new AbortController().signal) {
  const written = [];
  for (const { seeds, ledger } of await plansOf(folder)) {
    const run = { app, progress: silent, signal, ledger };
    for (const one of seeds) written.push(await writeSeed(run, one));
  }
  await app.followers.idle();
  return written;
}

/** An export with all that can hang on a message. */
const richZip = () =>
  zipSync({
    'channels.json': json([
      { id: 'C1', name: 'general', created: 5, pins: [{ id: '1704189600.0', user: 'U2' }] },
    ]),
    'users.json': json([
      { id: 'U1', name: 'ana' },
      { id: 'U2', name: 'ben' },
    ]),
    '__uploads/F0PLAN/plan.txt': strToU8('the plan of the roof'),
    'general/2024-01-02.json': json([
      { type: 'message', user: 'U1', ts: '1704189600.0', text: 'Before' },
      {
        type: 'message',
        user: 'U2',
        ts: '1704189601.0',
        text: 'Here it is',
        files: [
          { id: 'F0PLAN', name: 'plan.txt' },
          { id: 'F0AWAY', name: 'away.pdf', url_private: 'https://files.slack.com/away.pdf' },
        ],
        reactions: [{ name: 'tada', users: ['U1', 'U2'], count: 2 }],
      },
      { type: 'message', user: 'U1', ts: '1704189602.0', text: 'After' },
    ]),
  });

describe('seeding', () => {
  it('brings reactions, pins and files as such, once, in the order of the messages', async () => {
    const app = await useTestApp();
    const folder = folderOf({ 'export.zip': richZip() });
    for (const times of [1, 2]) {
      expect(await seed(app, folder)).toMatchObject([{ present: times === 1 ? 0 : 3, refused: 0 }]);
      const anyone = await register(app.url, `Cleo ${times}`);
      const [space] = (await anyone.call(listSpaces, { query: {} })).items;
      const params = { spaceId: space?.id ?? '' };
      const { items, states } = await anyone.call(listMessages, { params, query: {} });
      expect(items.map(({ text }) => text)).toEqual([
        'Before',
        'Here it is\n\nFile: away.pdf',
        'After',
      ]);
      const file = items[1]?.files[0];
      expect(items[1]?.files).toMatchObject([{ name: 'plan.txt', bytes: 20 }]);
      const answer = await fetchFile(app.url, file?.id ?? '', bearer(anyone));
      expect(await answer.text()).toBe('the plan of the roof');
      const stateOf = (n: number) => states.find(({ id }) => id === items[n]?.id);
      expect(stateOf(0)?.pin).toMatchObject({ by: { name: 'ben' } });
      expect(
        stateOf(1)?.reactions.map(({ emoji, people }) => [emoji, people.map((p) => p.name)]),
      ).toEqual([['🎉', ['ana', 'ben']]]);
      const found = await anyone.call(search, { query: { q: 'plan.txt' } });
      expect(found.items[0]?.source.id).toBe(items[1]?.id);
    }
  });

  it('keeps the name of a file that is too large here, and says so in the books', async () => {
    const app = await useTestApp({ config: { fileLimits: { each: 10, person: 1e6, all: 1e6 } } });
    const [plan] = await plansOf(folderOf({ 'export.zip': richZip() }));
    if (!plan) throw new Error('The export was not recognised');
    const { ledger } = plan;
    const run = { app, progress: silent, signal: new AbortController().signal, ledger };
    for (const one of plan.seeds) await writeSeed(run, one);
    expect(ledger.lines().join('\n')).toContain('2 attached files: 0 taken, 2 left out');
    expect(ledger.lines().join('\n')).toContain(
      '1 larger than FILE_MAX_MB (kept as a line with the name): plan.txt',
    );
    for (const unit of ledger.units.keys()) expect([unit, ledger.missing(unit)]).toEqual([unit, 0]);
  });

  it('brings a chat with its authors and times, and leaves set-up to the first person', async () => {
    const app = await useTestApp();
    const folder = folderOf({ 'export.zip': slackZip(), 'README.md': 'x' });
    expect(await seed(app, folder)).toMatchObject([
      { name: 'general', unit: 'messages', added: 3, present: 0, refused: 0, people: 2 },
    ]);
    const anyone = await register(app.url, 'Cleo');
    expect(await anyone.call(getInstance, {})).toMatchObject({ isEmpty: false });
    expect((await app.auth.administrator())?.userId).toBe(anyone.id);
    const spaces = await anyone.call(listSpaces, { query: {} });
    expect(spaces.items).toMatchObject([{ name: 'general', visibility: 'public', memberCount: 3 }]);
    const params = { spaceId: spaces.items[0]?.id ?? '' };
    const { items } = await anyone.call(listMessages, { params, query: {} });
    expect(items.map(({ author, text, createdAt }) => [author.name, text, createdAt])).toEqual([
      ['ana', 'The **release freeze** starts on Friday', '2024-01-02T10:00:00.000Z'],
      ['ben', 'Line 1', '2024-01-02T10:00:01.000Z'],
      ['ana', 'Line 2', '2024-01-02T10:00:02.000Z'],
    ]);
    const members = await anyone.call(listMembers, { params, query: {} });
    const owners = members.items.filter(({ role }) => role === 'owner');
    expect(owners.map(({ user }) => user.name)).toEqual(['TeamBrain import']);
    const found = await anyone.call(search, { query: { q: 'release freeze' } });
    expect(found.items[0]?.source).toMatchObject({ kind: 'message', author: { name: 'ana' } });
    const answer = await anyone.call(ask, {
      body: { question: 'When does the release freeze start?' },
    });
    expect(answer.sentences[0]?.text).toContain('Friday');
  });

  it('brings documents whose links lead to one another, owned by the administrator', async () => {
    const app = await useTestApp();
    const administrator = await register(app.url, 'Ada');
    const folder = folderOf({
      'leave/annual.md': '# Annual leave\n\nYou get 26 days. See [sick leave](sick.md).',
      'leave/sick.md': 'Tell your supervisor before ten o’clock.',
    });
    const [written] = await seed(app, folder);
    const params = { spaceId: written?.spaceId ?? '' };
    const { items } = await administrator.call(listEntries, { params, query: {} });
    const byTitle = new Map(items.map((entry) => [entry.title, entry]));
    expect([...byTitle.keys()]).toEqual(['Annual leave', 'Leave', 'Sick']);
    expect(items[0]).toMatchObject({ author: { name: 'Ada' }, parentId: byTitle.get('Leave')?.id });
    const entry = await administrator.call(getEntry, {
      params: { ...params, entryId: items[0]?.id ?? '' },
    });
    const sick = byTitle.get('Sick')?.id;
    expect(entry.markdown).toBe(
      `You get 26 days. See [sick leave](/s/${params.spaceId}/e/${sick}).`,
    );
    const found = await administrator.call(search, { query: { q: 'anual leave days' } });
    expect(found.items[0]?.source).toMatchObject({ kind: 'document', title: 'Annual leave' });
  });

  it('adds nothing the second time, and goes on where it stopped, whoever owns it', async () => {
    const app = await useTestApp();
    const chat = folderOf({ 'export.zip': slackZip(450) });
    const stop = new AbortController();
    const [plan] = await plansOf(chat);
    const progress = {
      say: () => undefined,
      line: () => undefined,
      step: (what: string, done: number) =>
        void (what.endsWith('messages') && done === 200 && stop.abort()),
    };
    const first = plan?.seeds[0];
    if (!first) throw new Error('no seed');
    const stopped = writeSeed({ app, progress, signal: stop.signal, ledger: new Ledger() }, first);
    await expect(stopped).rejects.toThrow(StoppedError);
    await register(app.url, 'Administrator of later');
    expect(await seed(app, chat)).toMatchObject([{ added: 250, present: 200, refused: 0 }]);
    expect(await seed(app, chat)).toMatchObject([{ added: 0, present: 450, refused: 0 }]);

    const files = { 'a/b.md': 'Text.', 'c.md': 'More.' };
    const notes = folderOf(files);
    expect(await seed(app, notes)).toMatchObject([{ added: 3, present: 0 }]);
    expect(await seed(app, notes)).toMatchObject([{ added: 0, present: 3, refused: 0 }]);
  });

  it('leaves what was deleted here deleted', async () => {
    const app = await useTestApp();
    const ada = await register(app.url, 'Ada');
    const notes = folderOf({ 'a.md': 'Text.', 'b.md': 'Text.' });
    const [written] = await seed(app, notes);
    const actor = await app.auth.administrator();
    if (!actor || !written) throw new Error('no administrator or space');
    const space = await app.access.space(actor, written.spaceId, 'write');
    const { items } = (await app.knowledge.list(space, {})).read();
    await app.knowledge.remove(space, items[0]?.id ?? '');
    expect(await seed(app, notes)).toMatchObject([{ added: 0, present: 1, refused: 1 }]);
    expect(ada.name).toBe('Ada');
  });
});

describe('recognise', () => {
  it('knows exports, packed or not, and folders of Markdown', async () => {
    const what = async (files: Record<string, string | Uint8Array>) =>
      (await plansOf(folderOf(files)))[0]?.what;
    expect(await what({ 'my export.zip': slackZip() })).toBe('a Slack export');
    const day = JSON.stringify([{ type: 'message', user: 'U1', ts: '1.0', text: 'x' }]);
    const channels = JSON.stringify([{ id: 'C1', name: 'general' }]);
    const unpacked = { 'channels.json': channels, 'general/2024-01-02.json': day };
    expect(await what(unpacked)).toBe('a Slack export');
    expect(await what({ 'deep/er/a.md': 'x' })).toBe('Markdown files');
    const parts = {
      'a.zip': zipSync({ 'x.md': strToU8('# X') }),
      'b.zip': zipSync({ 'y.md': strToU8('# Y') }),
    };
    const packed = await plansOf(folderOf({ 'export.zip': zipSync(parts) }));
    expect(packed[0]?.seeds).toMatchObject([{ pages: [{ title: 'X' }, { title: 'Y' }] }]);
    await packed[0]?.close();
    await expect(what({ 'a.txt': 'x' })).rejects.toThrow('neither a Slack export');
    await expect(what({})).rejects.toThrow('is empty');
    await expect(what({ 'channels.json': '[]' })).rejects.toThrow('has no messages');
    await expect(recognise('missing', '/nowhere', scanner)).rejects.toThrow(
      'no folder or file /nowhere/missing',
    );
  });
});

describe('progress', () => {
  it('writes a plain line every few seconds, and the last', () => {
    let [text, now] = ['', 0];
    const progress = createProgress({ write: (part: string) => (text += part) }, () => now);
    for (const done of [1, 2, 3, 6250]) {
      progress.step('messages', done, 6250);
      now += 2_000;
    }
    progress.say('Done');
    expect(text).toBe('messages 1 of 6,250\nmessages 3 of 6,250\nmessages 6,250 of 6,250\nDone\n');
  });

  it('keeps one line of a terminal', () => {
    let text = '';
    const progress = createProgress(
      { isTTY: true, write: (part: string) => (text += part) },
      () => 0,
    );
    progress.step('x', 1, 2);
    progress.say('Hm');
    progress.step('x', 2, 2);
    expect(text).toBe('\r\u001B[Kx 1 of 2\r\u001B[KHm\n\r\u001B[Kx 2 of 2\n');
  });
});
