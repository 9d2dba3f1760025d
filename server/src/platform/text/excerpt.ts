const LENGTH = 160;

/**
 * How a Markdown text begins, in one line of at most 160 characters without its marks; items of a
 * list have a dot between them, tables are left out where there is anything else. Made for lists:
 * an approximation on which nothing depends, in time linear to the text.
 */
export function excerptOf(markdown: string): string {
  const lines = markdown.split('\n').filter((line) => !FRAME.test(line));
  const words = lines.filter((line) => !line.trimStart().startsWith('|'));
  const text = joined(words) || joined(lines);
  const characters = [...text];
  if (characters.length <= LENGTH) return text;
  const cut = characters.slice(0, LENGTH);
  const space = cut.lastIndexOf(' ');
  return `${cut.slice(0, space >= LENGTH / 2 ? space : LENGTH).join('')}…`;
}

/** Headings, fences, rules and table frames say little without what follows. */
const FRAME = /^\s{0,3}(?:#{1,6}\s|```|~~~|[-*_]{3,}\s*$|\|?[\s:|-]+\|)/;
const ITEM = /^\s*(?:>\s?)*(?:[-*+]\s+(?:\[[ xX]\]\s+)?|\d{1,9}[.)]\s+)/;
const QUOTE = /^\s*(?:>\s?)+/;

function joined(lines: readonly string[]): string {
  const words: string[] = [];
  let wasItem = false;
  for (const line of lines) {
    const found = plainLine(line).split(/\s+/).filter(Boolean);
    if (found.length === 0) continue;
    const isItem = ITEM.test(line);
    if (isItem && wasItem) words.push('·');
    words.push(...found);
    wasItem = isItem;
  }
  return words.join(' ');
}

function plainLine(line: string): string {
  return (
    line
      .slice(0, 400)
      .replace(ITEM, '')
      .replace(QUOTE, '')
      .replace(/!?\[([^\][]{0,200})\]\([^()\s]{0,400}\)/g, '$1')
      .replace(/\*\*|__|~~|`/g, '')
      // Emphasis: a mark at the edge of a word, so that 2 * 3 and snake_case stay.
      .replace(
        /(?<![\p{L}\p{N}*_])[*_](?=[\p{L}\p{N}])|(?<=[\p{L}\p{N}.!?])[*_](?![\p{L}\p{N}*_])/gu,
        '',
      )
      .replaceAll('|', ' ')
  );
}
