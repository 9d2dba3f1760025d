import { keepOffsets } from '@teambrain/contract/markdown-guard.ts';
import { quotesEnd } from '@teambrain/contract/quotes.ts';
import type { Root as HtmlTree } from 'hast';
import { toJsxRuntime, type Components } from 'hast-util-to-jsx-runtime';
import type { Root } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { newlineToBreak } from 'mdast-util-newline-to-break';
import { toHast } from 'mdast-util-to-hast';
import { gfm } from 'micromark-extension-gfm';
import type { ReactElement } from 'react';
import { Fragment, jsx, jsxs } from 'react/jsx-runtime';
import { visit } from 'unist-util-visit';
import { hideComments } from './comments.ts';
import { setDirection } from './direction.ts';
import { markRange, type TextRange } from './highlight.ts';
import { nameHeadings } from './headings.ts';

const extensions = [gfm(), quotesEnd];

interface Options {
  look: 'chat' | 'document';
  range: TextRange | null;
  components: Partial<Components>;
}

/**
 * Parses Markdown and makes React elements of it, in the steps of react-markdown, whose parts it
 * uses: the plug-in machinery of that package would add 12 KB to the first load. Raw HTML becomes
 * text. `components` vet addresses; nothing else does.
 */
export function toReact(text: string, { look, range, components }: Options): ReactElement {
  const tree = fromMarkdown(keepOffsets(text), {
    extensions,
    mdastExtensions: [gfmFromMarkdown()],
  });
  if (look === 'chat') newlineToBreak(tree);
  else hideComments(tree);
  const html = toHtmlTree(tree);
  setDirection(html);
  // The title above a text is an h2 in chat (the day) and an h1 in a document.
  nameHeadings(html, look === 'chat' ? 2 : 1);
  if (range) markRange(html, text, range);
  return toJsxRuntime(html, { Fragment, jsx, jsxs, components, ignoreInvalidStyle: true });
}

function toHtmlTree(tree: Root): HtmlTree {
  const html = toHast(tree, { allowDangerousHtml: true }) as HtmlTree;
  visit(html, 'raw', ({ value }, index, parent) => {
    if (parent && index !== undefined) parent.children[index] = { type: 'text', value };
  });
  return html;
}
