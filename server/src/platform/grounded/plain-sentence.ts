const MAX_LENGTH = 600;
/** Marks that a reader would not see, or that turn text round. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u;
/** What would be a link, a picture or HTML where it is rendered. */
const ACTIVE =
  /!\[|\]\(|\]\[|<[a-z/!?]|&#?\w{1,10};|\b[a-z][a-z0-9+.-]{1,20}:\/\/|\bwww\.|\b(?:javascript|data|mailto):/i;
const EMPHASIS = /\*\*|__|(?<![\p{L}\p{N}])[*_`]|[*_`](?![\p{L}\p{N}])/gu;
const WORD = /[\p{L}\p{M}]+/gu;
const SCRIPTS = ['Latin', 'Cyrillic', 'Greek'].map(
  (script) => new RegExp(`\\p{Script=${script}}`, 'u'),
);

/** A model's sentence as plain text of one line, without Markdown's marks; null for what is none. */
export function plainSentence(text: string): string | null {
  const plain = text
    .replace(/^\s{0,8}(?:[-*•]|\d{1,2}[.)])\s{1,4}/, '')
    .replace(EMPHASIS, '')
    .replace(/\s+/g, ' ')
    .trim();
  if (plain.length > MAX_LENGTH || !/\p{L}{2}/u.test(plain)) return null;
  if (UNSEEN.test(plain) || ACTIVE.test(plain)) return null;
  return (plain.match(WORD) ?? []).some(mixesScripts) ? null : plain;
}

/** A word of letters that look alike in two alphabets: "раypal". */
const mixesScripts = (word: string) => SCRIPTS.filter((script) => script.test(word)).length > 1;
