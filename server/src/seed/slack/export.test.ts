import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sourceOf } from '../testing/sources.ts';
import { idOf } from '../write-run.ts';
import { Ledger } from '../ledger.ts';
import { readSlackExport } from './export.ts';

const CHANNELS = [{ id: 'C1', name: 'general', created: 5, purpose: { value: 'All <@U1>' } }];
const USERS = [
  { id: 'U1', name: 'ana', profile: { display_name: 'Ana\nK', real_name: 'x' } },
  { id: 'U2', name: 'bo' },
];

async function readFiles(files: Record<string, unknown>, root = '') {
  const ledger = new Ledger();
  const seeds = await readSlackExport(sourceOf(files), root, ledger);
  const channels = [];
  for (const seed of seeds) channels.push({ ...seed, lines: await seed.lines() });
  for (const unit of ledger.units.keys()) expect([unit, ledger.missing(unit)]).toEqual([unit, 0]);
  const left = Object.fromEntries(
    [...ledger.units].map(([unit, of]) => [
      unit,
      Object.fromEntries([...of.left].map(([reason, { count }]) => [reason, count])),
    ]),
  );
  const notes = Object.fromEntries([...ledger.notes].map(([what, { count }]) => [what, count]));
  return { channels, left, notes, ledger };
}

const read = (...messages: object[]) =>
  readFiles({
    'channels.json': CHANNELS,
    'users.json': USERS,
    'general/2024-01-02.json': messages.map((message) => ({ type: 'message', ...message })),
  });

const said = async (...messages: object[]) => {
  const { channels } = await read(...messages);
  return channels[0]?.lines.map(({ author, text }) => [author.name, text]);
};

