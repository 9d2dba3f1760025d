/**
 * What kind of answer a question asks for, and whether a sentence holds something of that kind.
 * Surface patterns only: they move a sentence up or down, they never decide alone.
 */
export type QuestionType =
  | 'who'
  | 'when'
  | 'duration'
  | 'count'
  | 'where'
  | 'why'
  | 'how'
  | 'definition'
  | 'which'
  | 'other';

const TYPES: readonly (readonly [QuestionType, RegExp])[] = [
  ['duration', /\bhow (?:long|soon|quickly)\b|\b(?:what|which) duration\b/i],
  [
    'count',
    /\bhow (?:many|much|often|old|far|tall|big|large|high|deep|wide|fast)\b|\b(?:what|which) (?:number|percentage|percent|port|version|price|cost|size|age)\b|\b(?:number|amount) of\b/i,
  ],
  ['when', /\bwhen\b|\b(?:what|which) (?:year|date|day|month|time)\b|\bsince when\b/i],
  ['who', /\bwho(?:'s|m|se)?\b|\b(?:what|which) (?:person|people|team|actor|singer|author)\b/i],
  ['where', /\bwhere\b|\b(?:what|which) (?:place|city|country|channel|folder|page|room)\b/i],
  [
    'why',
    /\bwhy\b|\bhow come\b|\bwhat (?:is|was|are|were) the (?:reason|cause)s?\b|\bfor what reason\b/i,
  ],
  ['how', /\bhow\b/i],
  [
    'which',
    /^\W*(?:(?:at|by|for|from|in|of|on|to|under|with) )?which (?!(?:is|are|was|were|can|could|do|does|did|has|have|should|will|would)\b)\p{L}/iu,
  ],
  [
    'definition',
    /^\W*(?:what(?:'s| is| are)|define|what does) (?:an? |the )?[^\s,]+(?: [^\s,]+){0,2}(?: mean)?\W*$/i,
  ],
];

export function questionType(question: string): QuestionType {
  return TYPES.find(([, pattern]) => pattern.test(question))?.[0] ?? 'other';
}

const MONTHS =
  'jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?';
const DATE = new RegExp(
  `\\b(?:1[0-9]|20)\\d\\d\\b|\\b(?:${MONTHS})\\.? \\d|\\b\\d{1,2}(?:st|nd|rd|th)?,?(?: of)? (?:${MONTHS})\\b|` +
    '\\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\\b|\\b(?:today|tonight|tomorrow|yesterday)\\b|' +
    '\\b\\d{1,2}(?::\\d\\d)? ?(?:am|pm|utc|cet|cest|gmt)\\b|\\b\\d{1,2}:\\d\\d\\b|\\bQ[1-4]\\b|' +
    '\\b(?:next|last|this|every|each) (?:day|week|month|quarter|year|sprint)\\b',
  'i',
);
const NUMBER =
  /\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|fifty|hundred|thousand|million|billion|dozen|once|twice|half|daily|weekly|monthly)\b/i;
const DURATION = new RegExp(
  `(?:${NUMBER.source})[\\s\\w-]{0,16}?(?:seconds?|minutes?|hours?|days?|weeks?|fortnights?|months?|quarters?|years?)\\b`,
  'i',
);
const PLACE =
  /\b(?:in|at|on|near|from|to|of|under|inside) (?:the )?(?:\p{Lu}|[#/`~])|https?:\/\/|(?:^|\s)[#/~][\w/-]{2,}/u;
const REASON =
  /\b(?:because|since|due to|so that|thus|therefore|hence|as a result|reasons?|causes?d?|in order to|to (?:avoid|prevent|ensure|allow|reduce|keep)|led to|leads to|results? (?:in|from))\b/i;
const MEANS =
  /\b(?:by|using|via|through|with|steps?|first|then|run|click|open|select|use|go to|you (?:can|need|must|should)|set|add|create|enter|choose|type)\b/i;
/** Names in code: `JOB_INDEX`, `#help`, `/etc/hosts`, `maxSurge`, `v2`; not "and/or". */
const CODE =
  /(?:[\w.-]{0,40}[_#]|[a-z]{1,40}[A-Z]|\w{0,40}\d|(?<![\w.])\/(?=\w)|[\w-]{1,40}\.[\w.-]{1,40}\/)[\w./-]{0,40}/g;
const NAME = /(?:^|[^\p{L}\p{N}])(@?\p{Lu}[\p{L}\p{N}.'’-]*)/gu;

/**
 * 1 when the sentence holds what the question asks for, else 0; questions of no known kind
 * give 0. `who` wants a capitalised name that is neither in the question nor first in the sentence.
 */
export function typeMatch(type: QuestionType, question: string, sentence: string): number {
  switch (type) {
    case 'who':
      return hasNewName(question, sentence) ? 1 : 0;
    case 'when':
      return DATE.test(sentence) ? 1 : 0;
    case 'duration':
      return DURATION.test(sentence) ? 1 : 0;
    case 'definition':
      return defines(question, sentence) ? 1 : 0;
    case 'count':
      return NUMBER.test(sentence) ? 1 : 0;
    case 'where':
      return PLACE.test(sentence) ? 1 : 0;
    case 'why':
      return REASON.test(sentence) ? 1 : 0;
    case 'how':
      return MEANS.test(sentence) ? 1 : 0;
    case 'which':
      return hasNewName(question, sentence) || hasNewCode(question, sentence) ? 1 : 0;
    case 'other':
      return 0;
  }
}

const ROLE =
  /\b(?:supervisors?|managers?|leads?|leaders?|directors?|officers?|specialists?|coordinators?|admin(?:istrator)?s?|owners?|teams?|groups?|staff|office|department|desk|board|committee|council|employees|members|everyone|anyone|nobody|hr|users?)\b/i;
const RELATIVE =
  /\b(?:after|before|until|once|while|during|upon|as soon as|whenever|within|never|always|immediately|at (?:the )?(?:\w+ )?(?:start|end|beginning|time|creation|startup|night|noon|midnight)|on (?:creation|start|startup))\b/i;

/**
 * Whether one of the lines that are shown holds an answer of the kind asked for, more widely than
 * `typeMatch`, which ranks. Only who, when, which, why, how many and how long can fail: for the
 * others true. Each line by itself: a number here and what is counted there are no answer.
 */
export function holdsType(question: string, lines: readonly string[]): boolean {
  const type = questionType(question);
  return lines.some((line) => isOfType(type, question, line));
}

function isOfType(type: QuestionType, question: string, line: string): boolean {
  const isMatch = typeMatch(type, question, line) === 1;
  switch (type) {
    case 'who':
      return isMatch || ROLE.test(line);
    case 'when':
      return isMatch || DURATION.test(line) || RELATIVE.test(line);
    case 'duration':
      return isMatch || DATE.test(line) || /\b\d+ ?(?:ms|s|m|h|d|min|sec)\b/i.test(line);
    case 'why':
    case 'which':
      return isMatch;
    case 'count':
      if (!namesCounted(question, line)) return false;
      return isMatch || /\b(?:none|no|unlimited|maximum|minimum|always|never)\b/i.test(line);
    default:
      return true;
  }
}

const COUNTED = /\b(?:how (?:many|much)|number of) (\p{L}{3,40})/iu;
const NOT_COUNTED =
  /^(?:are|can|could|did|does|has|have|may|might|must|should|was|were|will|would)$/i;

/** Whether what is counted ("how many hours") is named: a number of something else is no answer. */
function namesCounted(question: string, shown: string): boolean {
  const counted = COUNTED.exec(question)?.[1];
  if (!counted || NOT_COUNTED.test(counted)) return true;
  const stem = counted.toLowerCase().replace(/(?:ies|es|s|y)$/, '');
  return shown.toLowerCase().includes(stem);
}

function hasNewName(question: string, sentence: string): boolean {
  const asked = question.toLowerCase();
  const body = sentence.slice(0, 600);
  for (const match of body.matchAll(NAME)) {
    const name = match[1] ?? '';
    const isFirst = match.index === 0 && !/^@/.test(name) && !/^\p{Lu}\S* \p{Lu}/u.test(body);
    if (name.length > 1 && !isFirst && !asked.includes(name.toLowerCase())) return true;
  }
  return false;
}

function hasNewCode(question: string, sentence: string): boolean {
  const asked = question.toLowerCase();
  const found = sentence.slice(0, 600).match(CODE) ?? [];
  return found.some((name) => name.length > 1 && !asked.includes(name.toLowerCase()));
}

/** Whether a sentence begins with what "What is …?" asks about and goes on to say what it is. */
function defines(question: string, sentence: string): boolean {
  const asked = /(?:is|are|'s|define|does) (?:an? |the )?(.+?)(?: mean)?\W*$/i.exec(question)?.[1];
  if (!asked) return false;
  const body = sentence.toLowerCase().replace(/^\W*(?:an? |the )?/, '');
  if (!body.startsWith(asked.toLowerCase())) return false;
  return /^s?(?: \([^)]{1,60}\))?,? (?:is|are|was|lets?|means?|refers?|stands?|helps?|allows?|provides?|describes?)\b/.test(
    body.slice(asked.length),
  );
}
