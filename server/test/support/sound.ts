import { Compile } from 'typebox/compile';
import { Problem, problems, type ProblemCode } from '@teambrain/contract/problem.ts';
import type { Reply } from './http.ts';

const problem = Compile(Problem);

/** What no answer may tell: stacks, SQL, paths of the machine, names of libraries. */
const TELLTALE =
  /\bat \S+ \(|\.(?:ts|js|mjs):\d+|node_modules|file:\/\/|\/work\/|\/home\/|select .+ from |insert into |params:|drizzle|pglite|fastify|FST_/i;

const CODES = new Set<string>(Object.keys(problems));

/**
 * What is wrong with an answer, whatever was asked: failures inside, refusals that are no problem
 * document, telltale words, missing headers. Empty for a sound one.
 */
export function faultsOf(reply: Reply): string[] {
  const { status, headers, text } = reply;
  const faults: string[] = [];
  const require = (holds: boolean, fault: string) => holds || faults.push(fault);
  require(status >= 200 && status < 500, `status ${status}`);
  require(headers['cache-control'] === 'private, no-store', 'may be cached');
  require(typeof headers['x-request-id'] === 'string', 'no request id');
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) {
    const given = String(headers[name]);
    require(value.test(given), `${name}: ${given}`);
  }
  require(headers['x-powered-by'] === undefined && headers['server'] === undefined, 'says server');
  if (status >= 400) faults.push(...faultsOfProblem(reply));
  require(!(status >= 400 && TELLTALE.test(text)), `tells ${TELLTALE.exec(text)?.[0]}`);
  return faults;
}

function faultsOfProblem({ status, headers, text }: Reply): string[] {
  const type = headers['content-type'];
  if (type !== 'application/problem+json; charset=utf-8') return [`content type ${type}`];
  // An answer to HEAD has the headers only.
  if (text === '') return [];
  const document: unknown = JSON.parse(text);
  if (!problem.Check(document)) return [`no problem document: ${text.slice(0, 200)}`];
  const faults: string[] = [];
  if (document.status !== status) faults.push(`says status ${document.status}`);
  if (!CODES.has(document.code)) faults.push(`unknown code ${document.code}`);
  else if (problems[document.code as ProblemCode][0] !== status) faults.push('foreign code');
  if (document.instance !== headers['x-request-id']) faults.push('another request id');
  if (!document.type.endsWith(document.code)) faults.push(`type ${document.type}`);
  return faults;
}

export const SECURITY_HEADERS: Record<string, RegExp> = {
  'content-security-policy':
    /default-src 'self'.*script-src 'self'[ ;].*object-src 'none'|^sandbox; default-src 'none'$/,
  'x-content-type-options': /^nosniff$/,
  'referrer-policy': /^(?:same-origin|no-referrer)$/,
  'cross-origin-opener-policy': /^same-origin$/,
  'cross-origin-resource-policy': /^same-origin$/,
  'permissions-policy': /camera=\(\)/,
  'x-frame-options': /^(?:SAMEORIGIN|DENY)$/,
};

/** The lines a log holds at level error or above, shortened. */
export const failuresIn = (log: string): string[] =>
  log
    .split('\n')
    .filter((line) => /"level":[56]0/.test(line))
    .map((line) => line.slice(0, 300));
