import { foldedForm, readable, type Readable } from './fold.ts';

/** A word as the search knows it, with its place in the text. */
export interface SearchWord {
  /** In small letters, without accents. */
  form: string;
  /** Range in the text, UTF-16 units, end exclusive. */
  start: number;
  end: number;
  /**
   * `word`: in a form that may have to be stemmed. `exact`: two characters of a script without
   * spaces, an emoji, a name with signs (`c++`). `joined`: two neighbours as one (`opsteam` of
   * `ops-team`), which says more where it is found, and is not missed where it is not. `inner`: a part
   * by which the whole is found (`name` of `getUserName`); who types the whole does not mean the part.
   */
  kind: 'word' | 'exact' | 'joined' | 'inner';
}

/** Longer words are cut: nobody types them, and an index has no room for them. */
const MAX_LENGTH = 100;
const ASCII = /^\p{ASCII}*$/u;

const WORDLIKE = '\\p{L}\\p{N}\\p{M}';
/** Scripts without spaces between words, and Korean, which joins its particles to them. */
const UNSPACED =
  '\\p{scx=Han}\\p{scx=Hiragana}\\p{scx=Katakana}\\p{scx=Hangul}\\p{scx=Bopomofo}' +
  '\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}\\p{sc=Myanmar}\\p{sc=Tibetan}';
const PICTURE =
  '\\p{Extended_Pictographic}(?:\\uFE0F|\\p{Emoji_Modifier}|[\\u{E0020}-\\u{E007F}])*';
/** An emoji, a run of an unspaced script, or another word, in this order of preference. */
const TOKEN = new RegExp(
  `(${PICTURE}(?:\\u200D${PICTURE})*|\\p{RI}\\p{RI}|[0-9#*]\\uFE0F?\\u20E3)` +
    `|((?:(?=[${WORDLIKE}])[${UNSPACED}]\\p{M}*)+)` +
    `|((?:(?=[\\p{L}\\p{N}])[^${UNSPACED}]\\p{M}*)+)`,
  'gu',
);
/** The same of ASCII, where only the last is there: in a quarter of the time. */
const ASCII_TOKEN = /()()([a-z0-9]+)/gi;
/** What holds two words together: `ops-team`, `user@host`, `a/b`, `x::y`, `1.2`, `snake_case`. */
const JOINER = /^[-\u2010\u2011_./\\:@+&=~#%?]{1,3}$/;
/** C++, C#, F#; and from its sign on: .NET, .env. */
const SIGNS_AFTER = /^(?:\+\+|#)(?![\p{L}\p{N}])/u;
/** Between `get` and `User` of getUser, and between `HTTP` and `Server` of HTTPServer. */
const HUMPS = /(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u;

interface Place extends Readable {
  found: SearchWord[];
}

/**
 * The words of a text in its order, the same for what is indexed, looked for and highlighted.
 * Scripts without spaces become pairs of neighbouring characters: what is part of a text has only
 * pairs of that text, which words cut by a dictionary do not promise. Linear in the text.
 */
export function searchWordsOf(source: string): SearchWord[] {
  const place: Place = { ...readable(source), found: [] };
  const { text } = place;
  let before: { form: string; start: number; end: number } | null = null;
  const tokens = text.matchAll(ASCII.test(text) ? ASCII_TOKEN : TOKEN);
  for (const { 0: token, 1: emoji, 2: unspaced, index: start } of tokens) {
    const end = start + token.length;
    if (emoji || unspaced) {
      if (emoji) addEmoji(place, token, start);
      else addPairs(place, token, start);
      before = null;
      continue;
    }
    const form = foldedForm(token);
    if (form === '') continue;
    if (before && start - before.end <= 3 && JOINER.test(text.slice(before.end, start))) {
      // 1.23 is not 12.3.
      const isNumber = /\p{N}$/u.test(before.form) && /^\p{N}/u.test(form);
      add(place, `${before.form}${isNumber ? '-' : ''}${form}`, before.start, end, 'joined');
    }
    addWord(place, token, form, start);
    before = { form, start, end };
  }
  return place.found;
}

function add(
  { found, startOf, endOf }: Place,
  form: string,
  start: number,
  end: number,
  kind: SearchWord['kind'],
) {
  if (form === '') return;
  // Half a surrogate pair is no text.
  const own =
    form.length > MAX_LENGTH ? form.slice(0, MAX_LENGTH).replace(/[\uD800-\uDBFF]$/, '') : form;
  found.push({ form: own, start: startOf(start), end: endOf(end - 1), kind });
}

function addWord(place: Place, token: string, form: string, start: number) {
  const { text } = place;
  const end = start + token.length;
  add(place, form, start, end, 'word');
  const next = text[end];
  const signs = next === '+' || next === '#' ? SIGNS_AFTER.exec(text.slice(end, end + 3))?.[0] : '';
  if (signs) add(place, form + signs, start, end + signs.length, 'exact');
  const isNamed = text[start - 1] === '.' && !/[^\s([{"'`]/u.test(text[start - 2] ?? ' ');
  if (isNamed) add(place, `.${form}`, start - 1, end, 'exact');
  if (/^0x./.test(form)) add(place, form.slice(2), start + 2, end, 'inner');
  else if (token !== form && token.length <= MAX_LENGTH) addHumps(place, token, start);
}

function addHumps(place: Place, token: string, start: number) {
  const humps = token.split(HUMPS);
  let at = start;
  let last = '';
  for (const hump of humps.length > 1 ? humps : []) {
    const own = foldedForm(hump);
    add(place, own, at, at + hump.length, 'inner');
    if (last && humps.length > 2) {
      add(place, foldedForm(last) + own, at - last.length, at + hump.length, 'inner');
    }
    at += hump.length;
    last = hump;
  }
}

/** `部署方案` is found by 部署, 署方 and 方案; one character by what begins with it, or by the last. */
function addPairs(place: Place, token: string, start: number) {
  const clusters = token.match(/\P{M}\p{M}*/gu) ?? [];
  let at = start;
  let last = '';
  for (const cluster of clusters) {
    const end = at + cluster.length;
    if (last) add(place, foldedForm(last + cluster), at - last.length, end, 'exact');
    at = end;
    last = cluster;
  }
  add(place, foldedForm(last), at - last.length, at, clusters.length > 1 ? 'inner' : 'exact');
}

/** One for all colours of skin; 👩‍🚀 is found by 👩 and 🚀 too. */
function addEmoji(place: Place, token: string, start: number) {
  add(place, emojiForm(token), start, start + token.length, 'exact');
  let at = start;
  const parts = token.split('\u200D');
  for (const part of parts.length > 1 ? parts : []) {
    add(place, emojiForm(part), at, at + part.length, 'inner');
    at += part.length + 1;
  }
}

const emojiForm = (token: string) => token.replace(/[\uFE0E\uFE0F]|\p{Emoji_Modifier}/gu, '');
