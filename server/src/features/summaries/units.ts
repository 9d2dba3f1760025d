import type { SourceText } from '../../platform/core/knowledge.ts';
import type { Sentence } from '../../platform/text/sentences.ts';
import { contentStems, countWords, wordsOf } from '../../platform/text/words.ts';

/** What the summariser reads of a message or entry; citations count in its Markdown. */
export type SummarySource = Pick<SourceText, 'ref' | 'version' | 'author' | 'text'>;

/** A sentence that may stand in a summary. */
export interface Unit {
  source: SummarySource;
  /** Position of its message among all messages; 0 for a document. */
  turn: number;
  sentence: Sentence;
  /** Distinct stems of its content words. */
  stems: Set<string>;
  words: number;
  /** An unticked task list item. */
  isOpenTask: boolean;
}

/** Everything from here on repeats another message or signs this one. */
const TAIL =
  /^(?:-{2,3}$|_{5,}|-{3,} ?(?:original|forwarded) message|original message\b|sent from my\b|begin forwarded message)/i;
const ATTRIBUTION =
  /^(?:on\b.{4,200}\bwrote:?$|.{2,80}\b(?:wrote|writes|said):$|(?:from|to|cc|date|sent|subject):\s)/i;
const GREETING =
  /^(?:hi|hello|hey|dear|good (?:morning|afternoon|evening))(?: (?:there|all|everyone|everybody|folks|team|guys|\p{Lu}[\p{L}.-]*)){0,3}[,!:.]*$/iu;
const CLOSING =
  /^(?:(?:many |best |kind |warm )?(?:regards|thanks|cheers|wishes)|thank you|thx|sincerely|yours|hth|hope (?:this|that|it) helps)\b[^.?!]{0,60}[.!,]?$/i;
const CONTACT = /\b(?:mailto:|tel(?:ephone)?\b|phone|fax|voice:)|\(\d{3}\) ?\d{3}|\[email\]/i;
const REFERENCES =
  /^(?:links|references|bibliography|further reading|see also|table of contents|contents|change ?log|(?:implementation |document |revision )?history)$/i;
const LINK_ONLY = /^\[[^\]]*\]\([^)]*\)$/;

/**
 * The sentences of a source that a summary may quote, in order: no headings, code, quoted lines,
 * tables, greetings, signatures, bare links, nor sentences under `minWords` words.
 *
 * @param sentences all of the source's, as `sentencesOf` gives them
 */
export function unitsOf(
  source: SummarySource,
  turn: number,
  sentences: readonly Sentence[],
  minWords: number,
): Unit[] {
  const units: Unit[] = [];
  const names = new Set(wordsOf(source.author));
  for (const [i, sentence] of sentences.entries()) {
    if (TAIL.test(sentence.text) || signs(sentence, i, sentences[i + 1], names)) break;
    if (isSkipped(sentence, source.text)) continue;
    const words = countWords(sentence.text);
    if (words < minWords) continue;
    const stems = new Set(contentStems(sentence.text));
    const isOpenTask = /\[ \]\s{1,4}$/.test(
      source.text.slice(Math.max(0, sentence.start - 8), sentence.start),
    );
    units.push({ source, turn, sentence, stems, words, isOpenTask });
  }
  return units;
}

/** Whether a signature starts: the author's own name on a line, or a closing before a short line. */
function signs(
  { text }: Sentence,
  index: number,
  next: Sentence | undefined,
  names: ReadonlySet<string>,
): boolean {
  if (index === 0 || text.length > 80) return false;
  const words = wordsOf(text);
  if (words.length > 0 && words.length < 5 && words.every((word) => names.has(word))) return true;
  return CLOSING.test(text) && (!next || countWords(next.text) < 5);
}

function isSkipped({ kind, text, headings, start, end }: Sentence, markdown: string): boolean {
  if (REFERENCES.test(headings.at(-1) ?? '') || LINK_ONLY.test(markdown.slice(start, end)))
    return true;
  if (kind === 'code' || kind === 'quote' || kind === 'heading' || kind === 'table') return true;
  const head = text.slice(0, 300);
  if (CONTACT.test(head) && !/[.!?:]$/.test(text)) return true;
  if (GREETING.test(head) || CLOSING.test(head) || ATTRIBUTION.test(head)) return true;
  return !isMostlyWords(text);
}

/** Not a path, link, log line or formula: more than half of it is letters and spaces. */
function isMostlyWords(text: string): boolean {
  const plain = text.replace(/https?:\/\/\S+/g, '');
  const letters = plain.match(/[\p{L}\p{M}\s]/gu)?.length ?? 0;
  return letters > 0.6 * text.length;
}
