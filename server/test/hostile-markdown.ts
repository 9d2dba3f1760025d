const times = (fragment: string) => (size: number) =>
  fragment.repeat(Math.ceil(size / fragment.length)).slice(0, size);

/** Texts on which a Markdown parser needs much longer than on what people write, by their size. */
export const hostileShapes: Record<string, (size: number) => string> = {
  'link definitions': times('[a]: b\n'),
  'cells of one row': times('|a'),
  'lists in lists': (size) => {
    const depth = Math.floor(Math.sqrt(size));
    return Array.from({ length: depth }, (_, n) => `${'  '.repeat(n)}- a`)
      .join('\n')
      .slice(0, size);
  },
};
