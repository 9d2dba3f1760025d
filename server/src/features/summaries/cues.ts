/**
 * Decisions and action items by their wording. Precision is about one half (shared/design/AI.md,
 * section 5): they are suggestions to confirm, never facts. Marks such as "Decision:" are certain.
 */
export type Cue = 'decision' | 'action';

const MARKED_DECISION =
  /^\W{0,4}(?:\/decision|decision|decided|agreed|resolved|resolution|chosen option)\W{0,3}[:–]/i;
const MARKED_ACTION =
  /^\W{0,4}(?:\/todo|todo|to-do|action(?: item| point)?s?|next steps?)\W{0,3}[:–]/i;
const COMMAND = /^\/(decision|todo)\b/i;

const WE = "(?:we|it was|the team|everyone|everybody|the group)(?:['’]ve| have| has)?";
const DECIDED = new RegExp(
  `\\b${WE} (?:all |just |now |finally |also |then |unanimously )?(?:decided|agreed|concluded|approved|settled on)\\b|` +
    "\\b(?:we['’]ll|we will|we are going to|we['’]re going to|let['’]s) (?:go|stick|stay) with\\b",
  'i',
);
const TASK =
  'send|check|fix|review|update|post|draft|write|prepare|schedule|create|open|file|merge|deploy|add|ask|talk|follow up|look into|investigate|test|document|share|set up|submit|handle|take care|report|remove|move|upload|call|contact|organi[sz]e|rewrite|release|ship';
const PROMISE = new RegExp(
  `\\b(?:I['’]ll|I will|I am going to|I['’]m going to) (?:\\w{1,20} ){0,2}(?:${TASK})\\b`,
  'i',
);
const REQUEST = new RegExp(
  `(?:@[\\w.-]{1,40}|^\\p{Lu}\\p{L}{1,30}),?:? (?:please|pls|can you|could you|would you)(?: please)? (?:\\w{1,20} )?(?:${TASK})\\b`,
  'u',
);
const DUE =
  /\b(?:will|please|must|need to|needs to|have to|has to|due|deadline|finish|deliver|done|ready)\b.{0,120}\bby (?:(?:next |this )?(?:mon|tues|wednes|thurs|fri|satur|sun)day|tomorrow|tonight|eod|eow|end of|next week|\d{1,2}(?:st|nd|rd|th)?\b|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))/i;
const DOUBT =
  /\bif\b|\bshould we\b|\bmight\b|\bmaybe\b|\bI think\b|\bnot sure\b|\b(?:will not|won['’]t) be able\b|\bI(?:['’]ll| will) try\b|\blet me\b|\bunless\b/i;

/** What a sentence seems to record; null for most. Looks at its first 400 characters. */
export function cueOf(sentence: string): Cue | null {
  const text = sentence.slice(0, 400);
  const command = COMMAND.exec(text)?.[1]?.toLowerCase();
  if (command === 'decision' || MARKED_DECISION.test(text)) return 'decision';
  if (command === 'todo' || MARKED_ACTION.test(text)) return 'action';
  if (DOUBT.test(text)) return null;
  if (REQUEST.test(text)) return 'action';
  if (text.includes('?')) return null;
  if (DECIDED.test(text)) return 'decision';
  return PROMISE.test(text) || DUE.test(text) ? 'action' : null;
}
