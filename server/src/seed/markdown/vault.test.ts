import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Ledger } from '../ledger.ts';
import { sourceOf } from '../testing/sources.ts';
import { readMarkdownFolder } from './folder.ts';
import { scan } from './scan.ts';
import { createScanner } from './scanner.ts';

async function read(files: Record<string, string>, left: string[] = []) {
  const ledger = new Ledger();
  const source = { ...sourceOf(files), left: left.map((what) => ({ what, why: 'a tool' })) };
  const scanner = (markdown: string) => Promise.resolve(scan(markdown));
  const { pages } = await readMarkdownFolder(source, 'key', { ledger, scanner });
  expect(ledger.missing('files')).toBe(0);
  const notes = Object.fromEntries([...ledger.notes].map(([what, { count }]) => [what, count]));
  return {
    notes,
    pages,
    titles: pages.map(({ title }) => title),
    text: Object.fromEntries(
      pages.map((page) => [page.key, page.markdown((key) => `/e/${encodeURI(key)}`)]),
    ),
  };
}

describe('an Obsidian vault', () => {
  it('has its wikilinks lead to pages, and keeps what has no place here as text', async () => {
    const { text, notes } = await read(
      {
        'Home.md': [
          '---\naliases: [Start]\ntags: [x]\n---',
          'See [[Project Plan]], [[Project Plan|the plan]], [[Notes/Ideas#Later on]], [[start]].',
          '[[Nowhere]] ![[map.png|300]] ![[Project Plan]] `[[Project Plan]]` [[#Here]]',
          '| a |\n|---|\n| [[Project Plan\\|x]] |',
          '> [!warning] Careful\n> text',
          '%%hidden%% ==marked== ^block1 #tag/sub',
        ].join('\n\n'),
        'Project Plan.md': '# Project Plan\n\nbody',
        'Notes/Ideas.md': '## Later on\n\nidea',
      },
      ['.obsidian'],
    );
    expect(text['Home.md']).toBe(
      [
        '- tags: x',
        'See [Project Plan](/e/Project%20Plan.md), [the plan](/e/Project%20Plan.md), [Notes/Ideas › Later on](/e/Notes/Ideas.md#later-on), [start](/e/Home.md).',
        '[[Nowhere]] *Picture: map.png* [Project Plan](/e/Project%20Plan.md) `[[Project Plan]]` [[#Here]]',
        '| a |\n|---|\n| [x](/e/Project%20Plan.md) |',
        '> [!warning] Careful\n> text',
        '<!--hidden--> ==marked== ^block1 #tag/sub',
      ].join('\n\n'),
    );
    expect(notes).toMatchObject({
      'wikilinks to what is not here (left as they are)': 1,
      'embedded pages (shown as links)': 1,
      'callouts (kept as quotations)': 1,
      'Obsidian comments (kept, not shown)': 1,
    });
  });
});

describe('a Notion export', () => {
  it('loses its ids, nests by page, and reads databases', async () => {
    const id = '0123456789abcdef0123456789abcdef';
    const { titles, text, pages } = await read({
      [`Wiki ${id}.md`]: `# Wiki\n\n[On](Wiki%20${id}/On%20${id}.md) [Tasks](Wiki%20${id}/Tasks%20${id}.csv)`,
      [`Wiki ${id}/On ${id}.md`]: 'x',
      [`Wiki ${id}/Tasks ${id}.csv`]: 'Name,State\n"A, ""big""\none",Do|ne\n',
      [`Wiki ${id}/Tasks ${id}_all.csv`]: 'Name,State\n',
      [`Wiki ${id}/Tasks ${id}/Row ${id}.md`]: 'row',
      [`Wiki ${id}/Short/Deep ${id}.md`]: 'deep',
      [`Wiki ${id}/Short ${id}.md`]: 'short',
    });
    expect(titles).toEqual(['Wiki', 'On', 'Short', 'Deep', 'Tasks', 'Row']);
    const parents = Object.fromEntries(pages.map(({ key, parentKey }) => [key, parentKey]));
    expect(parents[`Wiki ${id}/Short/Deep ${id}.md`]).toBe(`Wiki ${id}/Short ${id}.md`);
    expect(parents[`Wiki ${id}/Tasks ${id}/Row ${id}.md`]).toBe(`Wiki ${id}/Tasks ${id}.csv`);
    expect(text[`Wiki ${id}.md`]).toContain(`(/e/Wiki%20${id}/On%20${id}.md)`);
    expect(text[`Wiki ${id}/Tasks ${id}.csv`]).toBe(
      '| Name | State |\n| --- | --- |\n| A, "big" one | Do\\|ne |',
    );
  });
});

