import { endpoints } from './all.ts';
import { problems, type ProblemCode } from './problem.ts';

const HEAD = `# Problems

Every request that fails is answered with a problem document (RFC 9457, \`application/problem+json\`);
a socket carries the same object. Its \`type\` ends in the code, and programs decide by \`code\`: titles
may change. \`detail\` says more about this one case, \`instance\` is the id of the request in the server's
log, \`retryAfter\` is in seconds.

This page is made from \`contract/src/problem.ts\` by \`npx vitest run --project unit contract -u\`.
`;

const isOf = (code: ProblemCode, codes: readonly ProblemCode[] | undefined) =>
  codes?.includes(code) ?? false;

/** The page about all problems in Markdown, with the endpoints that name each; a code is an anchor. */
export function problemPage(): string {
  const parts = Object.entries(problems).map(([code, [status, title]]) => {
    const named = endpoints
      .filter((endpoint) => isOf(code as ProblemCode, endpoint.problems))
      .map(({ method, path }) => `- \`${method} /api${path}\``);
    const lines = [`## ${code}`, `${status}: ${title}.`];
    if (named.length > 0) lines.push(['Named by:', '', ...named].join('\n'));
    return lines.join('\n\n');
  });
  return `${[HEAD.trimEnd(), ...parts].join('\n\n')}\n`;
}
