import { describe, expect, it } from 'vitest';
import { dueChoices, dueWords } from './due-choices.ts';

const local = (iso: string) => new Date(`${iso}:00`);
const dates = (now: string) =>
  dueChoices(local(now)).map(({ at }) => [at.getDate(), at.getHours(), at.getMinutes()]);

describe('dates to come back to something', () => {
  it('are in three hours, tomorrow at nine and on the next Monday at nine', () => {
    // A Wednesday, a Monday and a Sunday at the end of a month.
    expect(dates('2026-05-06T22:30')).toEqual([
      [7, 1, 30],
      [7, 9, 0],
      [11, 9, 0],
    ]);
    expect(dates('2026-05-04T08:00')).toEqual([
      [4, 11, 0],
      [5, 9, 0],
      [11, 9, 0],
    ]);
    expect(dates('2026-05-31T12:15')).toEqual([
      [31, 15, 15],
      [1, 9, 0],
      [1, 9, 0],
    ]);
  });

  it('are told by the day, where that is near', () => {
    const now = local('2026-05-06T12:00');
    const words = (iso: string) => dueWords(local(iso).toISOString(), now).split(', ')[0];
    expect(words('2026-05-06T23:59')).toBe('Today');
    expect(words('2026-05-07T00:00')).toBe('Tomorrow');
    expect(words('2026-05-05T00:00')).toBe('Yesterday');
    expect(dueWords(local('2026-05-08T09:00').toISOString(), now)).toMatch(/8/);
    expect(dueWords(local('2027-05-08T09:00').toISOString(), now)).toMatch(/2027/);
  });
});
