import { describe, expect, it } from 'vitest';
import { isEmoji, isMessage, isName, isTitle } from './visible.ts';

const INVISIBLE = [
  '\u200B',
  '\u2800',
  '\u3164',
  '\u115F\u1160',
  '\uFFA0',
  '\u00AD',
  '\u200D\u200C',
  '\u2060\uFEFF',
  '\uFE0F',
  '\u{E0101}',
  '\u{E0061}\u{E007F}',
  '\u202E',
  '\u2066\u2069',
  '\u0301\u0300',
  '\u034F',
  '\u180E',
  '\u17B4',
  '\u{1D159}',
  '\u3000 \u00A0',
];
const shown = (text: string) =>
  [...text].map((one) => `U+${one.codePointAt(0)?.toString(16)}`).join(' ');

describe('a text that shows nothing', () => {
  it.each(INVISIBLE.map((text) => [shown(text), text]))('is refused: %s', (_, text) => {
    expect([isName(text), isTitle(text), isMessage(text)]).toEqual([false, false, false]);
  });

  it.each(['&nbsp;', '&#8203;', '&#x2800; &zwj;'])('is no message once it is read: %s', (text) =>
    expect(isMessage(text)).toBe(false),
  );

  it.each(['.', '👍', '`&nbsp;`', '&amp;', '&#65;', '<!-- a -->', '&#9999999;', 'a\u200Bb', '+'])(
    'is not %s',
    (text) => expect(isMessage(text)).toBe(true),
  );
});

describe('a name', () => {
  it.each([
    'Ada',
    'José',
    'Jose\u0301',
    'Nguyễn Thị Minh Khai',
    'مریم میرزاخانی',
    'علی\u200Cرضا',
    'क्\u200Dष',
    'שלום',
    '日本語',
    'R&D 👩🏽‍🚀',
    '❤️ Care',
    '🏴󠁧󠁢󠁥󠁮󠁧󠁿 England',
    '1️⃣ First',
    'C++ / C#',
  ])('can be %s', (name) => expect(isName(name)).toBe(true));

  it.each([
    'root\u200B',
    'ro\u200Dot',
    'ro\u200Cot',
    'ro\u00ADot',
    '\u202Eevil',
    'root\u2800',
    'root\u3164',
    'root\uFE0F',
    'root\u{E0061}',
    'root\u200E',
    `Z${'\u0301'.repeat(12)}`,
    'a\u0085b',
    'a\u2028b',
  ])('hides nothing and turns nothing around: %j', (name) => expect(isName(name)).toBe(false));
});

describe('a title', () => {
  it('shows, and leaves the direction of other texts alone', () => {
    expect(isTitle('Ad\u00ADven\u200Btures')).toBe(true);
    expect(isTitle('\u202Eevil')).toBe(false);
    expect(isTitle('a\u2067b')).toBe(false);
  });
});

describe('an emoji', () => {
  it.each(['⚓', '❤️', '❤', '👩🏽‍🚀', '👩‍❤‍👩', '🇺🇦', '#️⃣', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '👨🏿‍❤️‍💋‍👨🏻', '☕'])('is %s', (text) =>
    expect(isEmoji(text)).toBe(true),
  );

  it.each([
    '',
    'a',
    '1',
    '#',
    ' ⚓',
    '⚓⚓',
    '\u200B',
    `⚓${'\u0301'.repeat(12)}`,
    '⚓\uFE0F\uFE0F',
    '⚓\u200D',
    '🏴\u{E0061}\u{E0061}\u{E007F}',
    `⚓${'\u{E0061}'.repeat(8)}`,
    '👍🏽🏽',
    '👍\u200D👍',
    '🇺',
    '🇽🇽',
  ])('is exactly one sequence: %j', (text) => expect(isEmoji(text)).toBe(false));
});
