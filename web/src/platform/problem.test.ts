import { ConnectionError, ProblemError } from '@teambrain/client/errors.ts';
import { problems, type Problem, type ProblemCode } from '@teambrain/contract/problem.ts';
import { describe, expect, it } from 'vitest';
import { fieldErrorsOf, messageOf } from './problem.ts';

function problem(code: ProblemCode, more: Partial<Problem> = {}): ProblemError {
  const [status, title] = problems[code];
  return new ProblemError({ type: `/problems/${code}`, code, title, status, ...more });
}

describe('what is said of a failure', () => {
  it('tells when to try again', () => {
    expect(messageOf(problem('too-many-requests', { retryAfter: 40 }))).toBe(
      'Too many tries. Try again in 40 seconds.',
    );
    expect(messageOf(problem('too-many-requests', { retryAfter: 600 }))).toContain('10 minutes');
  });

  it('is a sentence that says what to do', () => {
    expect(messageOf(new ConnectionError('No connection'))).toContain('try again');
    expect(messageOf(problem('forbidden'))).toBe('You may not do this.');
    expect(messageOf(problem('forbidden', { detail: 'Ask an owner.' }))).toBe('Ask an owner.');
    expect(messageOf(new TypeError('x is undefined'))).not.toContain('undefined');
  });

  it('goes beside the field it is about', () => {
    const errors = [
      { pointer: '/name', detail: 'Too long' },
      { pointer: '/decision/context', detail: 'Too long' },
      { pointer: '', detail: 'Unknown property' },
    ];
    expect(fieldErrorsOf(problem('invalid-request', { errors }))).toEqual({
      name: 'Too long.',
      decision: 'Too long.',
    });
  });
});
