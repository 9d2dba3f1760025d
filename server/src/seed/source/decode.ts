import { tryDecode } from './decode-strict.ts';
import { guessDoubleByte } from './double-byte.ts';
import { guessSingleByte } from './single-byte.ts';

/** A file's text and the WHATWG name of the encoding it was in. */
export interface Decoded {
  text: string;
  encoding: string;
}

/** Control characters no text has; tab, line ends, form feed and escape are in some. */
const CONTROL = /[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]/g;
/** More of them than one in so many characters, and it is no text. */
const TEXT_PER_CONTROL = 8;

/**
 * A file as text, in whatever encoding it is: by its byte order mark, as UTF-8 or UTF-16 if it is
 * valid, else by what the bytes would say in each of the encodings that were usual before. Null when
 * it is no text, or when its encoding cannot be told: nothing is ever decoded by half, so no
 * replacement character comes in. Line ends and NULs are left as they are.
 */
export function decodeText(bytes: Uint8Array): Decoded | null {
  const marked = byMark(bytes);
  if (marked) return marked.decoded;
  const utf8 = tryDecode(bytes, 'utf-8');
  if (utf8 !== null) return looksLikeText(utf8) ? fromAscii(bytes, utf8) : withoutMark(bytes);
  const wide = withoutMark(bytes);
  if (wide) return wide;
  if (bytes.includes(0)) return null;
  const encoding = guessDoubleByte(bytes) ?? guessSingleByte(bytes);
  const text = encoding === null ? null : tryDecode(bytes, encoding);
  return encoding === null || text === null ? null : { text, encoding };
}

/** By the byte order mark; `decoded` is null if the rest belies it. */
function byMark(bytes: Uint8Array): { decoded: Decoded | null } | null {
  const [a, b, c, d] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) {
    const text = tryDecode(bytes, 'utf-8');
    return text === null ? null : { decoded: { text, encoding: 'utf-8' } };
  }
  if (a === 0xff && b === 0xfe && c === 0 && d === 0) return { decoded: utf32(bytes, true) };
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return { decoded: utf32(bytes, false) };
  const encoding =
    a === 0xff && b === 0xfe ? 'utf-16le' : a === 0xfe && b === 0xff ? 'utf-16be' : '';
  if (!encoding) return null;
  const text = tryDecode(bytes, encoding);
  return { decoded: text !== null && looksLikeText(text) ? { text, encoding } : null };
}

/** UTF-8 that is all ASCII may be Japanese for mail (ISO-2022-JP), which escapes into ASCII. */
function fromAscii(bytes: Uint8Array, text: string): Decoded {
  if (/\x1b\$[@B]/.test(text)) {
    const japanese = tryDecode(bytes, 'iso-2022-jp');
    if (japanese !== null) return { text: japanese, encoding: 'iso-2022-jp' };
  }
  return { text, encoding: 'utf-8' };
}

/** UTF-16 without a mark: valid, and every character one that people write. */
function withoutMark(bytes: Uint8Array): Decoded | null {
  if (bytes.length < 4 || bytes.length % 2 === 1 || !bytes.includes(0)) return null;
  const readings = ['utf-16le', 'utf-16be'].flatMap((encoding) => {
    const text = tryDecode(bytes, encoding);
    return text !== null && looksLikeText(text) && !text.includes('\0')
      ? [{ text, encoding, odd: oddity(text) }]
      : [];
  });
  const [best, other] = readings.sort((x, y) => x.odd - y.odd);
  if (!best || best.odd > 0.2 || (other && other.odd - best.odd < 0.1)) return null;
  return { text: best.text, encoding: best.encoding };
}

/**
 * Share of characters that are unassigned or strange beside each other. Read in the wrong order,
 * ASCII becomes rare ideographs and line ends become U+0A00, which is no character at all.
 */
function oddity(text: string): number {
  const odd = text.match(/[\p{Cn}\p{Co}\p{Cc}]|[^\p{L}\p{N}\p{P}\p{Z}\p{S}\p{M}]/gu) ?? [];
  const breaks = text.match(/[\n\r\t]/g)?.length ?? 0;
  const scripts = SCRIPTS.filter((script) => script.test(text)).length;
  return (odd.length - breaks) / Math.max(1, text.length) + Math.max(0, scripts - 3) * 0.1;
}

const SCRIPTS = [
  'Latin',
  'Han',
  'Hiragana',
  'Hangul',
  'Cyrillic',
  'Greek',
  'Arabic',
  'Hebrew',
  'Thai',
  'Devanagari',
  'Gurmukhi',
  'Tamil',
  'Yi',
  'Ethiopic',
  'Canadian_Aboriginal',
  'Vai',
].map((script) => new RegExp(`\\p{Script=${script}}`, 'u'));

function utf32(bytes: Uint8Array, isLittle: boolean): Decoded | null {
  if (bytes.length % 4 !== 0) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: string[] = [];
  for (let at = 4; at < bytes.length; at += 4) {
    const point = view.getUint32(at, isLittle);
    if (point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) return null;
    parts.push(String.fromCodePoint(point));
  }
  return { text: parts.join(''), encoding: isLittle ? 'utf-32le' : 'utf-32be' };
}

const looksLikeText = (text: string): boolean =>
  (text.match(CONTROL)?.length ?? 0) * TEXT_PER_CONTROL <= text.length;
