import type { Nodes, Parents, Root } from 'mdast';
import { quotesEnd } from '@teambrain/contract/quotes.ts';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import {
  afterLineEnd,
  isHostile,
  lineEnd,
  segmentsOf,
  keepOffsets,
} from '@teambrain/contract/markdown-guard.ts';
import { CARE, type Care } from './care.ts';
import {
  appendAligned,
  appendAtom,
  appendExact,
  appendGap,
  appendLines,
  emptyPlain,
  isHighSurrogate,
  type PlainText,
} from './plain.ts';

export type BlockKind = 'prose' | 'list' | 'table' | 'quote' | 'code' | 'heading';

/** A leaf block of a Markdown document: a paragraph, list item, table row, code block or heading. */
export interface Block {
  kind: BlockKind;
  /** Texts of the headings above it, outermost first (a heading's own text is not in its path). */
  headings: string[];
  plain: PlainText;
  /** Plain ranges in which no sentence ends: links, inline code, images. */
  solid: { from: number; to: number }[];
  /** Inline markup: its plain range and the raw range including its markers, outermost first. */
  spans: { from: number; to: number; start: number; end: number }[];
  /** Plain offsets where a sentence ends whatever the text says: hard breaks. */
  breaks: number[];
}

const extensions = [gfm(), quotesEnd];
// Without the transforms, which split text nodes and lose their positions.
const mdastExtensions = gfmFromMarkdown().map((extension) => ({ ...extension, transforms: [] }));

interface Reader {
  raw: string;
  /** Raw offset of the parsed segment: node offsets count from here. */
  base: number;
  path: { depth: number; text: string }[];
  blocks: Block[];
}

/** What can mean something to the parser wherever it stands in a line. */
const MARK = /[^\P{Cc}\n]|[\p{Cs}\\`*_~[]|[<&](?! )|(?<!^|\s)@|:\/\/|[wW]{3}\./u;
/** Lines that begin or end as more than text would; blank lines. */
const EDGE = /^(?:[-+=:#>|\s]|\d+[.)]|$)|\s$/mu;

/** Whether a text can be nothing but one paragraph, every character of which stands for itself. */
export const isParagraph = (text: string) => !MARK.test(text) && !EDGE.test(text);

/**
 * The leaf blocks of a Markdown document in order, with offsets into `markdown` (UTF-16 units).
 * Front matter, comments and definitions are left out. Text that would make the parser slow
 * (thousands of nested marks) is read as plain paragraphs, and so is all text to be read with care;
 * the parser is not asked about a paragraph without any marks, which is most of a chat.
 */
export function blocksOf(markdown: string, care: Care = CARE.markdown): Block[] {
  const reader: Reader = { raw: markdown, base: 0, path: [], blocks: [] };
  if (care !== CARE.markdown) readPlainly(markdown, reader, care === CARE.plain);
  else readSegments(markdown, reader);
  return reader.blocks.filter((block) => /\S/.test(block.plain.text));
}

function readSegments(markdown: string, reader: Reader): void {
  for (const segment of segmentsOf(markdown)) {
    const text = markdown.slice(segment.start, segment.end);
    reader.base = segment.start;
    if (isHostile(text)) readPlainly(text, reader);
    else if (isParagraph(text)) readParagraph(text, reader);
    else readMarkdown(text, reader);
  }
}

function readParagraph(text: string, reader: Reader): void {
  const { plain } = addBlock(reader, 'prose');
  appendAligned(plain, text, reader.raw, reader.base, reader.base + text.length);
}

function readMarkdown(text: string, reader: Reader): void {
  const root = parse(text);
  if (root) visit(root, reader, 'prose');
  else readPlainly(text, reader);
}

function parse(text: string): Root | null {
  try {
    return fromMarkdown(keepOffsets(text), { extensions, mdastExtensions });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function visit(node: Nodes, reader: Reader, kind: BlockKind): void {
  switch (node.type) {
    case 'heading': {
      while ((reader.path.at(-1)?.depth ?? 0) >= node.depth) reader.path.pop();
      const block = addBlock(reader, 'heading');
      inline(node, block, reader);
      const text = headingOf(block.plain.text);
      if (text && kind === 'prose') reader.path.push({ depth: node.depth, text });
      return;
    }
    case 'paragraph':
      return inline(node, addBlock(reader, kind), reader);
    case 'code':
      return readCode(node, addBlock(reader, 'code'), reader);
    case 'html':
      return readHtml(node, addBlock(reader, kind), reader);
    case 'tableRow': {
      const block = addBlock(reader, kind === 'quote' ? kind : 'table');
      for (const cell of node.children) {
        const from = block.plain.text.length;
        if (from > 0) appendGap(block.plain, ' | ', block.plain.ends.at(-1) ?? 0);
        inline(cell, block, reader);
      }
      return;
    }
    case 'blockquote':
    case 'list': {
      const inner = node.type === 'list' && kind !== 'quote' ? 'list' : 'quote';
      for (const child of node.children) visit(child, reader, inner);
      return;
    }
    default:
      if ('children' in node) for (const child of node.children) visit(child, reader, kind);
  }
}

/** Every passage and sentence below a heading carries it. */
const MAX_HEADING = 300;

function headingOf(plain: string): string {
  const text = plain.replace(/\s+/g, ' ').trim();
  const end = isHighSurrogate(text[MAX_HEADING - 1] ?? '') ? MAX_HEADING - 1 : MAX_HEADING;
  return text.slice(0, end);
}

function addBlock(reader: Reader, kind: BlockKind): Block {
  const headings = reader.path.map((heading) => heading.text);
  const block: Block = { kind, headings, plain: emptyPlain(), solid: [], spans: [], breaks: [] };
  reader.blocks.push(block);
  return block;
}

function rangeOf(node: Nodes, reader: Reader): { start: number; end: number } {
  const start = reader.base + (node.position?.start.offset ?? 0);
  return { start, end: reader.base + (node.position?.end.offset ?? 0) };
}

function inline(parent: Parents, block: Block, reader: Reader): void {
  const { plain } = block;
  for (const node of parent.children) {
    const { start, end } = rangeOf(node, reader);
    const from = plain.text.length;
    if (node.type === 'text') {
      appendAligned(plain, node.value, reader.raw, start, end);
    } else if (node.type === 'break') {
      appendAtom(plain, ' ', start, end);
      block.breaks.push(plain.text.length);
    } else if (node.type === 'inlineCode') {
      const at = reader.raw.slice(start, end).indexOf(node.value);
      if (at >= 0) appendExact(plain, node.value, start + at);
      else appendAtom(plain, node.value, start, end);
      closeSpan(block, from, start, end, true);
    } else if (node.type === 'image' || node.type === 'imageReference') {
      appendAtom(plain, node.alt ?? '', start, end);
      closeSpan(block, from, start, end, true);
    } else if ('children' in node) {
      const index = block.spans.length;
      inline(node, block, reader);
      const isLink = node.type === 'link' || node.type === 'linkReference';
      closeSpan(block, from, start, end, isLink, index);
    }
  }
}

/** `index`: where to insert it, so that outer markup stays before what it contains. */
function closeSpan(
  block: Block,
  from: number,
  start: number,
  end: number,
  isSolid: boolean,
  index = block.spans.length,
): void {
  const to = block.plain.text.length;
  if (to === from) return;
  block.spans.splice(index, 0, { from, to, start, end });
  if (isSolid) block.solid.push({ from, to });
}

function readCode(node: Nodes & { type: 'code' }, block: Block, reader: Reader): void {
  const { start, end } = rangeOf(node, reader);
  const first = lineEnd(reader.raw, start, end);
  const isFenced = /^\s*(?:`{3}|~{3})/.test(reader.raw.slice(start, first));
  const from = isFenced ? afterLineEnd(reader.raw, first, end) : start;
  appendLines(block.plain, node.value, reader.raw, from, end);
}

