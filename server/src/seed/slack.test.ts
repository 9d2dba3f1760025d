import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync, type Zippable } from 'fflate';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { ARCHIVE_CAPS, readArchive, type ArchiveCaps } from './archive.ts';
import { isSlackFile, readSlackExport } from './slack-export.ts';
import { markdownOf, partsOfText } from './slack-text.ts';

const names = {
  user: (id: string) =>
    new Map([
      ['U1', 'ana'],
      ['U2', '_ben_*'],
    ]).get(id),
  channel: (id: string) => (id === 'C1' ? 'general' : undefined),
};
const md = (text: string) => markdownOf(text, names);

describe('markdownOf', () => {
  it.each([
    ['<@U1> and <@U9>', '@ana and @U9'],
    ['<@U2>', '@\\_ben\\_\\*'],
    ['<@U1|annie>', '@annie'],
    ['<#C1> <#C9|random>', '#general #random'],
    ['<!here> <!channel|channel> <!subteam^S1|@ops>', '@here channel @ops'],
    ['<!date^1392734382^{date}|Feb 18>', 'Feb 18'],
    ['see <https://a.example/x?a=1&amp;b=2>', 'see <https://a.example/x?a=1&b=2>'],
    ['<https://a.example/x_(y)|the [docs]>', '[the \\[docs\\]](https://a.example/x_%28y%29)'],
    ['<mailto:a@b.example|a@b.example>', 'a@b.example'],
    ['<javascript:alert(1)|click>', 'click'],
    ['*bold* and _it_ and ~gone~', '**bold** and _it_ and ~~gone~~'],
    ['*see <https://a.example|this>*', '**see [this](https://a.example)**'],
    ['2*3*4 and * not bold *', '2\\*3\\*4 and * not bold *'],
    ['a &lt; b &amp;&amp; c &gt; d', 'a < b && c > d'],
    ['&lt;div&gt; &amp;lt;', '\\<div> \\&lt;'],
    ['`a &lt; <@U1>`', '`a < @ana`'],
    ['run ```x = *y*\nz &lt; 1``` now', 'run \n```\nx = *y*\nz < 1\n```\n now'],
    ['# not a heading', '\\# not a heading'],
    ['__init__', '\\_\\_init\\_\\_'],
    ['C:\\*.txt', 'C:\\\\\\*.txt'],
    ['text\n---', 'text\n\\---'],
    ['<``````> <b\n>', '<\\`\\`\\`\\`\\`\\`> \\<b\n>'],
    ['a\0b \uD800', 'ab \uFFFD'],
  ])('%j becomes %j', (mrkdwn, markdown) => expect(md(mrkdwn)).toBe(markdown));

  it('never fails, and gives text that can be stored', () => {
    const sign = fc.constantFrom(
      '<',
      '>',
      '|',
      '*',
      '_',
      '~',
      '`',
      '```',
      '&lt;',
      '&',
      '@U1',
      '#',
      '\n',
      '\\',
      ' ',
      'a',
      '\uE000',
      '\uD800',
      '\0',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(sign).map((s) => s.join('')),
        ),
        (text) => {
          const markdown = md(text);
          expect(markdown).not.toMatch(/\0|\p{Surrogate}|[\uE000-\uE003]/u);
          expect(markdown.length).toBeLessThanOrEqual(4 * text.length + 20);
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each(['*a', '<', '```', '`', '&lt;', '~ ~a', '<@U1', '\\_*'])(
    'is quick on many %j',
    (part) => {
      const started = performance.now();
      md(part.repeat(100_000 / part.length));
      expect(performance.now() - started).toBeLessThan(2_000);
    },
  );
});

it('cuts long texts without loss and never within a character', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', minLength: 1 }),
      fc.integer({ min: 2, max: 9 }),
      (text, most) => {
        const parts = partsOfText(text, most);
        const bare = (s: string) => s.replace(/\s/g, '');
        expect(bare(parts.join(''))).toBe(bare(text));
        for (const part of parts) expect(part.length).toBeLessThanOrEqual(most);
      },
    ),
  );
  expect(partsOfText('one two three', 8)).toEqual(['one two', 'three']);
});

const json = (label: string, value: unknown) => ({ label, bytes: strToU8(JSON.stringify(value)) });
const CHANNELS = [{ id: 'C1', name: 'general', created: 5, purpose: { value: 'All <@U1>' } }];
const USERS = [{ id: 'U1', name: 'ana', profile: { display_name: 'Ana\nK', real_name: 'x' } }];
const day = (...messages: object[]) =>
  json(
    'general/2024-01-02.json',
    messages.map((message) => ({ type: 'message', ...message })),
  );

