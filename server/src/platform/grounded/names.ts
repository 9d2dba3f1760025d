import { stem } from '../text/stem.ts';
import { contentStems, wordsOf } from '../text/words.ts';

/** Begin a sentence without being about anybody. */
const STARTERS = new Set(
  (
    'yes no according currently additionally however also please note therefore otherwise meanwhile ' +
    'finally overall either neither whether since although unless within every everyone anyone ' +
    'someone people teams team members member employees staff users user nobody nothing instead then ' +
    'first second next last usually generally typically based'
  ).split(' '),
);
const CAPITALISED = /^\p{Lu}/u;
const TOKEN = /[\p{L}\p{N}\p{M}]+(?:['’-][\p{L}\p{N}\p{M}]+)*/gu;

/** What may be named: words of the quotes and of what is around them. */
export interface Vocabulary {
  /** Lower-case words. */
  words: ReadonlySet<string>;
  stems: ReadonlySet<string>;
}

export function vocabularyOf(texts: readonly string[]): Vocabulary {
  const words = new Set(texts.flatMap((text) => wordsOf(text).flatMap(formsOf)));
  return { words, stems: new Set([...words].map(stem)) };
}

/**
 * The names in an English sentence that no evidence has: capitalised words, and the first one unless
 * it is an ordinary word (one that some text here writes small, or that begins sentences).
 */
export function unknownNames(
  sentence: string,
  evidence: Vocabulary,
  ordinary: ReadonlySet<string>,
): string[] {
  const tokens = [...sentence.matchAll(TOKEN)];
  return tokens.flatMap(({ 0: token, index }, position) => {
    if (!CAPITALISED.test(token) || token === 'I') return [];
    const forms = formsOf(token.toLowerCase());
    if (forms.some((form) => evidence.words.has(form) || evidence.stems.has(stem(form)))) return [];
    const isFirst = position === 0 || /[.!?:;("“]\s*$/.test(sentence.slice(0, index));
    if (!isFirst) return [token];
    const next = tokens[position + 1]?.[0] ?? '';
    return isOrdinary(token, ordinary) && !CAPITALISED.test(next) ? [] : [token];
  });
}

/** "Ada's" is Ada; of "check-in" each part counts too. */
function formsOf(word: string): string[] {
  const plain = word.replace(/['’]s?$/, '');
  return [word, plain, ...plain.split(/[-'’]/)];
}

function isOrdinary(token: string, ordinary: ReadonlySet<string>): boolean {
  const small = token.toLowerCase();
  if (contentStems(small).length === 0 || STARTERS.has(small)) return true;
  return ordinary.has(small) || /(?:ly|ing|tions?|ments?|ness)$/.test(small);
}

/** Words that the texts write small. */
export function ordinaryWords(texts: readonly string[]): Set<string> {
  const small = texts.flatMap((text) => text.match(/(?<![\p{L}\p{N}])\p{Ll}[\p{L}\p{M}]*/gu) ?? []);
  return new Set(small);
}

/** The people a text names, of those that are known. */
export function knownNamesIn(text: string, people: readonly string[]): string[] {
  const words = ` ${wordsOf(text).join(' ')} `;
  return people.filter((name) => {
    const spelled = wordsOf(name).join(' ');
    return spelled !== '' && words.includes(` ${spelled} `);
  });
}
