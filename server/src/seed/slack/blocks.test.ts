import { describe, expect, it } from 'vitest';
import { attachmentText } from './attachments.ts';
import { blocksText } from './blocks.ts';
import { createPeople } from './people.ts';

const people = createPeople([{ id: 'U1', name: 'ana' }], new Map([['C1', 'plans']]));
const notes: string[] = [];
const reading = { people, note: (what: string) => void notes.push(what) };
const text = (value: string, style?: object) => ({ type: 'text', text: value, style });
const section = (...elements: object[]) => ({ type: 'rich_text_section', elements });
const rich = (...elements: object[]) =>
  blocksText([{ type: 'rich_text', elements }], people, reading.note);

describe('rich text', () => {
  it('is Markdown of the same look, literal where people typed signs', () => {
    const styled = section(
      text('a '),
      text('bold ', { bold: true }),
      text('both', { bold: true, italic: true }),
      text(' # no *heading* <b>'),
      text('x`y', { code: true }),
      { type: 'user', user_id: 'U1' },
      text(' '),
      { type: 'channel', channel_id: 'C1' },
      text(' '),
      { type: 'link', url: 'https://x.example', text: 'here' },
      { type: 'emoji', name: 'tada', unicode: '1f389' },
      { type: 'emoji', name: 'party_parrot' },
      { type: 'broadcast', range: 'here' },
    );
    expect(rich(styled)).toBe(
      'a **bold** ***both*** # no \\*heading\\* \\<b\\>`` x`y ``@ana #plans [here](https://x.example)🎉:party_parrot:@here',
    );
    expect(rich(section(text('# one\n> two\n- three\n4. four\n    five')))).toBe(
      '\\# one\n\\> two\n\\- three\n4\\. four\n\u00a0\u00a0\u00a0\u00a0five',
    );
  });

  it('keeps lists with their levels, quotations and code apart from what follows', () => {
    const list = (style: string, indent: number, ...items: string[]) => ({
      type: 'rich_text_list',
      style,
      indent,
      elements: items.map((item) => section(text(item))),
    });
    expect(
      rich(
        section(text('Steps:\n')),
        list('ordered', 0, 'one', 'two'),
        list('bullet', 1, 'inner\nsecond line'),
        list('ordered', 0, 'three'),
        { type: 'rich_text_quote', elements: [text('who?\nme')] },
        section(text('answer')),
        { type: 'rich_text_preformatted', elements: [text('a = *b*\n```')] },
        { type: 'rich_text_new', elements: [text('kept')] },
      ),
    ).toBe(
      [
        'Steps:',
        '1. one\n2. two\n    - inner\n        second line\n3. three',
        '> who?\n> me',
        'answer',
        '````\na = *b*\n```\n````',
        'kept',
      ].join('\n\n'),
    );
  });
});

it('reads every kind of block, and keeps the words of unknown ones', () => {
  const blocks = [
    { type: 'header', text: { type: 'plain_text', text: 'Disk *full* :fire:' } },
    {
      type: 'section',
      text: { type: 'mrkdwn', text: 'Host *larch*' },
      fields: [{ type: 'mrkdwn', text: '*CPU* 91%' }],
      accessory: { type: 'button', text: { type: 'plain_text', text: 'Open' } },
    },
    { type: 'divider' },
    {
      type: 'context',
      elements: [
        { type: 'image', alt_text: 'a map' },
        { type: 'mrkdwn', text: 'by <@U1>' },
      ],
    },
    { type: 'image', alt_text: 'chart', title: { type: 'plain_text', text: 'March' } },
    { type: 'actions', elements: [{ type: 'button', text: { type: 'plain_text', text: 'Yes' } }] },
    { type: 'markdown', text: '## Already *Markdown*' },
    {
      type: 'table',
      rows: [
        [
          { type: 'raw_text', text: 'a|b' },
          { type: 'raw_text', text: 'c' },
        ],
        [{ type: 'rich_text', elements: [section(text('d'))] }],
      ],
    },
    { type: 'novel', thing: { title: 'words', id: 'X9' } },
  ];
  expect(blocksText(blocks, people, reading.note).split('\n\n')).toEqual([
    '**Disk \\*full\\* 🔥**',
    'Host **larch**',
    '**CPU** 91%',
    'Open',
    '*Picture: a map* · by @ana',
    '*Picture: March, chart*',
    'Yes',
    '## Already *Markdown*',
    '| a\\|b | c |\n| --- | --- |\n| d |  |',
    'words',
  ]);
  expect(notes).toContain('blocks of kinds that are not known (their words are kept)');
});

describe('attachments', () => {
  const attached = (attachment: object) =>
    attachmentText(attachment as Record<string, unknown>, reading);

  it('quotes a shared message under its author’s name', () => {
    const shared = {
      is_msg_unfurl: true,
      author_id: 'U1',
      author_name: 'x',
      text: 'I approve.\nNow.',
    };
    expect(attached({ ...shared, channel_name: 'plans' })).toBe(
      '> **ana** in #plans:\n>\n> I approve.\n> Now.',
    );
    const blocks = [{ type: 'rich_text', elements: [section(text('from blocks'))] }];
    const message = { author_subname: 'Guest', message_blocks: [{ message: { blocks } }] };
    expect(attached(message)).toBe('> **Guest**:\n>\n> from blocks');
  });

  it('leaves previews of links out, and counts them', () => {
    notes.length = 0;
    for (const key of ['from_url', 'original_url', 'app_unfurl_url']) {
      expect(attached({ [key]: 'https://x.example', title: 'News', text: 'It closes.' })).toBe('');
    }
    expect(notes).toHaveLength(3);
  });

  it('keeps all parts of what bots post', () => {
    const posted = attached({
      pretext: 'Opened by Bo',
      author_name: 'Desk',
      title: 'Printer',
      title_link: 'https://desk.example/81',
      text: 'Second *floor*',
      fields: [{ title: 'Priority', value: 'High' }, { value: 7 }],
      footer: 'desk',
      actions: [{ type: 'button', text: 'Take it' }],
      fallback: 'not needed',
    });
    expect(posted.split('\n\n')).toEqual([
      'Opened by Bo',
      'Desk',
      '**[Printer](https://desk.example/81)**',
      'Second **floor**',
      '**Priority:** High',
      '7',
      'desk',
      'Take it',
    ]);
    expect(attached({ fallback: 'red' })).toBe('red');
  });
});
