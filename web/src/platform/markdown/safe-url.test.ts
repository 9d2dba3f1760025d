import { describe, expect, it } from 'vitest';
import { safeUrl } from './safe-url.ts';

const safe = (value: string) => safeUrl(value, 'https://brain.example/s/1')?.href ?? null;

describe('addresses that are opened', () => {
  it.each([
    ['https://example.org/a?b=1#c', 'https://example.org/a?b=1#c'],
    ['HTTP://example.org', 'http://example.org/'],
    ['mailto:a@example.org', 'mailto:a@example.org'],
    ['/s/2', 'https://brain.example/s/2'],
    ['#h-x', 'https://brain.example/s/1#h-x'],
    ['//example.org/x', 'https://example.org/x'],
  ])('%j is %j', (value, href) => expect(safe(value)).toBe(href));

  const tricks = [
    '\t',
    '\n',
    '\r',
    ' ',
    '\u0000',
    '\u0001',
    '\u00a0',
    '\u200b',
    '\ufeff',
    '%09',
    '%0a',
    '%00',
  ];
  const schemes = [
    'javascript',
    'JaVaScRiPt',
    'data',
    'vbscript',
    'file',
    'blob',
    'filesystem',
    'view-source',
  ];
  const obfuscated = schemes.flatMap((scheme) =>
    tricks.flatMap((trick) => [
      `${scheme}:alert(1)`,
      `${trick}${scheme}:alert(1)`,
      `${scheme.slice(0, 2)}${trick}${scheme.slice(2)}:alert(1)`,
      `${scheme}${trick}:alert(1)`,
    ]),
  );
  it(`opens none of ${obfuscated.length} disguised ones`, () => {
    expect(obfuscated.filter((value) => safe(value) !== null)).toEqual([]);
  });

  it.each(['', 'page', 'http://', 'https://exa mple.org', 'javascript%3Aalert(1)'])(
    'does not open %j',
    (value) => expect(safe(value)).toBeNull(),
  );
});
