/**
 * What the surface of a sentence says about its use as a quote. Patterns only: all but `isQuestion`
 * move a sentence up or down and never decide alone.
 */

const OPENING = '^(?:(?:so|and|but|hi|hey|hello|ok|also|btw|well|sorry|please)[, ]+){0,3}';
const SOMEONE = 'any(?:one|body|thing)?|some(?:one|body)|you|we|i|they';
/** Questions without a question mark, as people write in chat; not "Will do" or "Do this first". */
const ASKING = new RegExp(
  `${OPENING}(?:` +
    "(?:who|what|when|where|why|which|how)(?:'s| (?:is|are|was|were|do|does|did|can|could|should|would|will|has|to|much|many|long|often))|" +
    `(?:is|are|was|were) (?:there|it|this|that|the|he|she|${SOMEONE})|` +
    `(?:do|does|did|can|could|should|shall|would|will|has|have) (?:${SOMEONE})|` +
    'any(?:one|body) (?:know|knows|have|has|seen|tried|got|here))\\b',
  'i',
);

/** Whether a sentence asks: it ends with a question mark, or begins like a question in chat. */
export function isQuestion(sentence: string): boolean {
  const text = sentence.trim();
  if (/[?？][\s"'”’)\]*_]{0,8}$/.test(text.slice(-12))) return true;
  if (!ASKING.test(text)) return false;
  return /[?？]/.test(text) || (text.length < 160 && !/[.:;!]$/.test(text));
}

/** Someone tells of a need or a failure of their own, at the start of a clause. */
const TROUBLE = new RegExp(
  '(?:^(?:@?[\\w.-]{1,40}[,:]? +)?|[.,;:!?-] |\\b(?:and|but|so|because) )(?:' +
    "(?:i'?m|i am|i'?ve been|i was) (?:trying|having|looking|getting|wondering|stuck|not able|unable|running into|new)|" +
    "i (?:need|want|wanna|would like|tried|try|keep|can'?t|cannot|couldn'?t|don'?t|didn'?t|do not|did not|really d\\w+n'?t|still|have (?:a|an|this|some))\\b|" +
    "i'?d like|i'?ve (?:tried|got)|my \\w+ (?:is|are|does|do|did|won'?t|can'?t|keeps?|has)|" +
    'need(?:ing)? (?:to|help|a|an|some)|trying to|looking for|having (?:an? |some )?(?:problems?|troubles?|issues?)|help me\\b|how to\\b)|' +
    "\\b(?:do(?:es)?n'?t|does not|won'?t|is ?n'?t|not) (?:work|seem|look)(?:ing|s)?\\b",
  'i',
);

/** Whether a line of chat tells of a trouble instead of a way out of one. */
export const isTrouble = (sentence: string): boolean => TROUBLE.test(sentence.slice(0, 250));

/** "As noted above, …", "For example, …": the sentence leans on one that is not quoted. */
const LEANING =
  /^(?:as (?:noted|mentioned|described|explained|stated|above)|for (?:example|instance)|e\.g\.|in (?:this|that|the) case|otherwise|therefore|thus|also|however|this|that|these|those|it|they|he|she|such|then|similarly|instead)\b/i;

const PENDING =
  'written|done|decided|defined|determined|added|announced|confirmed|documented|known';
/** "To be written", "TBD", "I do not know yet", and no more than that. */
const PLACEHOLDER = new RegExp(
  `^\\W{0,3}(?:(?:this|it|that|the answer) )?(?:is |will be )?(?:still )?(?:to be (?:${PENDING})|` +
    `not (?:yet )?(?:${PENDING}|answered)|tb[acd]|todo|wip|coming soon|(?:a )?work in progress|` +
    "under construction|open|unknown|undecided|(?:i|we) (?:do not|don['’]?t) know|no idea|nobody knows|" +
    'no answer|nothing|n\\/a)(?: (?:yet|here|so far|for now|soon))?\\W{0,3}$',
  'i',
);

/** Whether a sentence only says that there is no answer yet. */
export const isPlaceholder = (sentence: string): boolean => PLACEHOLDER.test(sentence.slice(0, 80));

/**
 * 1 for a sentence that breaks off or answers a question of another ("Yes. …"), ½ for one that leans on the one before, else 0. A colon breaks
 * off only where nothing follows: what it introduces is shown with it.
 */
export function dangling(sentence: string, isFollowed = false): number {
  const text = sentence.trim();
  if (/[:：]["'”’)\]*_]{0,3}$/.test(text) && !isFollowed) return 1;
  if (!/[\s\p{P}]/u.test(text) || /^(?:yes|no|n\/a)(?:[.,!:;]| [–-] )/i.test(text)) return 1;
  return LEANING.test(text) ? 0.5 : 0;
}

/** The name a line of chat is addressed to ("@ana …", "ana: …"), in lower case, or null. */
export function addressee(sentence: string): string | null {
  const match = /^@([\w.-]{2,40})\b|^([\w.-]{2,40})[:,] /.exec(sentence);
  return (match?.[1] ?? match?.[2])?.toLowerCase() ?? null;
}
