import { lineEnd, afterLineEnd } from './markdown-guard.ts';

/**
 * The paragraphs of a Markdown text, line by line, without its code: enough of Markdown's grammar to
 * tell where people's words are. What looks like raw HTML counts as none.
 */
export interface Paragraph {
  /** Of each line the words, behind the signs of quotations and lists. */
  lines: { start: number; end: number }[];
  isQuoted: boolean;
}

/** Where a line's words begin, and what they are in. */
interface Line {
  start: number;
  end: number;
  /** Columns before the words, beyond those of the list item they are in. */
  indent: number;
  quotes: number;
  isItem: boolean;
  isBlank: boolean;
}

/** Code or HTML that goes on over lines, and what it is in. */
interface Open {
  quotes: number;
  items: number;
}

interface Fence extends Open {
  sign: string;
  length: number;
}

interface Html extends Open {
  end: RegExp;
}

const FENCE = /^(?:(`{3,})[^`]*|(~{3,}).*)$/;
const HEADING = /^#{1,6}(?:[ \t]|$)/;
const RULE = /^(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,}|=+[ \t]*)$/;
const DEFINITION = /^\[[^\]]{0,1000}\]:/;
const ITEM = /^(?:[-+*]|(\d{1,9})[.)])(?=[ \t]|$)/;
const RAW = /^<(?:script|pre|style|textarea)(?:[\s>]|$)/i;
const RAW_END = /<\/(?:script|pre|style|textarea)>/i;
const HTML =
  /^<(?:[!?]|\/?(?:address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul)(?:[\s/>]|$))/i;
