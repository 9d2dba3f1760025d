/** Found by `bench/reading/search.ts`: pieces that, repeated, take a parser ten times as long as words do, or more. */
const PIECES: Record<string, string> = {
  'footnote definitions': '[^a]: b\n',
  'link definitions': '[a]: b\n',
  'definitions in text': '). [a]: b\n? ',
  'links to definitions': '[a][b]\n\n',
  'small tables': '|a|\n|-|\n',
  'rows without a table': '| - |\n',
  'rows in quotes': '> | - |\n',
  'cells of one row': '|a',
  'comments and tables': '__<!--|a|\n|-|\n[a][b]-- ',
  underlines: '===\n',
  'underlined words': '===\ne.g. <!--& ',
  'unended sections': '|-# <![CDATA[[^a]: b\n',
  'items of one sign': '- …\n',
  backslashes: '\\',
  'old line ends': '\r](',
  fences: '~~~\n',
  rules: '---\n: ',
  'paragraphs of a letter': '\n\na',
};

/** Each line a step further in than the one before. */
const staircase = (step: string, piece: string) => (size: number) => {
  const depth = Math.floor(Math.sqrt((2 * size) / step.length));
  const lines = Array.from({ length: depth }, (_, n) => step.repeat(n) + piece);
  return lines.join('\n').slice(0, size);
};

/** Texts of a given length on which a parser of Markdown needs far longer than on what people write. */
export const hostileShapes: Record<string, (size: number) => string> = {
  ...Object.fromEntries(
    Object.entries(PIECES).map(([name, piece]) => [
      name,
      (size: number) => piece.repeat(Math.ceil(size / piece.length)).slice(0, size),
    ]),
  ),
  'lists in lists': staircase('  ', '- a'),
  'stars behind tabs': staircase('\t', '*'),
  'notes behind tabs': staircase('\t', '[^a]: b'),
};

/** These freeze a main loop that parses them for many seconds at their full length. */
export const worstShapes = ['link definitions', 'cells of one row', 'footnote definitions'];
