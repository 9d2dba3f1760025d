const LENGTH = 160;

/**
 * How a Markdown text begins, in one line of at most 160 characters without its marks. Made for
 * lists: an approximation on which nothing depends, in time linear to the text.
 */
export function excerptOf(markdown: string): string {
  const words: string[] = [];
  for (const line of markdown.split('\n')) {
    // Headings, fences, rules and table frames say little without what follows.
    if (/^\s{0,3}(?:#{1,6}\s|```|~~~|[-*_]{3,}\s*$|\|?[\s:|-]+\|)/.test(line)) continue;
    words.push(...plainLine(line).split(/\s+/).filter(Boolean));
  }
  const text = words.join(' ');
  const characters = [...text];
  if (characters.length <= LENGTH) return text;
  const cut = characters.slice(0, LENGTH);
  const space = cut.lastIndexOf(' ');
  return `${cut.slice(0, space >= LENGTH / 2 ? space : LENGTH).join('')}…`;
}

function plainLine(line: string): string {
  return line
    .slice(0, 400)
    .replace(/^\s*(?:>\s?)*(?:[-*+]\s+(?:\[[ xX]\]\s+)?|\d{1,9}[.)]\s+)?/, '')
    .replace(/!?\[([^\][]{0,200})\]\([^()\s]{0,400}\)/g, '$1')
    .replace(/\*\*|__|~~|`/g, '')
    .replaceAll('|', ' ');
}
