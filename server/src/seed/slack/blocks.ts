import { clean, textOf } from '../text.ts';
import { withEmoji } from './emoji.ts';
import { escapeAll, escapeText } from './escape.ts';
import { objectOf, objectsOf, type Json } from './json.ts';
import { looseText } from './loose.ts';
import { markdownOf, type SlackNames } from './mrkdwn.ts';
import { richText } from './rich-text.ts';

/** The words of a message's blocks (Block Kit) as Markdown, one paragraph or list a block. */
export function blocksText(
  blocks: unknown,
  names: SlackNames,
  note: (what: string) => void,
): string {
  return objectsOf(blocks)
    .map((block) => blockText(block, names, note).trim())
    .filter(Boolean)
    .join('\n\n');
}

function blockText(block: Json, names: SlackNames, note: (what: string) => void): string {
  const text = (value: unknown) => compositionText(value, names);
  switch (block['type']) {
    case 'rich_text':
      return richText(block, names);
    case 'header':
      return bold(oneLine(text(block['text'])));
    case 'section': {
      const fields = objectsOf(block['fields']).map(text);
      return [text(block['text']), ...fields, text(block['accessory'])]
        .filter(Boolean)
        .join('\n\n');
    }
    case 'context':
    case 'context_actions':
    case 'actions':
      return objectsOf(block['elements']).map(text).filter(Boolean).join(' · ');
    case 'image':
      return imageText(block, names);
    case 'video':
      return [bold(oneLine(text(block['title']))), text(block['description'])]
        .filter(Boolean)
        .join('\n\n');
    case 'markdown':
      return clean(textOf(block['text']));
    case 'table':
      return tableText(block, names);
    case 'divider':
      return '';
    case 'file':
      return '';
    default:
      note('blocks of kinds that are not known (their words are kept)');
      return escapeText(looseText(block));
  }
}

const bold = (text: string) => (text ? `**${text.replace(/^\*\*|\*\*$/g, '')}**` : '');
const oneLine = (text: string) => text.replace(/\s*\n\s*/g, ' ').trim();

/** A text object, or a part that shows one: a button, a menu, an image. */
function compositionText(value: unknown, names: SlackNames): string {
  if (typeof value === 'string') return escapeText(withEmoji(clean(value)));
  const part = objectOf(value);
  const own = part['text'];
  if (typeof own === 'string') {
    return part['type'] === 'mrkdwn' ? markdownOf(own, names) : escapeText(withEmoji(clean(own)));
  }
  if (part['type'] === 'image') return imageText(part, names);
  if (typeof own === 'object' && own !== null) return compositionText(own, names);
  return escapeAll(looseText(part));
}

function imageText(image: Json, names: SlackNames): string {
  const words = [
    compositionText(image['title'] ?? '', names),
    escapeAll(textOf(image['alt_text'])),
  ];
  const shown = [...new Set(words.map(oneLine).filter(Boolean))].join(', ');
  return shown ? `*Picture: ${shown}*` : '';
}

function tableText(table: Json, names: SlackNames): string {
  const rows = Array.isArray(table['rows']) ? (table['rows'] as unknown[]) : [];
  const cells = rows.map((row) =>
    objectsOf(row).map((cell) => {
      const text = cell['type'] === 'rich_text' ? richText(cell, names) : looseCell(cell);
      return oneLine(text).replace(/\|/g, '\\|');
    }),
  );
  return tableOf(cells);
}

const looseCell = (cell: Json) => escapeAll(clean(textOf(cell['text']) || looseText(cell)));

/** Rows of cells, finished but for their own bars, as a Markdown table; the first row heads it. */
function tableOf(rows: readonly string[][]): string {
  const width = Math.max(0, ...rows.map((row) => row.length));
  if (width === 0) return '';
  const line = (row: readonly string[]) =>
    `| ${Array.from({ length: width }, (_, i) => row[i] ?? '').join(' | ')} |`;
  const [head = [], ...body] = rows;
  return [line(head), `|${' --- |'.repeat(width)}`, ...body.map(line)].join('\n');
}
