import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { folderOf } from '../../testing/folders.ts';
import { Ledger } from '../ledger.ts';
import { openFolder } from '../source/folder.ts';
import { readMarkdownFolder } from './folder.ts';
import { scan } from './scan.ts';
import { withoutTemplates } from './templates.ts';

async function readFolder(folder: string) {
  const ledger = new Ledger();
  const scanner = (markdown: string) => Promise.resolve(scan(markdown));
  const source = await openFolder(folder);
  const seed = await readMarkdownFolder(source, 'key', { ledger, scanner });
  expect(ledger.missing('files')).toBe(0);
  const addressOf = (key: string) => `/e/${key}`;
  const pages = seed.pages.map((page) => ({ ...page, text: page.markdown(addressOf) }));
  const notes = Object.fromEntries([...ledger.notes].map(([what, { count }]) => [what, count]));
  const left = ledger.units.get('files')?.left ?? new Map<string, { examples: string[] }>();
  return {
    seed,
    notes,
    pages,
    left: Object.fromEntries([...left].map(([reason, { examples }]) => [reason, examples])),
    text: Object.fromEntries(pages.map(({ key, text }) => [key, text])),
  };
}

const read = (files: Record<string, string | Uint8Array>) => readFolder(folderOf(files));
const strip = (markdown: string) => withoutTemplates(markdown, scan(markdown).code);

describe('readMarkdownFolder', () => {
  it('nests by folders, parents first, with index pages, pages of the name, and empty ones', async () => {
    const { pages, notes } = await read({
      'README.md': '# Our handbook\n\nWelcome.',
      'leave/index.md': 'All about leave.',
      'leave/annual.md': 'x',
      'tools.md': '# Tools',
      'tools/slack.md': 'x',
      'a-b/c_d/deep.md': 'x',
    });
    expect(pages.map(({ key, parentKey, title }) => [key, parentKey, title])).toEqual([
      ['README.md', null, 'Our handbook'],
      ['a-b/', null, 'A b'],
      ['a-b/c_d/', 'a-b/', 'C d'],
      ['a-b/c_d/deep.md', 'a-b/c_d/', 'Deep'],
      ['leave/index.md', null, 'Leave'],
      ['leave/annual.md', 'leave/index.md', 'Annual'],
      ['tools.md', null, 'Tools'],
      ['tools/slack.md', 'tools.md', 'Slack'],
    ]);
    expect(notes).toEqual({ 'folders without an index page (given an empty one)': 2 });
  });

  it('titles by front matter, heading or file, and never runs front matter', async () => {
    const { pages, seed, notes } = await read({
      'a.md': '---\ntitle: "1. One <em>&amp; only</em>"\ntags: [x]\n---\n# Heading\n\nText.',
      'b.md': 'Before\n\n## *Second* one\n\nText.',
      'c.md': '---js\nglobalThis.wasRun = true\n---\nText.',
      'd.md': '---\ntitle: [unclosed\n---\nText.',
    });
    expect(pages.map(({ title }) => title)).toEqual([
      '1. One & only',
      'Second one',
      '---js globalThis.wasRun = true',
      'D',
    ]);
    expect(pages.map(({ text }) => text)).toEqual([
      '- tags: x\n\n# Heading\n\nText.',
      'Before\n\n## *Second* one\n\nText.',
      '---js\nglobalThis.wasRun = true\n---\nText.',
      '\n---\ntitle: [unclosed\n---\nText.',
    ]);
    expect(globalThis).not.toHaveProperty('wasRun');
    expect(seed.name).toMatch(/^Team notes/);
    expect(notes).toEqual({
      'front matter fields kept as a line of the page': 1,
      'front matter that is not valid (kept as text)': 1,
    });
  });

  it('leads links to the pages they mean', async () => {
    const { pages, notes } = await read({
      'guide/start.md': [
        '[a](../tools/slack.md) [b](../tools/slack/#rules "Title") [c](/tools/slack) [d](<../tools/slack.md>)',
        '[e](/old-slack/) [f](tips.md) [g](https://x.example) [h](#here) [i](gone.md) [j][ref]',
        '![Map of it](map.png) `[k](tips.md)` <a href="tips.md">tips</a>',
        '',
        '[ref]: tips.md',
      ].join('\n'),
      'guide/tips.md': '[start](start)\n\n```\n[code](start.md)\n```',
      'tools/slack.md': '---\nredirect_from: /old-slack\n---\nx',
    });
    const text = (key: string) => pages.find((page) => page.key === key)?.text;
    expect(text('guide/start.md')).toBe(
      [
        '[a](/e/tools/slack.md) [b](/e/tools/slack.md#rules "Title") [c](/e/tools/slack.md) [d](/e/tools/slack.md)',
        '[e](/e/tools/slack.md) [f](/e/guide/tips.md) [g](https://x.example) [h](#here) [i](gone.md) [j][ref]',
        '*Picture: Map of it* `[k](tips.md)` [tips](/e/guide/tips.md)',
        '',
        '[ref]: /e/guide/tips.md',
      ].join('\n'),
    );
    expect(text('guide/tips.md')).toBe('[start](/e/guide/start.md)\n\n```\n[code](start.md)\n```');
    expect(notes).toMatchObject({
      'links to what is not here (left as they are)': 1,
      'pictures (their descriptions are kept)': 1,
    });
  });

  it('reports what it skips and follows no links', async () => {
    const folder = folderOf({
      'ok.md': 'x',
      'big.md': 'word '.repeat(50_000),
      'binary.md': new Uint8Array([1, 0, 2]),
      'data.csv': 'a,b',
      '.hidden.md': 'x',
    });
    symlinkSync('/etc/hostname', join(folder, 'link.md'));
    const { seed, left } = await readFolder(folder);
    expect(seed.pages.map(({ key }) => key)).toEqual(['ok.md']);
    expect(left).toEqual({
      'a link': ['link.md'],
      'kept by the system or a tool': ['.hidden.md'],
      'larger than 200,000 characters': ['big.md'],
      'no text, or in an encoding that cannot be told': ['binary.md'],
      'of another kind than Markdown': ['data.csv'],
    });
  });
});

