/** Pieces of Markdown that begin, continue or end something, to be repeated and combined. */
export const FRAGMENTS = [
  'a',
  ' ',
  '\n',
  '\n\n',
  '\t',
  '*',
  '**',
  '_',
  '__',
  '~',
  '~~',
  '`',
  '``',
  '[',
  ']',
  '![',
  '](',
  '](b)',
  '[]',
  '[a]',
  '[a][b]',
  '[a]: b\n',
  '[^a]',
  '[^a]: b\n',
  '(',
  ')',
  '<',
  '>',
  '</',
  '<a',
  '<!--',
  '-->',
  '<?',
  '<![CDATA[',
  '<a href="',
  '<b>',
  '&',
  '&amp;',
  '&#',
  '\\',
  '|',
  '|a',
  '|a|\n|-|\n',
  '|-',
  '| - |\n',
  '> ',
  '>',
  '- ',
  '* ',
  '1. ',
  '1) ',
  '- [ ] ',
  '# ',
  '#',
  '===\n',
  '---\n',
  '```',
  '~~~\n',
  '    ',
  '  \n',
  'http://a',
  'www.a',
  'a@b.c',
  '@',
  '://',
  '.',
  '. ',
  '!',
  '?',
  '"',
  "'",
  'e.g. ',
  'Mr. ',
  '。',
  'あ',
  '\u{1F600}',
  'é',
  '\u0301',
  '\u200d',
  '…',
  ':',
  ';',
  '--',
  '1',
  'A.',
  '\r',
  '\u00a0',
] as const;

/** Texts of a given length made of a repeated piece, one inside another, or one after another. */
export interface Shape {
  name: string;
  of(size: number): string;
}

const quoted = (text: string) => JSON.stringify(text).slice(1, -1);

export const repeated = (piece: string): Shape => ({
  name: `${quoted(piece)} × n`,
  of: (size) => piece.repeat(Math.ceil(size / piece.length)).slice(0, size),
});

/** Openings, then as many ends. */
export const enclosed = (open: string, close: string): Shape => ({
  name: `${quoted(open)} × n, ${quoted(close)} × n`,
  of(size) {
    const times = Math.floor(size / (open.length + close.length));
    return open.repeat(times) + close.repeat(times);
  },
});

/** Lines, each a step further in than the one before. */
export const staircase = (step: string, piece: string): Shape => ({
  name: `${quoted(step)} deeper by line, ${quoted(piece)}`,
  of(size) {
    const depth = Math.floor(Math.sqrt((2 * size) / step.length));
    const lines = Array.from({ length: depth }, (_, n) => step.repeat(n) + piece);
    return lines.join('\n').slice(0, size);
  },
});
