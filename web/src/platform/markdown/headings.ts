import type { Element, Root } from 'hast';
import { visit } from 'unist-util-visit';

const HEADING = /^h[1-6]$/;

/**
 * Gives each heading an id made of its words, and puts it `below` levels lower (never past h6), so
 * that a text fits under the heading of its page.
 */
export function nameHeadings(tree: Root, below: number): void {
  const taken = new Map<string, number>();
  visit(tree, 'element', (node: Element) => {
    if (!HEADING.test(node.tagName)) return;
    const slug = slugOf(wordsOf(node));
    const times = taken.get(slug) ?? 0;
    taken.set(slug, times + 1);
    // The prefix keeps ids of a text apart from those of the page.
    node.properties['id'] = `h-${slug}${times ? `-${times + 1}` : ''}`;
    node.properties['dataLevel'] = node.tagName.slice(1);
    node.tagName = `h${Math.min(6, Number(node.tagName.slice(1)) + below)}`;
  });
}

function wordsOf(node: Element): string {
  let words = '';
  visit(node, 'text', (text) => {
    words += text.value;
  });
  return words;
}

export function slugOf(words: string): string {
  const slug = words
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '');
  return slug || 'section';
}
