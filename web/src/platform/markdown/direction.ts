import type { Element, Root } from 'hast';
import { visit } from 'unist-util-visit';

const BLOCK = /^(?:p|h[1-6]|[uo]l|li|blockquote|t[dh]|pre)$/;

/** Lets each paragraph, item and cell take its direction from its own words. */
export function setDirection(tree: Root): void {
  visit(tree, 'element', (node: Element) => {
    if (BLOCK.test(node.tagName)) node.properties['dir'] = 'auto';
  });
}
