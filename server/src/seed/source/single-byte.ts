import { tryDecode } from './decode-strict.ts';

/** Letters beyond ASCII of a language; text has no others than these, but for names. */
const WESTERN = [
  'äöüßÄÖÜ', // German
  'àâæçéèêëîïôœùûüÿÀÂÆÇÉÈÊËÎÏÔŒÙÛÜŸ', // French
  'áéíóúñüÁÉÍÓÚÑÜªº', // Spanish
  'áâãàçéêíóôõúüÁÂÃÀÇÉÊÍÓÔÕÚªº', // Portuguese
  'àèéìíîòóùúÀÈÉÌÒÙ', // Italian
  'åäöéÅÄÖÉ', // Swedish, Finnish
  'æøåéòóÆØÅÉ', // Danish, Norwegian
  'áðéíóúýþæöÁÐÉÍÓÚÝÞÆÖ', // Icelandic
  'éëïóöüáèÉËÏÓÖÜ', // Dutch
  'àçéèíïóòúüÀÇÉÈÍÏÓÒÚÜ·', // Catalan
];
/** Letters of loan words, which any of these languages may hold. */
const LOANS = 'éèàçñ';
const CENTRAL = [
  'áčďéěíňóřšťúůýžÁČĎÉĚÍŇÓŘŠŤÚŮÝŽäľĺôŕÄĽĹÔŔ', // Czech, Slovak
  'ąćęłńóśźżĄĆĘŁŃÓŚŹŻ', // Polish
  'áéíóöőúüűÁÉÍÓÖŐÚÜŰ', // Hungarian
  'čćđšžČĆĐŠŽ', // Croatian, Slovene
  'ăâîşţĂÂÎŞŢ', // Romanian
];
const TURKISH = ['çğıöşüâîûÇĞİÖŞÜ'];

/** Signs that are no letters and stand in text of every language. */
const SIGNS = /[\u00a0«»„“”‚‘’–—…•·°§©®™€£¥±×÷½¼¾²³¹¿¡†‰µ¶´¨¸-]/;
/** A non-ASCII sign that no language puts between two letters. */
const IN_WORD = /\p{L}[¹²³¿¡¼½¾£¥¤¦§¨¬¯±¶¸×÷]+\p{L}/u;

const LATIN: readonly { name: string; alphabets: readonly string[] }[] = [
  { name: 'windows-1252', alphabets: WESTERN },
  { name: 'windows-1250', alphabets: CENTRAL },
  { name: 'iso-8859-2', alphabets: CENTRAL },
  { name: 'windows-1254', alphabets: TURKISH },
  { name: 'macintosh', alphabets: WESTERN },
];

/** Scripts of their own, and the letters that make up most of their text, in small. */
const SCRIPTS: readonly { name: string; script: RegExp; common: string }[] = [
  ...['windows-1251', 'koi8-r', 'ibm866', 'iso-8859-5'].map((name) => ({
    name,
    script: /\p{Script=Cyrillic}/u,
    common: 'оеаинтсрвлкмдпуяыьгзіб',
  })),
  {
    name: 'windows-1253',
    script: /\p{Script=Greek}/u,
    common: 'αοιετσνηυρπκμλςάέήίόύώ',
  },
  { name: 'windows-1255', script: /\p{Script=Hebrew}/u, common: 'יוהלאמרתבשנםק' },
  { name: 'windows-1256', script: /\p{Script=Arabic}/u, common: 'ايلمنوتربهعةدسف' },
  { name: 'windows-874', script: /\p{Script=Thai}/u, common: 'านรกเงอมลยวทสดต่้ัี' },
];

/** Fewer accents could be those of a text from DOS. */
const MAC_SIGNS = 3;
const ENOUGH = 0.6;
const MARGIN = 0.12;
/**
 * The single-byte encoding these bytes are in; null if it cannot be told. Accents must all belong to
 * one language's alphabet; another script must have that script's common letters as text has them.
 */
export function guessSingleByte(bytes: Uint8Array): string | null {
  const { highs, runs, touching } = countRuns(bytes);
  if (highs === 0) return null;
  // Words that mix both kinds of letters are Latin ones with accents.
  const isOwn = touching < highs * 0.3 && highs >= runs * 2;
  return isOwn ? guessScript(bytes) : guessLatin(bytes);
}

const isAsciiLetter = (byte: number) =>
  (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);

/** Bytes above 127, in how many runs they are, and how many are in runs beside an ASCII letter. */
function countRuns(bytes: Uint8Array) {
  let [highs, runs, touching, start] = [0, 0, 0, -1];
  for (let at = 0; at <= bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte > 127) {
      if (start < 0) start = at;
      continue;
    }
    if (start < 0) continue;
    const isBeside = isAsciiLetter(byte) || isAsciiLetter(bytes[start - 1] ?? 0);
    runs += 1;
    highs += at - start;
    if (isBeside) touching += at - start;
    start = -1;
  }
  return { highs, runs, touching };
}

function guessLatin(bytes: Uint8Array): string | null {
  for (const { name, alphabets } of LATIN) {
    const text = tryDecode(bytes, name);
    if (text === null || /[\x80-\x9f]/.test(text) || IN_WORD.test(text)) continue;
    const signs = [...text].filter((char) => char > '\x7f' && !SIGNS.test(char));
    const fits = (alphabet: string) =>
      signs.every((char) => alphabet.includes(char) || LOANS.includes(char));
    if (name === 'macintosh' && signs.length < MAC_SIGNS) continue;
    if (alphabets.some(fits)) return name;
  }
  return null;
}

function guessScript(bytes: Uint8Array): string | null {
  const readings = SCRIPTS.flatMap(({ name, script, common }) => {
    const text = tryDecode(bytes, name);
    // A capital within a word is a letter of another encoding.
    if (text === null || /[\x80-\x9f]|\p{Ll}\p{Lu}/u.test(text)) return [];
    const signs = [...text].filter((char) => char > '\x7f' && !SIGNS.test(char));
    const own = signs.filter((char) => script.test(char) || /\p{M}/u.test(char)).length;
    const often = signs.filter((char) => common.includes(char)).length;
    const n = Math.max(1, signs.length);
    return own / n < 0.9 ? [] : [{ name, score: often / n }];
  });
  const [best, second] = readings.sort((a, b) => b.score - a.score);
  if (!best || best.score < ENOUGH) return null;
  return second && best.score - second.score < MARGIN ? null : best.name;
}