describe('withoutTemplates', () => {
  it.each([
    ['[x]({% page "/a/b#c" %})', '[x](/a/b#c)'],
    ['Ask {% slack_channel "ops" %}.', 'Ask #ops.'],
    ['a{% comment %} b `c` {% endcomment %}d', 'ad'],
    ['a{% comment %} never ends', 'a never ends'],
    ['{% image "x.png" "A map" %}', '*Picture: A map*'],
    ['{% if x %}kept{% endif %}', 'kept'],
    ['{{ site.baseurl }}/x {{ "/y" | url }}', '/x /y'],
    ['${{ secrets.X }} {{ mystery }}', '${{ secrets.X }} {{ mystery }}'],
    ['## Title {#anchor}', '## Title'],
    ['`{% page "x" %}`', '`{% page "x" %}`'],
    ['```\n{% raw %}{% page "x" %}{% endraw %}\n```\n{% toc %}', '```\n{% page "x" %}\n```\n'],
  ])('%j becomes %j', (text, cleaned) => expect(strip(text)).toBe(cleaned));

  it('never fails on any text', () => {
    const part = fc.constantFrom(
      '{%',
      '%}',
      '{{',
      '}}',
      '`',
      '```',
      '\n',
      '[',
      '](',
      ')',
      '<',
      '>',
      'a',
      '"',
      ' ',
      '{#',
      '}',
      'comment',
      '![',
    );
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 60 }).map((parts) => parts.join('')),
        (text) => {
          expect(typeof strip(strip(text))).toBe('string');
        },
      ),
    );
  });
});
