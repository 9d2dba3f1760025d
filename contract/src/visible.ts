/**
 * What people see of a text. Names, titles and messages have to show something; a name shows all
 * there is of it, so that nobody passes for somebody else. Schemas name these rules as formats.
 */

/** Blanks that Unicode counts as letters or symbols, beside those that it calls ignorable. */
const BLANK = '\\u2800\\u{1D159}\\u{13441}\\u{13442}';
const SHOWS = new RegExp(
  `(?![\\p{Default_Ignorable_Code_Point}${BLANK}])[\\p{L}\\p{N}\\p{P}\\p{S}\\p{Co}]`,
  'u',
);
const HIDDEN = new RegExp(`[\\p{Default_Ignorable_Code_Point}\\p{C}\\p{Zl}\\p{Zp}${BLANK}]`, 'u');
/** Marks upon marks reach over the lines above and below. */
const STACKED = /\p{M}{7}/u;
/** They turn the direction of what follows, also outside of the text. */
const TURNS = /[\u202A-\u202E\u2066-\u2069]/;

/** Invisible characters that belong to what is seen: of emoji, and joiners of scripts that need them. */
const WANTED = [
  /\u{1F3F4}[\u{E0030}-\u{E0039}\u{E0061}-\u{E007A}]{1,6}\u{E007F}/gu,
  /[0-9#*]\uFE0F\u20E3/g,
  /(?<=\p{Extended_Pictographic})[\uFE0E\uFE0F]/gu,
  /(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F])\u200D(?=\p{Extended_Pictographic})/gu,
  /(?<=[\p{L}\p{M}])(?<![\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}])[\u200C\u200D](?=\p{L})(?![\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}])/gu,
];

/** Whether anything of a text is seen. */
export const isShown = (text: string): boolean => SHOWS.test(text);

/** Whether a text can name a person or a space: it shows, and hides nothing. */
export function isName(text: string): boolean {
  // The joiner of two emoji is removed before the emoji themselves.
  const rest = [...WANTED].reverse().reduce((left, wanted) => left.replace(wanted, ''), text);
  return isShown(text) && !HIDDEN.test(rest) && !STACKED.test(text);
}

/** A text without the characters that names may not have: what is left may still show nothing. */
export function withoutHidden(text: string): string {
  if (isName(text)) return text;
  return text.replace(new RegExp(HIDDEN, 'gu'), '').replace(/(\p{M}{6})\p{M}+/gu, '$1');
}

/** Whether a text can be a title: it shows, and turns no other text around. */
export const isTitle = (text: string): boolean => isShown(text) && !TURNS.test(text);

/** A text without the marks that titles may not have. */
export const withoutTurns = (text: string): string => text.replace(new RegExp(TURNS, 'gu'), '');

const ENTITY = /&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,31}));/gi;
const UNSEEN =
  /^(?:nbsp|[ert]?[nm]sp|emsp1[34]|numsp|puncsp|thinsp|hairsp|zwn?j|shy|[lr]rm|ZeroWidthSpace|NoBreak|NonBreakingSpace|MediumSpace|ThinSpace|VeryThinSpace|ThickSpace|InvisibleTimes|InvisibleComma|ApplyFunction|Tab|NewLine|i[ct]|af)$/;

/** Whether a message shows something once its Markdown is read. */
export function isMessage(markdown: string): boolean {
  if (!isShown(markdown)) return false;
  if (!markdown.includes('&')) return true;
  const read = (_: string, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return UNSEEN.test(name) ? ' ' : 'x';
    const code = decimal ? Number(decimal) : Number.parseInt(hex ?? '', 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : 'x';
  };
  return isShown(markdown.replace(ENTITY, read));
}

/** What a text must be to fit a format, as a sentence about the field goes on. */
export const formats: Record<string, { fits: (text: string) => boolean; words: string }> = {
  name: {
    fits: isName,
    words:
      'has to be visible, without invisible characters or marks that change the text direction',
  },
  title: {
    fits: isTitle,
    words: 'has to show something, without marks that change the text direction',
  },
  message: { fits: isMessage, words: 'would look empty: it needs something that can be seen' },
  emoji: { fits: isEmoji, words: 'has to be one emoji' },
};

const RGI = emojiPattern();

/** Emoji sequences as Unicode lists them; null where the browser is too old to know the list. */
function emojiPattern(): RegExp | null {
  try {
    return new RegExp('^\\p{RGI_Emoji}$', 'v');
  } catch {
    return null;
  }
}

/** Whether a text is one emoji and nothing else. */
export function isEmoji(text: string): boolean {
  // Also an emoji newer than the list, and one without the selector that makes it colourful.
  if (/^\p{Extended_Pictographic}\uFE0F?$/u.test(text)) return true;
  const full = text.replace(
    /(?!\p{Emoji_Presentation})\p{Extended_Pictographic}(?!\uFE0F|\p{Emoji_Modifier})/gu,
    '$&\uFE0F',
  );
  return RGI ? RGI.test(text) || RGI.test(full) : text.length <= 16 && /^\p{Emoji}/u.test(text);
}
