import { clean, textOf } from '../text.ts';
import { emojiOf } from './emoji.ts';
import { escapeAll, escapeText, fenced, inlineCode, linkOf, quoted } from './escape.ts';
import { objectOf, objectsOf, wordOf, type Json } from './json.ts';
import { mentionIn, type SlackNames } from './mrkdwn.ts';
import { looseText } from './loose.ts';

/** What Slack's editor makes of a message: sections, lists, quotations and code, as Markdown. */
export function richText(block: Json, names: SlackNames): string {
  const parts: string[] = [];
  let list: string[] = [];
  const counters: number[] = [];
  const endList = () => {
    if (list.length > 0) parts.push(list.join('\n'));
    list = [];
  };
  for (const element of objectsOf(block['elements'])) {
    const type = element['type'];
    if (type === 'rich_text_list') {
      list.push(...listLines(element, names, list.length === 0, counters));
      continue;
    }
    endList();
    if (type === 'rich_text_section') parts.push(inlineText(element, names));
    else if (type === 'rich_text_quote') parts.push(quoted(inlineText(element, names).trim()));
    else if (type === 'rich_text_preformatted') parts.push(fenced(plainText(element, names)));
    else parts.push(escapeText(looseText(element)));
  }
  endList();
  return parts
    .map((part) => part.replace(/^\n+|\s+$/g, ''))
    .filter(Boolean)
    .join('\n\n');
}

/** One level is four blanks: enough for any marker, and not yet code. */
function listLines(list: Json, names: SlackNames, isFirst: boolean, counters: number[]): string[] {
  const wanted = Number(list['indent']) || 0;
  const level = Math.max(0, Math.min(wanted, isFirst ? 0 : counters.length, 9));
  counters.length = Math.min(counters.length, level + 1);
  const isOrdered = list['style'] === 'ordered';
  if (!isOrdered) counters[level] = 0;
  const offset = Number(list['offset']) || 0;
  if (isOrdered && (offset > 0 || counters[level] === undefined)) counters[level] = offset;
  return objectsOf(list['elements']).map((item) => {
    const number = (counters[level] = (counters[level] ?? 0) + 1);
    const blanks = '    '.repeat(level);
    const text = inlineText(item, names).trim().replace(/\n+/g, `\n${blanks}    `);
    return `${blanks}${isOrdered ? `${number}.` : '-'} ${text}`;
  });
}

/** Signs that stand for what is finished, while lines are escaped around them. */
const [OPEN, CLOSE] = ['\uE000', '\uE001'];

function inlineText(section: Json, names: SlackNames): string {
  const pieces: string[] = [];
  const keep = (piece: string) => (piece ? `${OPEN}${pieces.push(piece) - 1}${CLOSE}` : '');
  const text = objectsOf(section['elements'])
    .map((element) => {
      const own = clean(textOf(element['text'])).replace(/[\uE000-\uE003]/g, '');
      const style = objectOf(element['style']);
      if (element['type'] !== 'text') return keep(styled(elementText(element, names), style));
      if (style['code']) return keep(styled(inlineCode(own), style));
      return Object.values(style).some(Boolean) ? keep(styled(escapeAll(own), style)) : own;
    })
    .join('');
  return escapeText(text).replace(
    new RegExp(`${OPEN}(\\d+)${CLOSE}`, 'g'),
    (_, n: string) => pieces[Number(n)] ?? '',
  );
}

/** Marks must touch what they mark, and end with the line. */
function styled(markdown: string, style: Json): string {
  const marks = [
    style['strike'] ? '~~' : '',
    style['bold'] ? '**' : '',
    style['italic'] ? '*' : '',
  ].join('');
  if (!marks) return markdown;
  const back = marks.startsWith('~~') ? `${marks.slice(2)}~~` : marks;
  return markdown.replace(/[^\n]+/g, (line) => {
    const [, before = '', inner = '', after = ''] = /^(\s*)(.*?)(\s*)$/.exec(line) ?? [];
    return inner ? `${before}${marks}${inner}${back}${after}` : line;
  });
}

function elementText(element: Json, names: SlackNames): string {
  const id = (key: string) => wordOf(element[key]);
  switch (element['type']) {
    case 'link':
      return linkOf(clean(id('url')), clean(textOf(element['text'])));
    case 'user':
      return mentionIn(names, '@', id('user_id'));
    case 'channel':
      return mentionIn(names, '#', id('channel_id'));
    case 'usergroup':
      return `@${escapeAll(id('usergroup_id'))}`;
    case 'broadcast':
      return `@${id('range')}`;
    case 'emoji':
      return emojiText(element);
    case 'date':
      return escapeAll(textOf(element['fallback']) || dateText(element));
    case 'color':
      return inlineCode(id('value'));
    default:
      return escapeAll(looseText(element));
  }
}

/** By its code points where Slack gives them, else by its name. */
function emojiText(element: Json): string {
  const points = textOf(element['unicode'])
    .split('-')
    .map((hex) => Number.parseInt(hex, 16));
  const isValid = points.every((point) => point >= 0x20 && point <= 0x10ffff);
  if (isValid) return String.fromCodePoint(...points);
  const tone = wordOf(element['skin_tone']);
  const name = wordOf(element['name']);
  const known = emojiOf(tone ? `${name}::skin-tone-${tone}` : name);
  return known ?? escapeAll(`:${name}:`);
}

function dateText(element: Json): string {
  const seconds = Number(element['timestamp']);
  return Math.abs(seconds) < 1e11 ? new Date(seconds * 1_000).toISOString() : '';
}

/** The words of code: nothing in it is marked. */
function plainText(section: Json, names: SlackNames): string {
  return objectsOf(section['elements'])
    .map((element) => {
      const text = clean(textOf(element['text']));
      if (element['type'] === 'link' || element['type'] === 'text') {
        return text || wordOf(element['url']);
      }
      const id = wordOf(element['user_id']);
      return id ? `@${names.user(id) ?? id}` : looseText(element);
    })
    .join('');
}
