/** Media queries that the layout turns on; the numbers stand in postcss.config.mjs as well. */
export const NARROW = '(max-width: 47.9375em)';
export const WIDE = '(min-width: 68.75em)';
