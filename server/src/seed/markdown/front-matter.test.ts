import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantOf } from './dates.ts';
import { fieldText, placeFields, splitFrontMatter } from './front-matter.ts';

describe('splitFrontMatter', () => {
  it.each([
    ['a mapping', '---\ntitle: A\ntags: [x, y]\n---\nBody', ['title', 'tags'], 'Body'],
    ['a mapping closed by dots', '---\ntitle: A\n...\nBody', ['title'], 'Body'],
    ['a mapping after blanks', '---  \n\n\ntitle: A\n\n---\t\nBody', ['title'], 'Body'],
    ['a mapping and nothing else', '---\ntitle: A\n---', ['title'], ''],
    ['keys in other scripts', '---\nПервый: да\n---\nBody', ['Первый'], 'Body'],
    [
      'a rule within the text',
      '---\ntitle: A\n---\nBody\n\n---\n\nEnd',
      ['title'],
      'Body\n\n---\n\nEnd',
    ],
    [
      'TOML',
      '+++\ntitle = "A"\ndate = 2024-01-15\ntags = [\n "x",\n "y"]\n+++\nBody',
      ['title', 'date', 'tags'],
      'Body',
    ],
    [
      'TOML with tables',
      "+++\ntitle = 'A'\n[menu.main]\nweight = 10\n+++\n",
      ['title', 'menu.main.weight'],
      '',
    ],
  ])('takes %s', (_, text, names, content) => {
    const split = splitFrontMatter(text);
    expect([[...split.fields.keys()], split.content, split.kept]).toEqual([names, content, null]);
  });

  it.each([
    ['a rule and text', '---\n\nThis page is kept by the night shift.\n\n---\n\nSecond part.'],
    ['a rule, a heading and a list', '---\n# Night rota\n\n- Mon: Ada\n\n---\n\nEnd'],
    ['a list', '---\n- a\n- b\n---\nBody'],
    ['two rules', '---\n---\nBody'],
    ['a rule that is never followed by another', '---\n\nOnly one.'],
    ['fields that are not the first line', '\n\n---\ntitle: A\n---\nBody'],
    ['a longer rule', '----\ntitle: A\n----\nBody'],
    ['another language', '---js\nprocess.exit(1)\n---\nBody'],
    ['a rule with words behind it', '--- title\na: b\n---\nBody'],
    ['a nested sequence of a thousand', `---\n${'['.repeat(5_000)}\n---\nBody`],
  ])('leaves %s', (_, text) => {
    expect(splitFrontMatter(text)).toMatchObject({ content: text, fields: new Map() });
  });

  it.each([
    ['broken YAML', '---\ntitle: [unclosed\n---\nBody'],
    ['a key twice', '---\ntitle: A\ntitle: B\n---\nBody'],
    [
      'aliases that multiply',
      `---\na: &a [x,x,x,x,x,x,x,x,x]\nb: &b [${'*a,'.repeat(9)}*a]\nc: [${'*b,'.repeat(99)}*b]\n---\nBody`,
    ],
    ['TOML that never ends', '+++\ntitle = "A"\nBody'],
    ['TOML of kinds that are not understood', '+++\ntitle = """A"""\n+++\nBody'],
    ['a front matter of a whole book', `---\ntext: ${'word '.repeat(20_000)}\n---\nBody`],
  ])('leaves %s, and says so', (_, text) => {
    const split = splitFrontMatter(text);
    expect(split).toMatchObject({ content: text, fields: new Map() });
    expect(split.kept).toMatch(/kept as text/);
  });

  it('never loses a character: all of it is fields and content, or all of it is content', () => {
    const part = fc.constantFrom(
      '---\n',
      '+++\n',
      '...\n',
      'a: b\n',
      '- x\n',
      '# h\n',
      'text\n',
      '\n',
      ': [',
    );
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 12 }).map((parts) => parts.join('')),
        (text) => {
          const { fields, content } = splitFrontMatter(text);
          if (fields.size === 0) expect(content).toBe(text);
          else expect(text.endsWith(content)).toBe(true);
        },
      ),
    );
  });
});

describe('placeFields', () => {
  it('finds title, dates and addresses under their usual names, and keeps the rest', () => {
    const page = placeFields(
      new Map<string, unknown>([
        ['Title', 2024],
        ['date-created', '2024-01-15'],
        ['last_modified_at', '2024-02-01T10:00:00+02:00'],
        ['redirect_from', ['/old', '/older']],
        ['permalink', '/here/'],
        ['tags', ['x', 'y']],
        ['date', 'next spring'],
        ['empty', null],
      ]),
    );
    expect(page).toEqual({
      title: '2024',
      created: new Date('2024-01-15T00:00:00Z'),
      updated: new Date('2024-02-01T08:00:00Z'),
      aliases: ['/old', '/older', '/here/'],
      target: '',
      rest: [
        ['tags', ['x', 'y']],
        ['date', 'next spring'],
      ],
    });
    const nested = new Map<string, unknown>([['a', ['b', new Map([['c', 1]])]]]);
    expect(fieldText(nested)).toBe('a: b, c: 1');
  });
});

it.each([
  ['2024-01-15', '2024-01-15T00:00:00.000Z'],
  ['2024/1/5', '2024-01-05T00:00:00.000Z'],
  ['2024-01-15 10:30', '2024-01-15T10:30:00.000Z'],
  ['2024-01-15T10:30:05.25Z', '2024-01-15T10:30:05.250Z'],
  ['2024-01-15 10:30:05 +0530', '2024-01-15T05:00:05.000Z'],
  ['2024-01-15T10:30-08:00', '2024-01-15T18:30:00.000Z'],
  ['2024-02-30', null],
  ['01/02/2024', null],
  ['0001-01-01', null],
  ['today', null],
  [20240115, null],
])('the date %j is %s', (written, moment) => {
  expect(instantOf(written)?.toISOString() ?? null).toBe(moment);
});