describe('templates', () => {
  const code = '    {% if x %}\n    {{ site.port }}\n\n``{% raw %}`` and `{% include x %}`';
  const prose = 'In Jinja {% for x in y %} and {{ page.title }}.\n\n{: .note }';

  it('stay where no site generator is', async () => {
    const { text } = await read({ 'a.md': `${prose}\n\n${code}` });
    expect(text['a.md']).toContain(prose);
    expect(text['a.md']).toContain(code);
  });

  it.each([
    ['its configuration', { '_config.yml': 'x' }],
    ['a link only it resolves', { 'b.md': '[x]({% link a.md %})' }],
  ])('go from prose, and never from code, by %s', async (_, files) => {
    const { text } = await read({ 'a.md': `${prose}\n\n${code}`, ...files });
    expect(text['a.md']).not.toMatch(/for x in y|page\.title|\.note/);
    expect(text['a.md']).toContain('    {% if x %}\n    {{ site.port }}');
    expect(text['a.md']).toContain('`{% include x %}`');
  });
});

it('keeps every word of a page: in the page, its title, or a field', async () => {
  const word = fc.stringMatching(/^zq[a-z]{2,6}$/);
  const frame = fc.constantFrom(
    (w: string) => `# ${w}`,
    (w: string) => `- ${w}`,
    (w: string) => `> ${w}`,
    (w: string) => `    ${w}`,
    (w: string) => `\`\`\`\n${w}\n\`\`\``,
    (w: string) => `[${w}](https://x.example)`,
    (w: string) => `[[${w}]]`,
    (w: string) => `![${w}](x.png)`,
    (w: string) => `{% ${w} %} {{ ${w} }}`,
    (w: string) => `%%${w}%% <!-- ${w} -->`,
    (w: string) => `| ${w} |\n|---|\n| ${w} |`,
    (w: string) => `---\n${w}: ${w}\n---`,
    (w: string) => `---\n${w}\n---`,
    (w: string) => `+++\n${w} = "${w}"\n+++`,
    (w: string) => `<a href="x.md">${w}</a>`,
    (w: string) => `title: ${w}`,
    () => '---',
  );
  const blocks = fc.array(fc.tuple(frame, word), { maxLength: 8 });
  const separator = fc.constantFrom('\n', '\n\n', '\r\n');
  await fc.assert(
    fc.asyncProperty(blocks, separator, async (parts, between) => {
      const markdown = parts.map(([make, w]) => make(w)).join(between);
      const { pages, text } = await read({ 'page.md': markdown }, ['.obsidian']);
      const shown = `${pages[0]?.title ?? ''} ${text['page.md'] ?? ''}`;
      for (const one of markdown.match(/zq[a-z]+/g) ?? []) expect(shown).toContain(one);
    }),
    { numRuns: 300 },
  );
});

describe('createScanner', () => {
  it('gives up a page that takes too long, and reads the next', async () => {
    const scanner = createScanner(1_500);
    try {
      const long = `${'word [a](b)\n\n'.repeat(1_000)}`;
      expect((await scanner.scan(long))?.links).toHaveLength(1_000);
      expect(await scanner.scan('[a]: b\n'.repeat(27_000))).toBeNull();
      expect((await scanner.scan(long))?.links).toHaveLength(1_000);
    } finally {
      await scanner.close();
    }
  }, 60_000);
});
