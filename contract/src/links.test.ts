import fc from 'fast-check';
import { performance } from 'node:perf_hooks';
import { describe, expect, it } from 'vitest';
import { addressOf, linksOf, LINKS_MAX, linkText, mentions, targetOf } from './links.ts';

const ADA = '01910000-0000-7000-8000-00000000000a';
const SPACE = '01910000-0000-7000-8000-00000000000b';
const ENTRY = '01910000-0000-7000-8000-00000000000c';
const ada = linkText('@Ada', addressOf('person', ADA));
const found = (text: string) =>
  linksOf(text).map(({ to, id, isMention }) => [to, id, isMention] as const);
const isOne = [['person', ADA, true]];

describe('what a text links to', () => {
  it('is each address of the app in a link, once, at its place', () => {
    expect(ada).toBe(`[@Ada](/people/${ADA})`);
    const text = `Hi ${ada}, see [#plans](/s/${SPACE}), [All](/s/${SPACE}/members) and [x](/s/${SPACE}/e/${ENTRY}) ${ada} [y](/s/${SPACE}?message=${ENTRY}) [g](/groups/${ENTRY})`;
    expect(found(text)).toEqual([
      ['person', ADA, true],
      ['space', SPACE, false],
      ['everyone', SPACE, true],
      ['entry', ENTRY, false],
      ['message', ENTRY, false],
      ['group', ENTRY, true],
    ]);
    const [first] = linksOf(text);
    expect(text.slice(first?.start, first?.end)).toBe(ada);
  });

  it('is no name, no address elsewhere, no image, no escaped sign', () => {
    for (const text of [
      '@Ada',
      `/people/${ADA}`,
      `[@Ada](https://x.example/people/${ADA})`,
      `[@Ada](//people/${ADA})`,
      `[@Ada](/people/${ADA}/x)`,
      `[@Ada](/people/${ADA.slice(1)})`,
      `!${ada}`,
      `\\${ada}`,
      ada.replace(']', '\\]'),
      `[](/people/${ADA})`,
      `[@Ada] (/people/${ADA})`,
      `[a]: ${ada}`,
    ]) {
      expect([text, found(text)]).toEqual([text, []]);
    }
  });

  it('is nothing in code, whatever code is', () => {
    for (const text of [
      `\`${ada}\``,
      `a \`\` b ${ada} \` c \`\``,
      `\`a\n${ada} b\``,
      `\`\`\`\n${ada}\n\`\`\``,
      `~~~ts\n${ada}`,
      `    ${ada}`,
      `- a\n\n      ${ada}`,
      `> \`\`\`\n> ${ada}\n> \`\`\``,
      `- \`\`\`\n  ${ada}\n  \`\`\``,
      `<div>\n${ada}\n</div>`,
      `<!-- a\n\n${ada} -->`,
      `<a title="${ada}">`,
    ]) {
      expect([text, found(text)]).toEqual([text, []]);
    }
  });

  it('is found beside code', () => {
    for (const text of [
      `\`a\` ${ada} \`b\``,
      `a \` b ${ada}`,
      `\\\`${ada}\\\``,
      `\`\`\`\na\n\`\`\`\n${ada}`,
      `para\n    ${ada}`,
      `- a\n    ${ada}`,
      `1. a\n2. ${ada}`,
      `a \` b\n\n${ada} \` c`,
      `# ${ada}`,
      `**${ada}**`,
      `Map<String> and ${ada}`,
      `1 < 2 ${ada}`,
      `[x] ${ada}`,
      `([see ${ada}](/elsewhere))`,
    ]) {
      expect([text, found(text)]).toEqual([text, isOne]);
    }
  });

  it('mentions nobody in a quotation', () => {
    expect(found(`> ${ada}`)).toEqual([['person', ADA, false]]);
    expect(found(`> ${ada}\n${ada}`)).toEqual(isOne);
  });

  it('holds whatever the label is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }), (name) => {
        fc.pre(name.trim() !== '');
        expect(found(`x ${linkText(`@${name}`, addressOf('person', ADA))} y`)).toEqual(isOne);
      }),
    );
  });

  it('ends after 100 and is quick on any text', () => {
    const id = (n: number) => `01910000-0000-7000-8000-${String(n).padStart(12, '0')}`;
    const many = Array.from({ length: 150 }, (_, n) => linkText('@a', addressOf('person', id(n))));
    expect(linksOf(many.join(' '))).toHaveLength(LINKS_MAX);
    for (const part of [
      '](/',
      '[',
      '`',
      '``` ',
      '> ',
      '- ',
      '<a ',
      '<a b="',
      ada,
      '[](/people/',
      '\\',
      '\n',
      'http://',
      '[a]: ',
      '<!--',
      '1. ',
      '<a:',
      '<a b="\n',
    ]) {
      const text = `${part.repeat(Math.ceil(200_000 / part.length))}](/`;
      const from = performance.now();
      linksOf(text);
      expect([part, performance.now() - from < 1_500]).toEqual([part, true]);
    }
  });
});

it('reads addresses as it writes them', () => {
  expect(targetOf(addressOf('entry', ENTRY, SPACE))).toEqual({ to: 'entry', id: ENTRY });
  expect(targetOf(`/people/${ADA.toUpperCase()}`)).toEqual({ to: 'person', id: ADA });
  expect(targetOf('/people/x')).toBe(null);
});

it('calls a person by name, and all members in their space alone', () => {
  const all = linksOf(linkText('@space', addressOf('everyone', SPACE)));
  expect(mentions(all, ADA, SPACE)).toBe(true);
  expect(mentions(all, ADA, ENTRY)).toBe(false);
  expect(mentions(linksOf(ada), ADA, ENTRY)).toBe(true);
  expect(mentions(linksOf(ada), ENTRY, ENTRY)).toBe(false);
});