describe('readSlackExport', () => {
  const read = (...messages: object[]) => {
    const files = [json('channels.json', CHANNELS), json('users.json', USERS), day(...messages)];
    return readSlackExport(files);
  };

  it('gives messages in time order with authors, and says what it left out', () => {
    const { channels, notes } = read(
      { user: 'U1', ts: '200.000002', text: 'second' },
      { user: 'U1', ts: '200.000001', text: 'first', reactions: [{ name: 'tada' }] },
      { user: 'U1', ts: '1.0', subtype: 'channel_join', text: 'joined' },
      {
        user: 'U7',
        ts: '300.5',
        text: '',
        files: [{ name: 'plan.pdf' }],
        user_profile: { real_name: 'Guest' },
      },
      {
        subtype: 'bot_message',
        username: 'CI',
        bot_id: 'B1',
        ts: '400',
        text: '',
        attachments: [{ fallback: 'red' }],
      },
      { user: 'U1', ts: 'never', text: 'x' },
      { user: 'U1', ts: '500', text: ' ' },
    );
    expect(channels[0]).toMatchObject({ name: 'general', description: 'All @Ana K' });
    expect(channels[0]?.lines.map(({ author, text }) => [author.name, text])).toEqual([
      ['Ana K', 'first'],
      ['Ana K', 'second'],
      ['Guest', 'File: plan.pdf'],
      ['CI', 'red'],
    ]);
    expect(channels[0]?.lines[2]?.at).toEqual(new Date(300_500));
    expect(Object.fromEntries(notes)).toEqual({
      'join, leave and other system lines': 1,
      'messages without a time': 1,
      'messages without text': 1,
      'attached files (their names are kept)': 1,
      'reactions (messages that had some)': 1,
    });
  });

  it('keeps keys apart and the same in every run', () => {
    const twice = { user: 'U1', ts: '200.000001', text: 'echo' };
    const keys = () => read(twice, twice).channels[0]?.lines.map(({ key }) => key);
    expect(new Set(keys()).size).toBe(2);
    expect(keys()).toEqual(keys());
  });

  it('leaves private channels out and takes no list for anything but data', () => {
    const files = [
      json('team/channels.json', [...CHANNELS, { id: 'C2', name: '../../etc' }, 7, null]),
      json('team/groups.json', [{ id: 'G1', name: 'secret' }]),
      json('team/secret/2024-01-02.json', [{ type: 'message', user: 'U1', ts: '1', text: 'no' }]),
      json('team/general/2024-01-02.json', [
        { type: 'message', user: {}, ts: '1', text: 'yes' },
        'x',
      ]),
    ];
    const { channels, notes } = readSlackExport(files);
    expect(channels.map(({ lines }) => lines.map(({ text }) => text))).toEqual([['yes']]);
    expect(notes.get('private channels and conversations')).toBe(1);
    expect(() => readSlackExport([{ label: 'channels.json', bytes: strToU8('{') }])).toThrow(
      'JSON',
    );
    expect(() => readSlackExport([])).toThrow('no channels.json');
  });
});

describe('readArchive', () => {
  const folder = mkdtempSync(join(tmpdir(), 'teambrain-zip-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const small: ArchiveCaps = { ...ARCHIVE_CAPS, floor: 10_000, entries: 5, perEntry: 5_000 };

  const pack = (entries: Zippable, change?: (zip: Uint8Array) => Uint8Array | void) => {
    const file = join(folder, 'export.zip');
    const zip = zipSync(entries);
    writeFileSync(file, change?.(zip) ?? zip);
    return (caps = small) => readArchive(file, isSlackFile, caps);
  };
  const text = strToU8('[]');

  it('reads what it wants and takes names for labels only', async () => {
    const read = pack({
      'channels.json': text,
      'a/2024-01-01.json': [text, { level: 0 }],
      '../../a/2024-01-02.json': text,
      'x.bin': text,
    });
    const labels = (await read()).map(({ label }) => label).sort();
    expect(labels).toEqual(['../../a/2024-01-02.json', 'a/2024-01-01.json', 'channels.json']);
  });

  it.each<[string, Zippable, string]>([
    [
      'too many files',
      Object.fromEntries(Array.from({ length: 6 }, (_, i) => [`${i}`, text])),
      'more than 5 files',
    ],
    ['a bomb', { 'channels.json': new Uint8Array(20_000_000) }, 'far more|more than 5000 bytes'],
    ['a bomb among what is not wanted', { x: new Uint8Array(20_000_000) }, 'far more'],
    ['an overlong name', { [`${'d/'.repeat(300)}channels.json`]: text }, 'overlong name'],
  ])('refuses %s', async (_, entries, message) => {
    await expect(pack(entries)()).rejects.toThrow(new RegExp(message));
  });

  it('counts what comes out, whatever the headers say', async () => {
    const read = pack({ 'channels.json': new Uint8Array(20_000_000) }, (zip) => {
      new DataView(zip.buffer, zip.byteOffset).setUint32(22, 2, true);
    });
    await expect(read()).rejects.toThrow(/more than/);
  });

  it('refuses a name that stands twice, damage, and what is no zip', async () => {
    const twice = pack({ 'a.json': [text, { level: 0 }] }, (zip) =>
      Buffer.concat([zip.subarray(0, 38), zip]),
    );
    await expect(twice()).rejects.toThrow('twice');
    const long = { 'channels.json': strToU8('x'.repeat(500)) };
    const damaged = pack(long, (zip) => void zip.fill(255, 45, 60));
    await expect(damaged()).rejects.toThrow('cannot be unpacked');
    const cut = pack({ 'channels.json': [text, { level: 0 }] }, (zip) => zip.slice(0, 44));
    await expect(cut()).rejects.toThrow('cannot be unpacked');
    await expect(pack({}, () => strToU8('hello'))()).rejects.toThrow('not a zip archive');
  });
});
