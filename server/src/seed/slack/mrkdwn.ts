import { linkText } from '@teambrain/contract/links.ts';
import { clean } from '../text.ts';
import { withEmoji } from './emoji.ts';
import { escapeAll, escapeStarts, fenced, inlineCode, linkOf, quoted } from './escape.ts';

/** Turns ids in Slack's text into names. */
export interface SlackNames {
  user(id: string): string | undefined;
  channel(id: string): string | undefined;
  /** Address here of who or what has become a person or a space; without one it stays a name. */
  address?(kind: '@' | '#', id: string): string | undefined;
}

/** Somebody or a channel as it is mentioned: linked where it is known here. */
export function mentionIn(names: SlackNames, kind: '@' | '#', id: string, label = ''): string {
  const known = kind === '@' ? names.user(id) : names.channel(id);
  const name = `${kind}${label || known || id}`;
  const address = names.address?.(kind, id);
  return address === undefined ? escapeMention(name) : linkText(name, address);
}

const escapeMention = (name: string) => `${name.slice(0, 1)}${escapeAll(name.slice(1))}`;

/** Stand for finished pieces and for strong emphasis while the rest is worked on. */
const [OPEN, CLOSE, STRONG] = ['\uE000', '\uE001', '\uE002'];
const CODE = /```([\s\S]*?)```|`([^`\n]+)`/g;
const REFERENCE = /<([^<>\n\uE000]*)>/g;
const PIECE = new RegExp(`${OPEN}(\\d+)${CLOSE}`, 'g');

/**
 * A Slack message's text (mrkdwn) as Markdown that shows the same: references by name, links, bold
 * and struck text, quotations that end where Slack ends them, emoji, code as it stands; signs that
 * only Markdown would take for markup are escaped. Linear in the text and total: every string gives
 * a string.
 */
export function markdownOf(mrkdwn: string, names: SlackNames): string {
  const text = clean(mrkdwn).replace(/[\uE000-\uE003]/g, '');
  const pieces: string[] = [];
  const keep = (piece: string) => `${OPEN}${pieces.push(piece) - 1}${CLOSE}`;
  const withoutCode = text.replace(CODE, (whole, block?: string, inline?: string) => {
    if (block !== undefined && block.trim()) return keep(`\n${fenced(plainOf(block, names))}\n`);
    return inline?.trim() ? keep(inlineCode(plainOf(inline, names))) : keep(escapeAll(whole));
  });
  const open = withoutCode.replace(REFERENCE, (_, inner: string) =>
    keep(referenceOf(inner, names)),
  );
  const finish = (part: string) =>
    marksOf(unescape(withEmoji(part)))
      .replace(PIECE, (_, n: string) => pieces[Number(n)] ?? '')
      .replaceAll(STRONG, '**')
      .replace(/\n{3,}/g, '\n\n')
      .replace(/^\n+|\s+$/g, '');
  const runs = runsOf(open).map(({ kind, text: part }) => {
    const finished = finish(part);
    return kind === 'quote' && finished ? quoted(finished) : finished;
  });
  return runs.filter(Boolean).join('\n\n');
}

type Run = { kind: 'text' | 'quote' | 'list'; text: string };

/**
 * A line that begins with `>` is a quotation by itself, everything behind `>>>` is one; neither a
 * quotation nor a list takes in the line after it, as it would in Markdown.
 */
function runsOf(text: string): Run[] {
  const runs: Run[] = [];
  let isRest = false;
  for (const line of text.split('\n')) {
    const [, three, one] = /^(?:((?:&gt;|>){3})|(&gt;|>)) ?/.exec(line) ?? [];
    const last = runs.at(-1);
    // A lone sign quotes nothing: it is what somebody typed.
    const isEmpty =
      one !== undefined && last?.kind !== 'quote' && line.slice(one.length).trim() === '';
    const mark = isRest || isEmpty ? '' : (three ?? one ?? '');
    isRest ||= three !== undefined;
    const kind = isRest || mark ? 'quote' : /^(?:[-*]|\d{1,2}\.) /.test(line) ? 'list' : 'text';
    const content = mark ? line.slice(mark.length).replace(/^ /, '') : line;
    const joins = last?.kind === kind || (last?.kind === 'text' && kind === 'list');
    if (last && joins) runs[runs.length - 1] = { kind, text: `${last.text}\n${content}` };
    else runs.push({ kind, text: content });
  }
  return runs;
}

/** Slack's own formatting, line by line, and escapes for what is none in Slack. */
function marksOf(text: string): string {
  const marked = text
    .replace(
      /(?<![\p{L}\p{N}*\\])\*(?=[^\s*])([^*\n]*[^\s*])\*(?![\p{L}\p{N}*])/gu,
      `${STRONG}$1${STRONG}`,
    )
    .replace(/(?<![\p{L}\p{N}~\\])~(?=[^\s~])([^~\n]*[^\s~])~(?![\p{L}\p{N}~])/gu, '~~$1~~')
    .replace(/(?<=\S)\*|\*(?=[^\s*])/g, '\\*')
    .replace(/__/g, '\\_\\_');
  return escapeStarts(marked);
}

/** `&lt;` and the like as signs, escaped where Markdown would read markup; own backslashes too. */
function unescape(text: string): string {
  return text
    .replace(/\\(?=[!-/:-@[-`{-~])/g, '\\\\')
    .replace(/<(?=[A-Za-z/!?])/g, '\\<')
    .replace(/&(amp|lt|gt);(?=([\s\S]?))/g, (_, name: string, next: string) => {
      if (name === 'lt') return /[A-Za-z/!?]/.test(next) ? '\\<' : '<';
      if (name === 'gt') return '>';
      return /[A-Za-z#]/.test(next) ? '\\&' : '&';
    })
    .replace(/\[(?=[^\]\n]*\][([:])/g, '\\[')
    .replace(/^>/gm, '\\>');
}

const SIGNS: Record<string, string> = { amp: '&', lt: '<', gt: '>' };
const decode = (text: string) =>
  text.replace(/&(amp|lt|gt);/g, (_, name: string) => SIGNS[name] ?? '');

/** Text for code: references by their words, signs unescaped, nothing marked. */
function plainOf(text: string, names: SlackNames): string {
  const named = text.replace(REFERENCE, (whole, inner: string) => {
    const { kind, id, label } = partsOf(inner);
    if (kind === '@') return `@${label || names.user(id) || id}`;
    if (kind === '#') return `#${label || names.channel(id) || id}`;
    return kind || ADDRESS.test(id) ? label || id : whole;
  });
  return decode(named);
}

/** What Slack writes as a link: an address with a scheme. */
const ADDRESS = /^[a-z][a-z\d+.-]*:\S/i;

function partsOf(inner: string) {
  const kind = /^[@#!]/.exec(inner)?.[0] ?? '';
  const rest = inner.slice(kind.length);
  const bar = rest.indexOf('|');
  const id = bar < 0 ? rest : rest.slice(0, bar);
  return { kind, id, label: bar < 0 ? '' : rest.slice(bar + 1).trim() };
}

function referenceOf(inner: string, names: SlackNames): string {
  const { kind, id, label } = partsOf(inner);
  if (kind === '@' || kind === '#') return mentionIn(names, kind, id, label);
  if (kind === '!') return escapeAll(label || `@${id.replace(/^subteam\^/, '')}`);
  if (!ADDRESS.test(id)) return escapeAll(`<${decode(inner)}>`);
  return linkOf(decode(id), decode(label));
}
