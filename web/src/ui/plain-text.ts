/** Markdown in one line without its marks, for previews; an approximation, nothing depends on it. */
export function plain(markdown: string): string {
  return markdown
    .replace(/```\w*\n?/g, ' ')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/^\s*(?:#{1,6}|>|[-*+]|\d+\.)\s+/gm, '')
    .replace(/(\*\*|__|~~|`)(?=\S)|(?<=\S)(\*\*|__|~~|`)/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}
