/** Names of the ways to compress that a zip file can say (APPNOTE.TXT 6.3.10, section 4.4.5). */
const NAMES: Record<number, string> = {
  1: 'shrink',
  2: 'reduce',
  3: 'reduce',
  4: 'reduce',
  5: 'reduce',
  6: 'implode',
  9: 'Deflate64',
  10: 'PKWARE implode',
  12: 'bzip2',
  14: 'LZMA',
  16: 'IBM CMPSC',
  18: 'IBM TERSE',
  19: 'IBM LZ77',
  20: 'Zstandard',
  93: 'Zstandard',
  94: 'MP3',
  95: 'XZ',
  96: 'JPEG',
  97: 'WavPack',
  98: 'PPMd',
};
const STORED = 0;
const DEFLATED = 8;
/** The method number of entries encrypted with AES. */
const ENCRYPTED = 99;

/** Why an entry of a zip file cannot be unpacked by its method; null where it can. */
export function whyNotUnpacked(method: number): string | null {
  if (method === STORED || method === DEFLATED) return null;
  if (method === ENCRYPTED) return 'encrypted';
  const name = NAMES[method];
  const how = name ? `with ${name}` : `in an unknown way (method ${method})`;
  return `compressed ${how}, and only deflate can be read`;
}
