import { problems, type Problem, type ProblemCode } from '@teambrain/contract/problem.ts';

/** What a problem can carry besides its code. */
export interface ProblemDetails {
  detail?: string;
  errors?: { pointer: string; detail: string }[];
  /** Seconds until trying again makes sense. */
  retryAfter?: number;
  /** The limit that was met: so many requests in so many seconds. */
  limit?: { quota: number; window: number };
  /** The present state, where the change was based on an older one. */
  current?: unknown;
  cause?: unknown;
}

/** A failure that the client is meant to see; every other error becomes `internal`. */
export class ProblemError extends Error {
  readonly code: ProblemCode;
  readonly status: number;
  readonly details: ProblemDetails;

  constructor(code: ProblemCode, details: ProblemDetails = {}) {
    super(details.detail ?? problems[code][1], { cause: details.cause });
    this.name = 'ProblemError';
    this.code = code;
    this.status = problems[code][0];
    this.details = details;
  }

  /** The problem document (RFC 9457); `instance` is the request id. */
  toDocument(instance?: string): Problem {
    const { detail, errors, retryAfter, limit, current } = this.details;
    return {
      type: `/docs/problems#${this.code}`,
      code: this.code,
      title: problems[this.code][1],
      status: this.status,
      ...(detail === undefined ? {} : { detail }),
      ...(instance === undefined ? {} : { instance }),
      ...(errors === undefined ? {} : { errors }),
      ...(retryAfter === undefined ? {} : { retryAfter }),
      ...(limit === undefined ? {} : { limit }),
      ...(current === undefined ? {} : { current }),
    };
  }
}

/** `throw problem('gone')`: the one way for features to fail towards the client. */
export function problem(code: ProblemCode, details?: ProblemDetails): ProblemError {
  return new ProblemError(code, details);
}

/** A problem beside one form field, e.g. fieldProblem('email-taken', '/email', '…'). */
export function fieldProblem(code: ProblemCode, pointer: string, detail: string): ProblemError {
  return new ProblemError(code, { detail, errors: [{ pointer, detail }] });
}
