import type { Nodes } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { blocksOf } from '../platform/text/markdown-blocks.ts';
import { isHostile } from '@teambrain/contract/markdown-guard.ts';

const TAG = /\{%([^%]{0,2000})%\}/g;
const VARIABLE = /(?<!\$)\{\{([^{}\n]{0,300})\}\}/g;
const FENCE = /^\s*(?:[-*+>]\s+|\d+[.)]\s+)*(`{3,}|~{3,})/;

/**
 * Takes the leftovers of static site generators (Jekyll, Liquid, Eleventy) out of a page: comments
 * go, tags that stand for a path, name or picture become that, other tags go and leave what they
 * enclose. Code stays as it is.
 */
export function withoutTemplates(markdown: string): string {
  const text = markdown.replaceAll(COMMENT, '').replace(/\{%-?\s*(?:end)?raw\s*-?%\}/g, '');
  let cleaned = '';
  let prose: string[] = [];
  let fence = '';
  const flush = () => {
    const inline = prose.join('').split(/(`[^`\n]+`)/);
    cleaned += inline.map((part, i) => (i % 2 === 0 ? cleanProse(part) : part)).join('');
    prose = [];
  };
  for (const line of text.split(/(?<=\n)/)) {
    const mark = FENCE.exec(line)?.[1] ?? '';
    if (!fence && !mark) {
      prose.push(line);
      continue;
    }
    if (!fence) flush();
    cleaned += line;
    if (!fence) fence = mark;
    else if (mark.startsWith(fence)) fence = '';
  }
  flush();
  return withoutComments(cleaned);
}

const COMMENT = '\uE003';

function cleanProse(text: string): string {
  return text
    .replace(TAG, (_, inside: string) => tagText(inside))
    .replace(VARIABLE, (whole, inside: string) => variableText(inside) ?? whole)
    .replace(/[ \t]*\{[:#][^{}\n]{0,200}\}(?=[ \t]*$)/gm, '')
    .replace(/<a\s[^<>]{0,500}?href="([^"<>\s]*)"[^<>]{0,500}>([^<>\n]+)<\/a>/g, '[$2]($1)');
}

/** Comments reach over code, so their ends are only marked while prose is cleaned. */
function withoutComments(text: string): string {
  const [first = '', ...rest] = text.split(COMMENT);
  // Behind the first mark comment and text alternate; a comment without an end stays.
  return first + rest.filter((_, i) => i % 2 === 1 || i === rest.length - 1).join('');
}

function tagText(inside: string): string {
  const name = /\w+/.exec(inside)?.[0] ?? '';
  const words = [
    ...inside
      .slice(inside.indexOf(name) + name.length)
      .matchAll(/"([^"]*)"|'([^']*)'|([^\s"',]+)/g),
  ].map(([, double, single, bare]) => double ?? single ?? bare ?? '');
  const [first = '', second = ''] = words;
  if (name === 'comment' || name === 'endcomment') return COMMENT;
  if (['page', 'link', 'post_url', 'download', 'url'].includes(name)) return first;
  if (name.startsWith('slack_channel')) return `#${first.replace(/^#/, '')}`;
  if (name.startsWith('image')) return pictureText(words.slice(1).at(-1) ?? '', first);
  if (name === 'highlight') return `\`\`\`${first}`;
  if (name === 'endhighlight') return '```';
  if (name === 'alert' && /\s/.test(first)) return `**${first}**${second ? '' : '\n'}`;
  return '';
}

/** Paths and site variables; null for what may mean something. */
function variableText(inside: string): string | null {
  const quoted = /^\s*["']([^"']*)["']/.exec(inside)?.[1];
  if (quoted !== undefined) return quoted;
  return /^[-\s]*(?:site|base|page|config|env|layout|collections|pkg)\.[\w.]+/.test(inside)
    ? ''
    : null;
}

const pictureText = (alt: string, source: string) =>
  `*Picture: ${(alt || source.split('/').at(-1) || '').replace(/[*_[\]]/g, '')}*`;

const extensions = [gfm()];
const mdastExtensions = gfmFromMarkdown().map((extension) => ({ ...extension, transforms: [] }));

/** Parses what the parser can parse in linear time; null otherwise. */
const parse = (markdown: string) =>
  isHostile(markdown) ? null : fromMarkdown(markdown, { extensions, mdastExtensions });

/** The first heading of any depth as plain text, with its range; null without one. */
export function firstHeading(markdown: string) {
  const heading = parse(markdown)?.children.find((node) => node.type === 'heading');
  if (!heading) return null;
  const start = heading.position?.start.offset ?? 0;
  const end = heading.position?.end.offset ?? 0;
  return { text: plainOf(markdown.slice(start, end)), depth: heading.depth, start, end };
}

/** A title out of front matter as plain text: without tags, with entities as the signs they name. */
export const plainTitle = (title: string): string =>
  plainOf(`# ${withoutTemplates(title).replace(/\s+/g, ' ').trim()}`);

const plainOf = (heading: string): string =>
  blocksOf(heading)[0]?.plain.text.replace(/\s+/g, ' ').trim() ?? '';

/** What became of a page's links. */
export interface Relinked {
  markdown: string;
  /** Destinations in this folder that no page answers to. */
  missing: string[];
  /** Pictures that lie in the folder; shown by their description. */
  pictures: number;
}

/**
 * Replaces the destinations of links for which `resolve` knows an address. It gives null for a
 * relative destination without a page, undefined for what is not of this folder.
 */
export function relink(
  markdown: string,
  resolve: (destination: string) => string | null | undefined,
): Relinked {
  const edits: { start: number; end: number; text: string }[] = [];
  const result: Relinked = { markdown, missing: [], pictures: 0 };
  const visit = (node: Nodes): void => {
    const start = node.position?.start.offset ?? 0;
    const end = node.position?.end.offset ?? 0;
    if (node.type === 'image' && resolve(node.url) !== undefined) {
      result.pictures += 1;
      edits.push({ start, end, text: pictureText(node.alt ?? '', node.url) });
    }
    if (node.type === 'link' || node.type === 'definition') {
      const address = resolve(node.url);
      if (address === null) result.missing.push(node.url);
      const range = address ? destinationOf(markdown, node, start, end) : null;
      if (address && range) edits.push({ ...range, text: address });
    }
    if ('children' in node) for (const child of node.children) visit(child);
  };
  const root = parse(markdown);
  if (root) visit(root);
  for (const { start, end, text } of edits.sort((a, b) => b.start - a.start)) {
    result.markdown = result.markdown.slice(0, start) + text + result.markdown.slice(end);
  }
  return result;
}

/** Where the destination of a link stands in the source; null for autolinks. */
function destinationOf(raw: string, node: Nodes, start: number, end: number) {
  const children = 'children' in node ? node.children : [];
  const inner = children.at(-1)?.position?.end.offset ?? start + 1;
  const source = raw.slice(inner, end);
  const opening = (node.type === 'definition' ? /^[^\n]*?\]:\s*/ : /^\s*\]\(\s*/).exec(source)?.[0];
  if (opening === undefined) return null;
  const [written = ''] = /^(?:<[^<>\n]*>|\S*)/.exec(source.slice(opening.length)) ?? [];
  const last = node.type === 'link' && !written.startsWith('<') && written.endsWith(')');
  const length = last && inner + opening.length + written.length === end ? -1 : 0;
  const from = inner + opening.length;
  return { start: from, end: from + written.length + length };
}
