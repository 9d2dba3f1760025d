import { ConnectionError, ProblemError } from '@teambrain/client/errors.ts';
import { wait } from './words.ts';

const NO_CONNECTION = 'No connection to the server. Check your network and try again.';

/** What to tell the reader about a failure: what went wrong and what to do next. */
export function messageOf(error: unknown): string {
  if (error instanceof ConnectionError) return NO_CONNECTION;
  if (!(error instanceof ProblemError)) return 'Something went wrong. Try again.';
  const { code, title, detail, retryAfter, instance } = error.problem;
  if (code === 'too-many-requests') {
    return retryAfter === undefined
      ? 'Too many tries. Wait a moment, then try again.'
      : `Too many tries. Try again in ${wait(retryAfter)}.`;
  }
  if (code === 'busy') return 'The server is busy. Try again in a moment.';
  if (code === 'storage-full') return 'The server has no room left. Tell an administrator.';
  if (code === 'internal') {
    return `Something went wrong on our side. Try again${instance ? ` (request ${instance})` : ''}.`;
  }
  return sentence(detail ?? title);
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** When trying again makes sense (epoch milliseconds), where a limit was met and the server said so. */
export function retryAtOf(error: unknown): number | null {
  return codeOf(error) === 'too-many-requests' ? (error as ProblemError).retryAt : null;
}

/** Errors by the name of the top-level body property they are about. */
export function fieldErrorsOf(error: unknown): Record<string, string> {
  if (!(error instanceof ProblemError)) return {};
  const found: Record<string, string> = {};
  for (const { pointer, detail } of error.problem.errors ?? []) {
    const field = pointer.replace(/^#?\/?/, '').split('/')[0];
    if (field) found[field] ??= sentence(detail);
  }
  return found;
}

export function codeOf(error: unknown): string | null {
  return error instanceof ProblemError ? error.problem.code : null;
}
