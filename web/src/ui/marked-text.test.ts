import { describe, expect, it } from 'vitest';
import { cut } from './marked-text.tsx';

const marks = (text: string, ...ranges: [number, number][]) =>
  cut(
    text,
    ranges.map(([start, end]) => ({ start, end })),
  )
    .map((part) => (part.isMarked ? `[${part.text}]` : part.text))
    .join('');

describe('cutting a text at ranges', () => {
  it('marks ranges in any order', () => {
    expect(marks('one two three', [8, 13], [0, 3])).toBe('[one] two [three]');
  });

  it('joins what overlaps and leaves out what is not there', () => {
    expect(marks('abcdef', [1, 3], [2, 5], [9, 12], [4, 4])).toBe('a[bc][de]f');
  });
});
