/**
 * ESLint rule: a function has at most `max` lines of its own, without comments and blank lines. Lines
 * of functions within it count for those, so that a factory, which is nothing but functions, may be
 * as long as its file.
 */
export const ownLines = {
  meta: { type: 'suggestion', schema: [{ type: 'integer' }] },
  create(context) {
    const [max] = context.options;
    const { sourceCode } = context;
    /** For each function that is being walked, the lines that belong to functions within it. */
    const open = [];
    const enter = () => open.push(new Set());
    const exit = (node) => {
      const lines = new Set(sourceCode.getTokens(node).map(({ loc }) => loc.start.line));
      const inner = open.pop();
      const own = [...lines].filter((line) => !inner.has(line)).length;
      if (own > max) context.report({ node, message: `${own} lines of its own; at most ${max}` });
      for (const line of lines) open.at(-1)?.add(line);
    };
    return {
      FunctionDeclaration: enter,
      FunctionExpression: enter,
      ArrowFunctionExpression: enter,
      'FunctionDeclaration:exit': exit,
      'FunctionExpression:exit': exit,
      'ArrowFunctionExpression:exit': exit,
    };
  },
};