/** A whole tag alone on its line; within a paragraph it opens no block. */
const TAG_ALONE =
  /^<\/?[a-z][a-z\d-]{0,60}(?:\s(?:"[^"]{0,900}"|'[^']{0,900}'|[^"'<>]){0,900})?\/?>[ \t]*$/i;
const BLANK = /^[ \t]*$/;
/** The end of a definition, which other blocks interrupt as they do a paragraph. */
const DEFINED = /^[ \t]*$/;
/** More of a line is not looked at for the signs of blocks. */
const HEAD = 1_200;

export function* paragraphsOf(markdown: string): Generator<Paragraph> {
  /** Columns at which the words of open list items begin. */
  const items: number[] = [];
  let paragraph: Paragraph | null = null;
  let depth = 0;
  let isEmptyItem = false;
  let fence: Fence | null = null;
  let html: Html | null = null;
  for (let at = 0; at < markdown.length;) {
    const stop = lineEnd(markdown, at, markdown.length);
    const before = { depth, isInParagraph: paragraph !== null };
    const itemsBefore = paragraph ? [...items] : [];
    const line = readLine(markdown, at, stop, items, fence ?? html, before);
    at = afterLineEnd(markdown, stop, markdown.length);
    const head = markdown.slice(line.start, Math.min(line.end, line.start + HEAD));
    const isElsewhere = line.quotes !== depth;
    depth = line.quotes;
    if (fence) {
      const isLeft = line.quotes < fence.quotes || (!line.isBlank && items.length < fence.items);
      if (!isLeft) {
        if (closes(fence, head, line.indent)) fence = null;
        continue;
      }
      fence = null;
    }
    if (html && line.quotes < html.quotes) html = null;
    if (html?.end === DEFINED && interrupts(head, line, isElsewhere)) html = null;
    if (html) {
      if (html.end.test(markdown.slice(line.start, line.end))) html = null;
      continue;
    }
    if (paragraph && (line.isBlank || line.isItem || isElsewhere)) {
      yield paragraph;
      paragraph = null;
    }
    if (line.isBlank) {
      // An item may begin with one blank line, not with two.
      if (isEmptyItem) items.pop();
      isEmptyItem = line.isItem;
      continue;
    }
    isEmptyItem = false;
    const block = blockAt(head, line, paragraph !== null);
    if (block === 'code') continue;
    if (paragraph && block === 'words') goOn(items, itemsBefore);
    const place = { quotes: line.quotes, items: items.length };
    if (paragraph && block !== 'words') {
      yield paragraph;
      paragraph = null;
    }
    if (block === 'heading') yield { lines: [line], isQuoted: line.quotes > 0 };
    else if (block === 'words') {
      paragraph ??= { lines: [], isQuoted: line.quotes > 0 };
      paragraph.lines.push(line);
    } else if (block instanceof RegExp) {
      html = block.test(markdown.slice(line.start + 2, line.end)) ? null : { end: block, ...place };
    } else {
      fence = { sign: block, length: block.length, ...place };
    }
  }
  if (paragraph) yield paragraph;
}

/** A paragraph of an item goes on at the left of it, and the item with it. */
function goOn(items: number[], before: readonly number[]): void {
  if (items.length < before.length) items.splice(0, items.length, ...before);
}

/**
 * What a line with words begins: a fence (its signs), what is not looked into (by what ends it),
 * indented code, a line by itself, or else it is words.
 */
function blockAt(head: string, line: Line, isInParagraph: boolean): string | RegExp {
  // A quotation in a list: nobody is called there, so nothing is looked for.
  if (line.isItem && head.startsWith('>')) return BLANK;
  if (line.indent >= 4) return isInParagraph ? 'words' : 'code';
  const fence = FENCE.exec(head);
  if (fence) return fence[1] ?? fence[2] ?? '';
  const html = htmlAt(head, isInParagraph);
  if (html) return html;
  if (HEADING.test(head) || RULE.test(head)) return 'heading';
  // A definition may go on over lines.
  return !isInParagraph && DEFINITION.test(head) ? DEFINED : 'words';
}

/** Whether a line begins something that no paragraph or definition goes on into. */
function interrupts(head: string, line: Line, isElsewhere: boolean): boolean {
  if (line.isBlank) return false;
  if (line.isItem || isElsewhere) return true;
  return !['words', 'code'].includes(String(blockAt(head, line, true)));
}

/** What ends the HTML that begins a line; null where none does. */
function htmlAt(head: string, isInParagraph: boolean): RegExp | null {
  if (!head.startsWith('<')) return null;
  if (head.startsWith('<!--')) return /-->/;
  if (RAW.test(head)) return RAW_END;
  if (HTML.test(head)) return BLANK;
  return !isInParagraph && TAG_ALONE.test(head) ? BLANK : null;
}

function closes({ sign, length }: Fence, head: string, indent: number): boolean {
  if (indent >= 4 || !head.startsWith(sign)) return false;
  const rest = head.slice(length).trimEnd();
  return rest === '' || rest === (sign[0] ?? '').repeat(rest.length);
}

/** Takes the signs of quotations and list items off a line; opens and closes list items. */
function readLine(
  text: string,
  from: number,
  end: number,
  items: number[],
  open: Open | null,
  { depth, isInParagraph }: { depth: number; isInParagraph: boolean },
): Line {
  const line: Line = { start: from, end, indent: 0, quotes: 0, isItem: false, isBlank: false };
  let column = 0;
  let base = 0;
  const skipBlanks = () => {
    for (; line.start < end; line.start++) {
      const sign = text[line.start];
      if (sign === ' ') column += 1;
      else if (sign === '\t') column += 4 - (column % 4);
      else break;
    }
  };
  skipBlanks();
  while (text[line.start] === '>' && line.start < end && column - base < 4) {
    if (open && line.quotes >= open.quotes) break;
    // Further left than the words of an item it leaves that.
    if (line.quotes >= depth) while (column - base < (items.at(-1) ?? 0)) items.pop();
    line.quotes += 1;
    line.start += 1;
    column += 1;
    base = column;
    if (text[line.start] === ' ' || text[line.start] === '\t') base += 1;
    skipBlanks();
  }
  line.isBlank = line.start >= end;
  if (line.isBlank) return line;
  // Items of a quotation end with it; only a paragraph goes on without its sign.
  if (line.quotes < depth && !isInParagraph) items.length = 0;
  // Of items columns are counted from the quotation's sign; blanks of a tab from the line's start.
  const indent = () => column - base - (items.at(-1) ?? 0);
  // The paragraph before is within an item that this line has left: it interrupts nothing.
  const hasLeft = items.length > 0 && indent() < 0;
  while (items.length > 0 && indent() < 0) items.pop();
  if (!open || items.length < open.items) openItems();
  line.indent = indent();
  return line;

  function openItems(): void {
    for (let n = 0; n < 24; n++) {
      if (indent() >= 4) return;
      const rest = text.slice(line.start, Math.min(end, line.start + HEAD));
      const marker = ITEM.exec(rest);
      if (!marker || RULE.test(rest)) return;
      const isSibling = items.length > 0 || line.isItem || hasLeft;
      const interrupts = isInParagraph && !line.isItem && !isSibling;
      const isEmpty = rest.length === marker[0].length;
      if (interrupts && (isEmpty || (marker[1] ?? '1') !== '1')) return;
      line.start += marker[0].length;
      column += marker[0].length;
      const before = column;
      skipBlanks();
      line.isItem = true;
      const width = column - before;
      items.push((line.start >= end || width > 4 ? before + 1 : column) - base);
      line.isBlank = line.start >= end;
      if (line.isBlank) return;
    }
  }
}
