import { describe, expect, it } from 'vitest';
import { questionType, typeMatch } from './question-type.ts';
import { addressee, dangling, isPlaceholder, isQuestion, isTrouble } from './sentence-cues.ts';

describe('isQuestion', () => {
  it.each([
    ['Did it work?', true],
    ['(Did it work?)', true],
    ['hey, does anyone know the port', true],
    ['how to restart the worker', true],
    ['Will do it tomorrow', false],
    ['Do this first', false],
    ['When the build fails, run it again', false],
    ['What we did was simple.', false],
    ['Have the logs ready', false],
  ])('%s → %s', (sentence, expected) => {
    expect(isQuestion(sentence)).toBe(expected);
  });

  it('is linear on hostile text', () => {
    for (const piece of [
      'so, ',
      'Aa ',
      'in the ',
      '?)',
      '@A.',
      '1:',
      'how ',
      ' ',
      'A',
      "'",
      'next ',
    ]) {
      const text = piece.repeat(100_000 / piece.length);
      const start = performance.now();
      isQuestion(text);
      isTrouble(text);
      dangling(text);
      addressee(text);
      for (const type of [
        'who',
        'when',
        'count',
        'where',
        'why',
        'how',
        'duration',
        'definition',
      ] as const) {
        questionType(text);
        typeMatch(type, text, text);
      }
      expect(performance.now() - start, piece).toBeLessThan(500);
    }
  });
});

describe('isTrouble', () => {
  it.each([
    ["i'm trying to install it", true],
    ["@usr13: yes, but honestly, i really didn't get it", true],
    ['need to mount a partition', true],
    ["ok, restarted it, but it doesn't work", true],
    ['Use the partition editor.', false],
    ['To mount it, run sudo mount /dev/sda1.', false],
    ['We decided to buy it.', false],
  ])('%s → %s', (line, expected) => {
    expect(isTrouble(line)).toBe(expected);
  });
});

describe('dangling', () => {
  it.each([
    ['Follow all of the steps below:', 1],
    ['Yes. It can be disabled.', 1],
    ['No backups are kept.', 0],
    ['As noted above, ask first.', 0.5],
    ['This is why.', 0.5],
    ['Ask the owner first.', 0],
  ])('%s → %s', (sentence, expected) => {
    expect(dangling(sentence)).toBe(expected);
  });
});

describe('addressee', () => {
  it.each([
    ['@Ana use the other one', 'ana'],
    ['ben: try again', 'ben'],
    ['Try again', null],
  ])('%s → %s', (line, expected) => {
    expect(addressee(line)).toBe(expected);
  });
});

describe('isPlaceholder', () => {
  it.each([
    ['I do not know yet', true],
    ['We don’t know.', true],
    ['TBD', true],
    ['To be written', true],
    ['This is still to be decided.', true],
    ['Not yet documented', true],
    ['Coming soon!', true],
    ['To be paid in May, send the form in April.', false],
    ['Todo lists are kept in the tracker.', false],
    ['Unknown senders are blocked by the mail server.', false],
    [
      'We do not know the price before the offer is there: ask purchasing, who will tell you then.',
      false,
    ],
  ])('%s → %s', (sentence, expected) => {
    expect(isPlaceholder(sentence)).toBe(expected);
  });
});
