import type { Nodes } from 'mdast';

const COMMENT = /^\s*(?:<!--[^]*?-->\s*)+$/;

/** Takes HTML comments out of what is shown of a document; other HTML stays text. */
export function hideComments(node: Nodes): void {
  if (!('children' in node)) return;
  const isShown = (child: Nodes) => child.type !== 'html' || !COMMENT.test(child.value);
  node.children = node.children.filter(isShown);
  for (const child of node.children) hideComments(child);
}
