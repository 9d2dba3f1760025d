import type { RetrievedPassage, RetrievedSentence } from '../../platform/core/knowledge.ts';
import { isQuestion } from './sentence-cues.ts';

/**
 * Which sentences are never shown as what was found: questions, examples (somebody's balance is not
 * a rule) and pointers to another page. Surface patterns, linear in the sentence.
 */

const EXAMPLE =
  /^\W{0,3}(?:for (?:example|instance)|e\.g\.|examples?\b|imagine\b|suppose\b|let['’]?s say)/i;
const WANTS_EXAMPLE = /\b(?:examples?|samples?|templates?|instance|e\.g\.)/i;
const IN_EXAMPLES = /\bexamples?\b/i;

const POINTS =
  /^\W{0,3}(?:(?:go )?back to|return to|see\b|refer to|read (?:more|the)|check out|visit|learn more|more (?:info|information|details|about)|further reading|for (?:more|further|additional|full|detailed) |next:|previous:|on this page|jump to|skip to|table of contents|contents\b|click here)/i;
const LINK = /!?\[([^\]]{0,300})\]\([^)]{0,2000}\)|\bhttps?:\/\/\S{1,2000}/g;
const WANTS_PLACE = /\b(?:where|link|url|website|site|page|address)\b/i;

/** Whether a sentence of a passage is a question, an example or a pointer. */
export function isUnfit(question: string, passage: RetrievedPassage, index: number): boolean {
  const sentence = passage.sentences[index];
  if (!sentence || isQuestion(sentence.text)) return true;
  if (!WANTS_PLACE.test(question) && isPointer(sentence)) return true;
  if (passage.kind === 'message' || WANTS_EXAMPLE.test(question)) return false;
  return isInExample(passage, index);
}

/** "Back to Slack", "See the guide", or nothing but a link. */
export function isPointer({ text, quote }: Pick<RetrievedSentence, 'text' | 'quote'>): boolean {
  const head = quote.slice(0, 2500);
  const rest = head.replace(LINK, '');
  const hasLink = rest.length < head.length;
  if (hasLink && !/[\p{L}\p{N}]/u.test(rest)) return true;
  return POINTS.test(text.slice(0, 100)) && (hasLink || text.length < 80);
}

/** An example goes on to the end of its paragraph; one that ends in a colon, through the next. */
function isInExample({ heading, sentences }: RetrievedPassage, index: number): boolean {
  if (IN_EXAMPLES.test(heading.split(' › ').at(-1) ?? '')) return true;
  let isExample = false;
  let carriesOn = false;
  for (let i = 0; i <= index; i++) {
    const sentence = sentences[i];
    const before = sentences[i - 1];
    if (!sentence) break;
    const isSame = before !== undefined && sharesParagraph(before, sentence);
    if (!isSame) {
      isExample = carriesOn;
      carriesOn = false;
    }
    if (EXAMPLE.test(sentence.text.slice(0, 80))) isExample = true;
    if (isExample && /[:：]\W{0,3}$/.test(sentence.text.slice(-5))) carriesOn = true;
  }
  return isExample;
}

/** A line end or a space between two sentences; a blank line or a list marker is more. */
const sharesParagraph = (a: RetrievedSentence, b: RetrievedSentence) =>
  a.ref.id === b.ref.id && b.start - a.end <= 2;
