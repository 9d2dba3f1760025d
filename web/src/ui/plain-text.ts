/** More than any preview shows: some of the expressions take time that grows with the square. */
const MOST = 2_000;

/**
 * How a Markdown text begins (2,000 characters), in one line without its marks, for previews; an
 * approximation, nothing depends on it.
 */
export function plain(markdown: string): string {
  return (
    markdown
      .slice(0, MOST)
      .replace(/```\w*\n?/g, ' ')
      .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replace(/^\s*(?:#{1,6}|>|[-*+]|\d+\.)\s+/gm, '')
      .replace(/(\*\*|__|~~|`)(?=\S)|(?<=\S)(\*\*|__|~~|`)/g, '')
      // Emphasis: a mark at the edge of a word.
      .replace(
        /(?<![\p{L}\p{N}*_])[*_](?=[\p{L}\p{N}])|(?<=[\p{L}\p{N}.!?])[*_](?![\p{L}\p{N}*_])/gu,
        '',
      )
      .replace(/\s+/g, ' ')
      .trim()
  );
}