describe('readSlackExport', () => {
  it('makes no invisible names, and leaves out what would look empty', async () => {
    const { channels, left } = await readFiles({
      'channels.json': [{ id: 'C1', name: '\u2800', created: 5 }],
      'users.json': [
        { id: 'U1', name: '\u200B\u3164' },
        { id: 'U2', name: 'x', profile: { display_name: 'A\u202Ena', real_name: 'Bo' } },
      ],
      'C1/2024-01-02.json': [
        { type: 'message', user: 'U1', ts: '1.1', text: 'Hello' },
        { type: 'message', user: 'U2', ts: '1.2', text: 'Hi' },
        { type: 'message', user: 'U2', ts: '1.3', text: '\u200B &#8203; ' },
      ],
    });
    expect(channels[0]?.name).toBe('C1');
    expect(channels[0]?.lines.map(({ author, text }) => [author.name, text])).toEqual([
      ['Unknown (U1)', 'Hello'],
      ['Ana', 'Hi'],
    ]);
    expect(left['messages']).toEqual({ 'without any words': 1 });
  });

  it('gives messages in time order with authors, and says what it left out', async () => {
    const { channels, left, notes } = await read(
      { user: 'U1', ts: '200.000002', text: 'second', edited: { ts: '210.0' } },
      { user: 'U1', ts: '200.000001', text: 'first', reactions: [{ name: 'tada' }] },
      { user: 'U1', ts: '1.0', subtype: 'channel_join', text: 'joined' },
      { user: 'U7', ts: '300.5', text: '', files: [{ name: 'plan.pdf' }] },
      {
        subtype: 'bot_message',
        username: 'CI',
        bot_id: 'B1',
        ts: 400,
        text: '',
        attachments: [{ fallback: 'red' }],
      },
      { user: 'U7', ts: '410', text: 'later', user_profile: { real_name: 'Guest' } },
      { user: 'U1', ts: 'never', text: 'x' },
      { user: 'U1', ts: '500', text: ' ' },
      { user: 'USLACKBOT', ts: '501', subtype: 'tombstone', text: 'This message was deleted.' },
      { user: 'USLACKBOT', ts: '502', subtype: 'slackbot_response', text: 'Take a break!' },
    );
    expect(channels[0]).toMatchObject({ name: 'general', description: 'All @Ana K' });
    expect(channels[0]?.lines.map(({ author, text }) => [author.name, text])).toEqual([
      ['Ana K', 'first'],
      ['Ana K', 'second'],
      ['Guest', 'File: plan.pdf'],
      ['CI', 'red'],
      ['Guest', 'later'],
      ['Slackbot', 'Take a break!'],
    ]);
    expect(channels[0]?.lines[2]?.at).toEqual(new Date(300_500));
    expect(channels[0]?.lines.map(({ editedAt }) => editedAt?.getTime() ?? null)).toEqual([
      null,
      210_000,
      null,
      null,
      null,
      null,
    ]);
    expect(left['messages']).toEqual({
      'Slack’s own lines (channel_join)': 1,
      'messages without a time': 1,
      'without any words': 1,
      'deleted in Slack (nothing is left of them)': 1,
    });
    expect(notes).toEqual({ 'messages marked as edited': 1 });
    expect(left['attached files']).toEqual({
      'of which the export has the address alone (kept as a line with the name)': 1,
    });
  });

  it('names those whom only messages name, also where they are mentioned', async () => {
    const lines = await said(
      { user: 'U9', ts: '1', text: 'with profile', user_profile: { display_name: 'Cleo' } },
      { user: 'U9', ts: '2', text: 'without' },
      { user: 'U1', ts: '3', text: 'Thanks <@U9>, <@U8|dora>' },
      { user: 'U8', ts: '4', text: 'I am here' },
      { user: 'U6', ts: '5', text: 'nobody knows me' },
    );
    expect(lines).toEqual([
      ['Cleo', 'with profile'],
      ['Cleo', 'without'],
      ['Ana K', expect.stringMatching(/^Thanks \[@Cleo\]\(.*\), \[@dora\]\(.*\)$/)],
      ['dora', 'I am here'],
      ['Unknown (U6)', 'nobody knows me'],
    ]);
  });

  it('links people who said something and channels with messages; others stay names', async () => {
    const message = (user: string, ts: string, text: string) => ({
      type: 'message',
      user,
      ts,
      text,
    });
    const { channels, notes } = await readFiles({
      'channels.json': [...CHANNELS, { id: 'C2', name: 'plans' }, { id: 'C3', name: 'empty' }],
      'users.json': USERS,
      'general/2024-01-02.json': [message('U1', '1', 'hi <@U2>, see <#C3> and <#C2|the plans>')],
      'plans/2024-01-02.json': [message('U1', '2', 'ask <@U1> and `<@U1>`')],
    });
    const [general, plans] = channels;
    expect(plans?.linked.get(idOf('space', plans.key))).toBe(plans?.key);
    const author = plans?.lines[0]?.author.key ?? '';
    expect([general, plans].map((one) => one?.lines[0]?.text)).toEqual([
      `hi @bo, see #empty and [#the plans](/s/${idOf('space', plans?.key ?? '')})`,
      `ask [@Ana K](/people/${idOf('author', author)}) and \`@Ana K\``,
    ]);
    expect(general?.description).toBe('All @Ana K');
    expect(notes).toMatchObject({
      'mentions of people who are not imported (kept as names)': 1,
      'mentions of channels that are not imported (kept as names)': 1,
    });
  });

  it('lets a bot keep the name of each message, and an app’s user its own', async () => {
    const { channels } = await read(
      { subtype: 'bot_message', bot_id: 'B1', username: 'Build Watch', ts: '1', text: 'green' },
      { subtype: 'bot_message', bot_id: 'B1', username: 'Deploy Watch', ts: '2', text: 'done' },
      { user: 'U2', bot_id: 'B2', bot_profile: { name: 'Helper' }, ts: '3', text: 'hi' },
      { user: 'U2', ts: '4', text: 'me' },
    );
    const authors = channels[0]?.lines.map(({ author }) => author);
    expect(authors?.map(({ name }) => name)).toEqual([
      'Build Watch',
      'Deploy Watch',
      'Helper',
      'bo',
    ]);
    expect(new Set(authors?.map(({ key }) => key)).size).toBe(3);
  });

  it('keeps keys apart and the same in every run', async () => {
    const twice = { user: 'U1', ts: '200.000001', text: 'echo' };
    const keys = async () => (await read(twice, twice)).channels[0]?.lines.map(({ key }) => key);
    expect(new Set(await keys()).size).toBe(2);
    expect(await keys()).toEqual(await keys());
  });

  it('leaves private channels out and takes no list for anything but data', async () => {
    const { channels, left } = await readFiles(
      {
        'team/channels.json': [...CHANNELS, { id: 'C2', name: '../../etc' }, 7, null],
        'team/groups.json': [{ id: 'G1', name: 'secret' }],
        'team/secret/2024-01-02.json': [{ type: 'message', user: 'U1', ts: '1', text: 'no' }],
        'team/general/2024-01-02.json': [{ type: 'message', user: {}, ts: '1', text: 'yes' }, 'x'],
        'team/general/2024-01-03.json': '',
        'team/general/canvas.json': { id: 'F1' },
      },
      'team/',
    );
    expect(channels.map(({ lines }) => lines.map(({ text }) => text))).toEqual([['yes']]);
    expect(left).toEqual({
      files: {
        'not valid JSON': 1,
        'without a list of messages in them': 1,
        'of private channels and conversations': 1,
      },
      channels: { 'without messages': 1 },
      messages: { 'lines that are no messages': 1 },
      'private channels and conversations': { 'not imported': 1 },
    });
    await expect(readFiles({ 'channels.json': '{' })).rejects.toThrow(
      'cannot be read: not valid JSON',
    );
  });

  it('keeps two channels of one name apart, and folders by id or in another form of the name', async () => {
    const message = (text: string) => [{ type: 'message', user: 'U1', ts: '1', text }];
    const { channels, left } = await readFiles({
      'channels.json': [
        { id: 'C1', name: 'dup' },
        { id: 'C2', name: 'dup' },
        { id: 'C3', name: 'bu\u0308ro' },
        { id: 'C4', name: 'by-id' },
      ],
      'dup/2024-01-01.json': message('first'),
      'büro/2024-01-01.json': message('Grüße'),
      'C4/2024-01-01.json': message('id'),
      'C4/1709290800.000100.json': [...message('id'), ...message('thread')],
    });
    expect(channels.map(({ name, lines }) => [name, lines.map(({ text }) => text)])).toEqual([
      ['dup', ['first']],
      ['büro', ['Grüße']],
      ['by-id', ['id', 'thread']],
    ]);
    expect(left['messages']).toEqual({ 'the same as in another file of the channel': 1 });
    expect(left['channels']).toEqual({ 'without messages': 1 });
  });

  it('loses no word of any message: each is in a message, or the message is counted', async () => {
    const word = fc.stringMatching(/^zq[a-z]{2,6}$/);
    const words = fc.array(word, { minLength: 1, maxLength: 4 }).map((list) => list.join(' '));
    const sign = fc.constantFrom(
      '*',
      '_',
      '~',
      '`',
      '```',
      '&gt; ',
      '&gt;&gt;&gt;',
      '\n',
      '- ',
      ':',
    );
    const text = fc.array(fc.oneof(words, sign), { maxLength: 8 }).map((list) => list.join(''));
    const rich = fc.record({
      type: fc.constant('rich_text'),
      elements: fc.array(
        fc.record({
          type: fc.constantFrom(
            'rich_text_section',
            'rich_text_quote',
            'rich_text_preformatted',
            'rich_text_new',
          ),
          elements: fc.array(fc.record({ type: fc.constant('text'), text })),
        }),
      ),
    });
    const section = fc.record({
      type: fc.constantFrom('section', 'header', 'novel'),
      text: fc.record({ type: fc.constantFrom('mrkdwn', 'plain_text'), text }),
    });
    const attachment = fc.record({ pretext: text, title: words, text, footer: words });
    const message = fc.record({
      type: fc.constant('message'),
      ts: fc.integer({ min: 1, max: 1e9 }).map(String),
      user: fc.constantFrom('U1', 'U2'),
      subtype: fc.constantFrom('', 'me_message', 'thread_broadcast', 'some_new_kind'),
      text,
      blocks: fc.array(fc.oneof(rich, section), { maxLength: 3 }),
      attachments: fc.array(attachment, { maxLength: 2 }),
    });
    await fc.assert(
      fc.asyncProperty(message, async (row) => {
        const { channels } = await read({ ...row, text: `start ${row.text}` });
        const shown = channels[0]?.lines.map((line) => line.text).join(' ') ?? '';
        for (const one of JSON.stringify(row).match(/zq[a-z]+/g) ?? []) {
          expect(shown).toContain(one);
        }
      }),
      { numRuns: 150 },
    );
  });
});
