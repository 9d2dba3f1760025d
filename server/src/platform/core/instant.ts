import { fieldProblem } from './problem.ts';

/**
 * The moment an ISO 8601 text names.
 * @throws invalid-request for what the format allows and no clock or database has: leap seconds,
 *   the year 0, a time zone in brackets
 */
export function instantOf(text: string, pointer: string): Date {
  const at = new Date(text);
  const year = at.getUTCFullYear();
  if (year >= 1 && year <= 9999) return at;
  throw fieldProblem('invalid-request', pointer, 'is not a date and time that can be used');
}
