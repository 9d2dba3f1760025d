import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readable } from './fold.ts';
import { searchWordsOf } from './search-words.ts';

/** Each word with its kind's mark and the text it was taken from. */
const MARKS = { word: '', exact: '!', joined: '+', inner: '~' };
const read = (text: string) =>
  searchWordsOf(text)
    .map(({ form, kind }) => form + MARKS[kind])
    .join(' ');

describe('the words of a text', () => {
  it.each([
    ['The team’s café', 'the team s cafe'],
    ['Straße GROẞ İzmir ısı Łódź Đà', 'strasse gross izmir isi lodz da'],
    ['ёлка йод ударе́ние', 'елка иод ударение'.replace('иод', 'йод')],
    ['部署方案', '部署! 署方! 方案! 案~'],
    ['猫', '猫!'],
    ['ﾃﾞｰﾀ', 'デー! ータ! タ~'],
    ['ชุมนุม', 'ชุม! มนุ! นุม! ม~'],
    ['ops-team@a.org', 'ops opsteam+ team teama+ a aorg+ org'],
    ['v1.23', 'v1 v1-23+ 23'],
    [
      'HTTPServer getUserName',
      'httpserver http~ server~ getusername get~ user~ getuser~ name~ username~',
    ],
    ['C++, C# and .NET', 'c c++! c c#! and net .net!'],
    ['0xFF', '0xff ff~'],
    ['👩🏽‍🚀 🇩🇪🇫🇷 1️⃣ ❤️', '👩‍🚀! 👩~ 🚀~ 🇩🇪! 🇫🇷! 1⃣! ❤!'],
    ['٣٤ ４２ ①', '34 42 1'],
    ['so\u00adft ze\u200bro', 'soft zero'],
    ['', ''],
    ['— … !', ''],
  ])('of %s are %s', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  const piece = fc.constantFrom(
    ...'a B é ß İ ё й 部 署 猫 ー カ ﾃ ﾞ ม ชุ ก ำ 각 ᄀ ᅡ ᆨ عَ ب ש ُ ١ 1 ２ ① ﬁ ½ + # - . @ _ / 🚀 👩 🏽 ❤ 🇩 🇪 ⃣'.split(
      ' ',
    ),
    ...[' ', '\n', '\u00ad', '\u200b', '\u200d', '\ufe0f', '\u0301', '\ud800', '\u{E0067}'],
  );
  const text = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));

  it('lie in the text, and a text means the same however its characters are composed', () => {
    fc.assert(
      fc.property(text, (source) => {
        for (const { form, start, end } of searchWordsOf(source)) {
          expect(form).not.toBe('');
          expect(0 <= start && start < end && end <= source.length).toBe(true);
        }
        const forms = (of: string) => searchWordsOf(of).map(({ form }) => form);
        expect(forms(source.normalize('NFC'))).toEqual(forms(source.normalize('NFD')));
      }),
    );
  });

  it('of a part of a text without spaces are all among those of the text', () => {
    const unspaced = fc.array(fc.constantFrom(...'部署方案カタなชุมกขฃ회의서'), { minLength: 1 });
    fc.assert(
      fc.property(unspaced, fc.nat(), fc.nat(), (chars, from, length) => {
        const whole = chars.join('').match(/\P{M}\p{M}*/gu) ?? [];
        const at = from % whole.length;
        const part = whole.slice(at, at + 2 + (length % whole.length));
        const found = new Set(searchWordsOf(whole.join('')).map(({ form }) => form));
        const looked = searchWordsOf(part.join('')).filter(({ kind }) => kind === 'exact');
        if (part.length > 1) for (const { form } of looked) expect(found).toContain(form);
      }),
    );
  });

  it('of a letter with very many marks take no longer than other words', () => {
    const began = performance.now();
    expect(
      searchWordsOf(`see a${'\u0301\u0316'.repeat(50_000)} b`).map(({ form }) => form),
    ).toEqual(['see', 'a', 'b']);
    // 11 s if normalized as a whole.
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  it('are found at ranges that mean the same alone', () => {
    fc.assert(
      fc.property(text, (source) => {
        for (const { form, kind, start, end } of searchWordsOf(source)) {
          if (kind !== 'word') continue;
          expect(searchWordsOf(source.slice(start, end)).map((word) => word.form)).toContain(form);
        }
      }),
    );
  });
});

describe('a readable text', () => {
  it('has for each unit the range it was made of', () => {
    const { text, startOf, endOf } = readable('xe\u0301\u00adﬁ');
    expect(text).toBe('xéfi');
    expect([...text].map((_, i) => [startOf(i), endOf(i)])).toEqual([
      [0, 1],
      [1, 3],
      [4, 5],
      [4, 5],
    ]);
  });
});
