import { describe, expect, it } from 'vitest';
import { holdsType, questionType, typeMatch } from './question-type.ts';

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
    ['How long is the notice?', 'duration'],
    ['What is a grant?', 'definition'],
    ['What does SEV mean?', 'definition'],
    ['Which password manager do we use?', 'which'],
    ['In which repository is the site?', 'which'],
    ['Which is the best?', 'other'],
    ['Is there a tool which counts hours?', 'other'],
    ['What is the best way to ask for leave?', 'other'],
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
    ['duration', 'How long?', 'You get 12 weeks of it.', 1],
    ['duration', 'How long?', 'Two full working days at most.', 1],
    ['duration', 'How long?', 'Ask one of the 12 people.', 0],
    ['definition', 'What is Tock?', 'Tock is where we track time.', 1],
    ['definition', 'What is Tock?', 'A Tock (our tool) helps with invoices.', 1],
    ['definition', 'What is Tock?', 'Fill in Tock on Friday.', 0],
    ['definition', 'What is Tock?', 'Tockyo is a city.', 0],
    ['where', 'Where?', 'See /etc/app/config for it.', 1],
    ['where', 'Where?', 'It moved to Berlin.', 1],
    ['why', 'Why?', 'We did so because it was slow.', 1],
    ['how', 'How?', 'Run npm start.', 1],
    ['which', 'Which tool?', 'We use Tock for that.', 1],
    ['which', 'Which variable?', 'It is in JOB_INDEX.', 1],
    ['which', 'Which option?', 'Set maxSurge and/or more.', 1],
    ['which', 'Which tool?', 'There is a tool for that and/or another.', 0],
    ['which', 'Which Tock line?', 'Tock has a line.', 0],
    ['other', 'What?', 'Run npm start in 2024.', 0],
  ] as const)('%s: %s %s', (type, question, sentence, expected) => {
    expect(typeMatch(type, question, sentence)).toBe(expected);
  });
});

describe('holdsType', () => {
  it.each([
    ['How many hours may I carry over?', 'You may carry over 240 hours.', true],
    ['How many people work here?', 'We work 40 hours a week.', false],
    ['What is the maximum number of pods per node?', 'There are at most 128 devices.', false],
    ['How much is it?', 'It is 12 euros.', true],
    ['When does it expire?', 'It expires one year after it is issued.', true],
    ['When does it expire?', 'It expires.', false],
    ['When is it due?', 'On the 12th of March.', true],
    ['Who approves it?', 'Your supervisor approves it.', true],
    ['Who approves it?', 'It is approved.', false],
    ['How long is the timeout?', 'The timeout is 30s.', true],
    ['Why was it moved?', 'It was moved.', false],
    ['Why was it moved?', 'It was moved because of the storm.', true],
    ['How do I move it?', 'Anything.', true],
    ['Which label must it have?', 'It must be labeled.', false],
    ['Which label must it have?', 'The label example.org/admin is needed.', true],
  ])('%s %s: %s', (question, line, expected) => {
    expect(holdsType(question, [line])).toBe(expected);
  });

  it('looks for number and what is counted in one line, for a name not at the start of a line', () => {
    const many = 'How many people work here?';
    expect(holdsType(many, ['Ask our people.', 'We work 40 hours a week.'])).toBe(false);
    expect(holdsType(many, ['Ask anybody.', 'We are 40 people.'])).toBe(true);
    expect(holdsType('Who approves it?', ['It is approved.', 'Then it is sent.'])).toBe(false);
    expect(holdsType('Who approves it?', [])).toBe(false);
  });
});
