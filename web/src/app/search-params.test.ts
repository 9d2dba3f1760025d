// @vitest-environment jsdom
import { describe, expect, it } from 'vitest';
import { ownPath, rangeOf, uuidOf } from './search-params.ts';

describe('search parameters', () => {
  it.each([
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    'https://evil.example',
    'x',
    5,
  ])('follows %j nowhere', (value) => expect(ownPath(value)).toBeUndefined());

  it('follows a path of this site', () => {
    expect(ownPath('/s/1?message=2#x')).toBe('/s/1?message=2#x');
  });

  it('takes only whole, ordered ranges', () => {
    expect(rangeOf({ start: 3, end: 9 })).toEqual({ start: 3, end: 9, v: undefined });
    expect(rangeOf({ start: 9, end: 3 })).toEqual({});
    expect(rangeOf({ start: -1, end: 3 })).toEqual({});
    expect(rangeOf({ start: '1', end: 3 })).toEqual({});
  });

  it('takes only ids that are ids', () => {
    expect(uuidOf('0190163d-8694-739b-aea5-966c26f8ad91')).toBeDefined();
    expect(uuidOf('../../x')).toBeUndefined();
  });
});