/** Keeps the words between the tags of an HTML block; comments, scripts and styles are dropped. */
function readHtml(node: Nodes & { type: 'html' }, block: Block, reader: Reader): void {
  const { start, end } = rangeOf(node, reader);
  const lines = emptyPlain();
  appendLines(lines, node.value, reader.raw, start, end);
  const skip = /<!--[^]*?(?:-->|$)|<(script|style)\b[^]*?(?:<\/\1\s*>|$)|<[/!?a-z][^>]*(?:>|$)/gi;
  let at = 0;
  for (const tag of [...lines.text.matchAll(skip), { index: lines.text.length, 0: '' }]) {
    for (let i = at; i < tag.index; i++) {
      const char = lines.text[i] ?? '';
      appendAtom(block.plain, char === '\n' ? ' ' : char, lines.starts[i] ?? 0, lines.ends[i] ?? 0);
    }
    at = tag.index + tag[0].length;
    if (tag[0] && block.plain.text) appendGap(block.plain, ' ', block.plain.ends.at(-1) ?? 0);
  }
}

/** Paragraphs between blank lines, or all lines as one, without any syntax. */
function readPlainly(text: string, reader: Reader, hasParagraphs = true): void {
  let block: Block | null = null;
  for (let at = 0; at < text.length;) {
    const stop = lineEnd(text, at, text.length);
    const line = text.slice(at, stop);
    if (line.trim() === '') block = hasParagraphs ? null : block;
    else {
      block ??= addBlock(reader, 'prose');
      if (block.plain.text) appendGap(block.plain, ' ', block.plain.ends.at(-1) ?? 0);
      appendExact(block.plain, line, reader.base + at);
    }
    at = afterLineEnd(text, stop, text.length);
  }
}
