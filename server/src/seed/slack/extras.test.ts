import { describe, expect, it } from 'vitest';
import { Ledger } from '../ledger.ts';
import { sourceOf } from '../testing/sources.ts';
import { readSlackExport } from './export.ts';

const USERS = [
  { id: 'U1', name: 'ana' },
  { id: 'U2', name: 'bo' },
  { id: 'U3', name: 'cy' },
];

async function read(
  messages: object[],
  { pins = [], files = {} }: { pins?: object[]; files?: Record<string, unknown> } = {},
) {
  const ledger = new Ledger();
  const source = sourceOf({
    'channels.json': [{ id: 'C1', name: 'general', created: 5, pins }],
    'users.json': USERS,
    'general/2024-01-02.json': messages.map((message) => ({ type: 'message', ...message })),
    ...files,
  });
  const [seed] = await readSlackExport(source, '', ledger);
  const lines = (await seed?.lines()) ?? [];
  const books = (unit: string) => {
    const of = ledger.units.get(unit);
    const left = Object.fromEntries([...(of?.left ?? [])].map(([why, { count }]) => [why, count]));
    expect([unit, ledger.missing(unit)]).toEqual([unit, 0]);
    return { found: of?.found ?? 0, kept: of?.kept ?? 0, left };
  };
  return { lines, books };
}

const hello = { user: 'U1', ts: '100.1', text: 'hello' };
const reply = { user: 'U2', ts: '100.2', text: 'hi' };

describe('reactions of an export', () => {
  it('are those of people who said something; the others are counted with their reason', async () => {
    const { lines, books } = await read([
      reply,
      {
        ...hello,
        reactions: [
          { name: 'tada', users: ['U1', 'U2', 'U3'], count: 5 },
          { name: '+1::skin-tone-3', users: ['U2'], count: 1 },
          { name: 'party_parrot', users: ['U1'], count: 1 },
        ],
      },
    ]);
    expect(
      lines[0]?.extras.reactions.map(({ emoji, people }) => [emoji, people.map((p) => p.name)]),
    ).toEqual([
      ['🎉', ['ana', 'bo']],
      ['👍🏼', ['bo']],
    ]);
    expect(books('reactions')).toEqual({
      found: 7,
      kept: 3,
      left: {
        'of people who are not imported': 1,
        'of people whom the export does not name': 2,
        'with a team’s own emoji': 1,
      },
    });
  });

  it('are read however broken they are', async () => {
    const odd = [null, 7, { name: 3, users: 'U1' }, { users: [{}] }, { name: 'tada', count: 'x' }];
    const { lines, books } = await read([{ ...hello, reactions: odd }]);
    expect(lines).toHaveLength(1);
    expect(books('reactions').kept).toBe(0);
  });
});

describe('pins of an export', () => {
  it('are found in the list of the channel and at the messages, each once', async () => {
    const { lines, books } = await read(
      [
        { ...hello, pinned_to: ['C1'] },
        { ...reply, pinned_to: ['C1'] },
      ],
      {
        pins: [
          { id: '100.1', type: 'C', user: 'U2', created: 3 },
          { id: '999.9', type: 'C', user: 'U2', created: 4 },
        ],
      },
    );
    expect(lines.map(({ extras }) => extras.pin?.by?.name ?? extras.pin)).toEqual([
      'bo',
      { by: null },
    ]);
    expect(books('pins')).toEqual({ found: 3, kept: 2, left: { 'of what is not imported': 1 } });
  });
});

describe('files of an export', () => {
  const plan = { id: 'F0PLAN', name: 'plan.pdf' };
  const photo = { id: 'F0PHOTO', name: 'photo.png', title: 'The roof' };
  const gone = { id: 'F0GONE', mode: 'tombstone' };

  it('are attached where they came along; of the others the name stays in the text', async () => {
    const { lines, books } = await read([{ ...hello, files: [plan, photo, gone] }], {
      files: { '__uploads/F0PLAN/plan.pdf': 'the plan', '__uploads/F0ELSE/x.txt': 'not asked for' },
    });
    expect(lines[0]).toMatchObject({
      text: 'hello\n\nFile: The roof (photo.png)',
      extras: { files: [{ name: 'plan.pdf', label: '__uploads/F0PLAN/plan.pdf' }] },
    });
    expect(books('attached files')).toEqual({
      found: 3,
      kept: 1,
      left: {
        'of which the export has the address alone (kept as a line with the name)': 1,
        'deleted in Slack': 1,
      },
    });
    expect(books('files')).toEqual({
      found: 5,
      kept: 4,
      left: { 'of another kind than messages': 1 },
    });
  });

  it('make a message without a word one, and are found under the names that tools give', async () => {
    const { lines } = await read([{ ...hello, text: '', files: [plan] }], {
      files: { 'general/attachments/F0PLAN-plan.pdf': 'the plan' },
    });
    expect(lines[0]).toMatchObject({ text: '', extras: { files: [{ name: 'plan.pdf' }] } });
  });

  it('are found by their id alone, never by a path that the export names', async () => {
    const evil = { id: '../channels.json', name: '../../etc/passwd', url_private: 'file:///etc' };
    const { lines } = await read([{ ...hello, files: [evil] }]);
    expect(lines[0]?.extras.files).toEqual([]);
    expect(lines[0]?.text).toContain('File: ../../etc/passwd');
  });
});
