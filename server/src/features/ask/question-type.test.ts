import { describe, expect, it } from 'vitest';
import { isQuestion, questionType, typeMatch } from './question-type.ts';

describe('questionType', () => {
  it.each([
    ['Who owns the billing service?', 'who'],
    ['when is the freeze', 'when'],
    ['What year did we start?', 'when'],
    ['How many replicas run?', 'count'],
    ['which port does it use', 'count'],
    ['Where is the runbook?', 'where'],
    ['Why did we choose Redis?', 'why'],
    ['How do I deploy?', 'how'],
    ['What is a grant?', 'other'],
  ])('%s → %s', (question, type) => {
    expect(questionType(question)).toBe(type);
  });
});

describe('typeMatch', () => {
  it.each([
    ['who', 'Who owns billing?', 'It is owned by Maria Lopez.', 1],
    ['who', 'Who is Maria?', 'Maria is away.', 0],
    ['who', 'Who owns billing?', 'The team does.', 0],
    ['when', 'When?', 'It starts next week at 10:30.', 1],
    ['when', 'When?', 'It starts soon.', 0],
    ['count', 'How many?', 'There are three of them.', 1],
    ['where', 'Where?', 'See /etc/app/config for it.', 1],
    ['where', 'Where?', 'It moved to Berlin.', 1],
    ['why', 'Why?', 'We did so because it was slow.', 1],
    ['how', 'How?', 'Run npm start.', 1],
    ['other', 'What?', 'Run npm start in 2024.', 0],
  ] as const)('%s: %s %s', (type, question, sentence, expected) => {
    expect(typeMatch(type, question, sentence)).toBe(expected);
  });
});

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
      for (const type of ['who', 'when', 'count', 'where', 'why', 'how'] as const) {
        questionType(text);
        typeMatch(type, text, text);
      }
      expect(performance.now() - start, piece).toBeLessThan(500);
    }
  });
});
