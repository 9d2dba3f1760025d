import { addressOf, linkText } from '@teambrain/contract/links.ts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { lengthen, replaceShown, shorten } from './short-links.ts';
import { triggerAt } from './trigger.ts';

const ID = '01910000-0000-7000-8000-00000000000a';
const ada = linkText('@Ada [x]', addressOf('person', ID));

it('a link is shown by its label, and stays whole while something beside it changes', () => {
  const before = shorten(`Hi ${ada}, ok`);
  expect(before.shown).toBe('Hi @Ada [x], ok');
  expect(lengthen(before, 'Hi @Ada [x], okay')).toBe(`Hi ${ada}, okay`);
  expect(lengthen(before, 'Hello @Ada [x], ok')).toBe(`Hello ${ada}, ok`);
  expect(lengthen(before, 'Hi @Ada [x]')).toBe(`Hi ${ada}`);
});

it('who changes a label makes words of it', () => {
  const before = shorten(`Hi ${ada}, ok`);
  expect(lengthen(before, 'Hi @Ada [x, ok')).toBe('Hi @Ada [x, ok');
  expect(lengthen(before, 'Hi @Adam [x], ok')).toBe('Hi @Adam [x], ok');
});

it('whatever is written, the box shows it, and the text is what it was where nothing changed', () => {
  const part = fc.constantFrom('a', ' ', '\n', '[', ']', '(', '@', '\\', ada, ada.slice(0, 9));
  const texts = fc.array(part, { maxLength: 12 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(texts, fc.string({ maxLength: 8 }), fc.nat(40), fc.nat(40), (text, typed, a, b) => {
      const before = shorten(text);
      expect(lengthen(before, before.shown)).toBe(text);
      const start = Math.min(a, b, before.shown.length);
      const next = before.shown.slice(0, start) + typed + before.shown.slice(Math.max(a, b));
      fc.pre(shorten(next).links.length === 0);
      const after = shorten(lengthen(before, next));
      // What joins up to a link by the change is one.
      if (after.links.length <= before.links.length) expect(after.shown).toBe(next);
    }),
  );
});

it('a pick takes the place of what was typed', () => {
  const before = shorten(`${ada} and @be there`);
  const trigger = triggerAt(before, before.shown.indexOf(' there'));
  expect(trigger).toMatchObject({ sign: '@', query: 'be' });
  expect(replaceShown(before, trigger?.start ?? 0, trigger?.end ?? 0, 'X')).toBe(
    `${ada} and X there`,
  );
});

it('suggestions begin at a sign before a word, and not within a link, a word or a heading', () => {
  const at = (text: string) => {
    const short = shorten(text);
    const found = triggerAt(short, short.shown.length);
    return found && [found.sign, found.query];
  };
  expect(at('@')).toEqual(['@', '']);
  expect(at('hi (@Ada L')).toEqual(['@', 'Ada L']);
  expect(at('see #gen')).toEqual(['#', 'gen']);
  expect(at('see [[launch plan')).toEqual(['[[', 'launch plan']);
  expect(at(`${ada}`)).toBe(null);
  expect(at('ada@example')).toBe(null);
  expect(at('# Title')).toBe(null);
  expect(at('@Ada said that it is')).toBe(null);
  expect(at('[[a]] b')).toBe(null);
});
