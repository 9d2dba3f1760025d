import type { Nodes } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { isHostile, keepOffsets, segmentsOf } from '@teambrain/contract/markdown-guard.ts';

/** A stretch of a text, in UTF-16 units. */
export interface Range {
  start: number;
  end: number;
}

/** A link, definition or picture, and where its destination is written. */
export interface LinkSite extends Range {
  kind: 'link' | 'image';
  url: string;
  alt: string;
  /** Null where the destination is the text itself (`<https://…>`). */
  destination: Range | null;
}

/** What the importer has to know about a page's Markdown; plain data, so that it can be posted. */
export interface Scan {
  code: Range[];
  /** Raw HTML, comments among it. */
  html: Range[];
  links: LinkSite[];
  heading: (Range & { depth: number }) | null;
  /** Whether a part was too costly to parse: what is in it is text. */
  isPartial: boolean;
}

const extensions = [gfm()];
const mdastExtensions = gfmFromMarkdown().map((extension) => ({ ...extension, transforms: [] }));

/** Finds code, HTML, links and the first heading; parts that would be costly to parse are passed over. */
export function scan(markdown: string): Scan {
  const found: Scan = { code: [], html: [], links: [], heading: null, isPartial: false };
  for (const segment of segmentsOf(markdown)) {
    const text = markdown.slice(segment.start, segment.end);
    if (isHostile(text)) {
      found.isPartial = true;
      continue;
    }
    try {
      visit(
        fromMarkdown(keepOffsets(text), { extensions, mdastExtensions }),
        markdown,
        segment.start,
        found,
      );
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      found.isPartial = true; // nested deeper than the parser's stack
    }
  }
  return found;
}

function visit(node: Nodes, markdown: string, base: number, found: Scan): void {
  const start = base + (node.position?.start.offset ?? 0);
  const end = base + (node.position?.end.offset ?? 0);
  if (node.type === 'code' || node.type === 'inlineCode') found.code.push({ start, end });
  else if (node.type === 'html') found.html.push({ start, end });
  else if (node.type === 'heading') found.heading ??= { start, end, depth: node.depth };
  else if (node.type === 'image') {
    found.links.push({
      kind: 'image',
      start,
      end,
      url: node.url,
      alt: node.alt ?? '',
      destination: null,
    });
  } else if (node.type === 'link' || node.type === 'definition') {
    const inner = 'children' in node ? node.children.at(-1)?.position?.end.offset : undefined;
    const from = inner === undefined ? start + 1 : base + inner;
    const destination = destinationOf(markdown, node.type, from, end);
    found.links.push({ kind: 'link', start, end, url: node.url, alt: '', destination });
  }
  if ('children' in node) for (const child of node.children) visit(child, markdown, base, found);
}

/** Where the destination of a link is in the source; null for autolinks. */
function destinationOf(raw: string, type: 'link' | 'definition', from: number, end: number) {
  const source = raw.slice(from, end);
  const opening = (type === 'definition' ? /^[^\n]*?\]:\s*/ : /^\s*\]\(\s*/).exec(source)?.[0];
  if (opening === undefined) return null;
  const [written = ''] = /^(?:<[^<>\n]*>|\S*)/.exec(source.slice(opening.length)) ?? [];
  const closes = type === 'link' && !written.startsWith('<') && written.endsWith(')');
  const start = from + opening.length;
  const length = written.length - (closes && start + written.length === end ? 1 : 0);
  return { start, end: start + length };
}
