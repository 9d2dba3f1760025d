import { tryDecode } from './decode-strict.ts';

interface Encoding {
  name: string;
  /** How a pair of bytes counts: what is written often in this encoding's languages, or not. */
  isCommon(lead: number, trail: number): boolean;
  isKana?(lead: number, trail: number): boolean;
  /** Bytes above 127 that stand alone (half-width kana) count as one uncommon character. */
  isLead(byte: number): boolean;
}

const between = (from: number, to: number) => (byte: number) => byte >= from && byte <= to;
const high = between(0xa1, 0xfe);

/**
 * The first level of each character set: the few thousand characters of everyday writing, kana,
 * hangul, punctuation. Text in the encoding is nearly all of these; read in another, it is scattered
 * over the whole table.
 */
const ENCODINGS: readonly Encoding[] = [
  {
    name: 'shift_jis',
    isLead: (byte) => between(0x81, 0x9f)(byte) || between(0xe0, 0xfc)(byte),
    isKana: (lead, trail) => (lead === 0x82 && trail >= 0x9f) || (lead === 0x83 && trail <= 0x96),
    isCommon: (lead, trail) =>
      between(0x81, 0x83)(lead) ||
      (lead === 0x88 && trail >= 0x9f) ||
      (lead === 0x98 && trail <= 0x72) ||
      between(0x89, 0x97)(lead),
  },
  {
    name: 'euc-jp',
    isLead: high,
    isKana: (lead) => lead === 0xa4 || lead === 0xa5,
    isCommon: (lead) => between(0xa1, 0xa5)(lead) || between(0xb0, 0xcf)(lead),
  },
  {
    name: 'gb18030',
    isLead: between(0x81, 0xfe),
    isCommon: (lead, trail) =>
      high(trail) && (lead === 0xa1 || lead === 0xa3 || between(0xb0, 0xd7)(lead)),
  },
  {
    name: 'big5',
    isLead: between(0x81, 0xfe),
    isCommon: (lead) => between(0xa1, 0xa3)(lead) || between(0xa4, 0xc6)(lead),
  },
  {
    name: 'euc-kr',
    isLead: between(0x81, 0xfe),
    isCommon: (lead, trail) =>
      high(trail) && (lead === 0xa1 || lead === 0xa3 || between(0xb0, 0xc8)(lead)),
  },
];

const ENOUGH = 0.85;
const MARGIN = 0.08;
/** One kana in so many characters is in every Japanese sentence, and in none of other languages. */
const KANA_SHARE = 1 / 15;

/** The double-byte encoding these bytes are in; null if none, or if two would do. */
export function guessDoubleByte(bytes: Uint8Array): string | null {
  const readings = ENCODINGS.flatMap((encoding) => {
    const counts = countPairs(bytes, encoding);
    if (!counts || tryDecode(bytes, encoding.name) === null) return [];
    const isJapanese = encoding.isKana !== undefined;
    const enough = counts.kana >= counts.pairs * KANA_SHARE && counts.kana > 0;
    if (isJapanese && !enough) return [];
    // Hangul lie among the characters of everyday Chinese; a text of them alone is Korean.
    const share = counts.common / counts.pairs;
    const isKorean = encoding.name === 'euc-kr' && counts.pairs >= 8 && share > 0.97;
    // In the character sets of China kana have a place too, and Chinese does without them.
    const score = share + (isJapanese || isKorean ? 0.1 : 0);
    return [{ name: encoding.name, score }];
  });
  const [best, second] = readings.sort((a, b) => b.score - a.score);
  if (!best || best.score < ENOUGH) return null;
  return second && best.score - second.score < MARGIN ? null : best.name;
}

function countPairs(bytes: Uint8Array, encoding: Encoding) {
  let [pairs, common, kana] = [0, 0, 0];
  for (let at = 0; at < bytes.length; at++) {
    const lead = bytes[at] ?? 0;
    if (lead < 0x80) continue;
    pairs += 1;
    if (!encoding.isLead(lead)) continue;
    const trail = bytes[++at] ?? 0;
    if (encoding.isCommon(lead, trail)) common += 1;
    if (encoding.isKana?.(lead, trail)) kana += 1;
  }
  return pairs >= 3 ? { pairs, common, kana } : null;
}
