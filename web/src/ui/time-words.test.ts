import { describe, expect, it } from 'vitest';
import { dayName, relative } from './time-words.ts';

const now = new Date(2026, 5, 15, 12, 0, 0);
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000).toISOString();
const words = (seconds: number) => relative(ago(seconds), now.getTime());

describe('relative dates', () => {
  it.each([
    [5, 'just now'],
    [90, '2 min ago'],
    [3 * 3600, '3 h ago'],
    [20 * 3600, 'yesterday'],
    [3 * 86_400, '3 days ago'],
  ])('%i seconds are %j', (seconds, text) => expect(words(seconds)).toBe(text));

  it('name the year when it is another one', () => {
    expect(words(400 * 86_400)).toContain('2025');
    expect(words(40 * 86_400)).not.toContain('2026');
  });

  it('name days as people do', () => {
    expect(dayName(ago(60), now.getTime())).toBe('Today');
    expect(dayName(ago(86_400), now.getTime())).toBe('Yesterday');
  });
});
