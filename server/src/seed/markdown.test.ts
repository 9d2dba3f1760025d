import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { folderOf } from '../testing/folders.ts';
import { readMarkdownFolder } from './markdown-folder.ts';
import { relink, withoutTemplates } from './markdown-text.ts';

async function read(files: Record<string, string | Uint8Array>) {
  const { seed, notes } = await readMarkdownFolder(folderOf(files));
  const addressOf = (key: string) => `/e/${key}`;
  const pages = seed.pages.map((page) => ({ ...page, text: page.markdown(addressOf) }));
  return { seed, notes: Object.fromEntries(notes), pages };
}

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
    expect(pages.map(({ title }) => title)).toEqual(['1. One & only', 'Second one', 'C', 'D']);
    expect(pages.map(({ text }) => text.slice(0, 9))).toEqual([
      '# Heading',
      'Before\n\n#',
      'Text.',
      'Text.',
    ]);
    expect(globalThis).not.toHaveProperty('wasRun');
    expect(seed.name).toMatch(/^Team notes/);
    expect(notes).toEqual({ 'd.md: front matter is not valid YAML (the text is kept)': 1 });
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
      'links to pages that are not here (left as they are)': 1,
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
    const { seed, notes } = await readMarkdownFolder(folder);
    expect(seed.pages.map(({ key }) => key)).toEqual(['ok.md']);
    expect([...notes.keys()].sort()).toEqual([
      'big.md: larger than 200,000 characters',
      'binary.md: not text',
      'files that are not Markdown, or links',
    ]);
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
  ])('%j becomes %j', (text, cleaned) => expect(withoutTemplates(text)).toBe(cleaned));

  it('never fails on any text, nor do links', () => {
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
          relink(withoutTemplates(text), (to) => (to.length % 2 ? '/e/1' : null));
        },
      ),
    );
  });
});
