import { type Problem, type ProblemCode } from '@teambrain/contract/problem.ts';

/** The server answered with a problem; switch on `problem.code`. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: Problem;
  readonly status: number;
  /** When the same makes sense again by the server's word (epoch milliseconds), if it gave one. */
  readonly retryAt: number | null;

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title);
    this.problem = problem;
    this.status = problem.status;
    this.retryAt =
      problem.retryAfter === undefined ? null : Date.now() + problem.retryAfter * 1_000;
  }
}

/** No answer came: offline, server away, connection cut, or the time was up. A retry may succeed. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
}

/** An answer came that is not TeamBrain's, such as a proxy's error page. */
export class ResponseError extends Error {
  override readonly name = 'ResponseError';
  readonly status: number;
  /** Seconds, from `Retry-After`. */
  readonly retryAfter: number | undefined;

  constructor(message: string, status: number, retryAfter?: number) {
    super(message);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

/** A value as a problem document; null for anything else. */
export function asProblem(value: unknown, status: number, retryAfter?: number): Problem | null {
  if (typeof value !== 'object' || value === null) return null;
  const { code, title } = value as Partial<Record<keyof Problem, unknown>>;
  if (typeof code !== 'string' || typeof title !== 'string') return null;
  const waits = retryAfter === undefined ? {} : { retryAfter };
  return { ...waits, ...(value as Problem), status };
}

/** Whether `error` is a problem with one of these codes (any code when none is given). */
export function isProblem(error: unknown, ...codes: ProblemCode[]): error is ProblemError {
  if (!(error instanceof ProblemError)) return false;
  return codes.length === 0 || codes.includes(error.problem.code);
}

/** Whether the same request may succeed later: no connection, 408, 425, 429, 5xx or a lost race. */
export function isTransient(error: unknown): boolean {
  if (error instanceof ConnectionError) return true;
  if (!(error instanceof ProblemError || error instanceof ResponseError)) return false;
  return error.status >= 500 || [408, 425, 429].includes(error.status) || isProblem(error, 'retry');
}

/** Milliseconds the server asked to wait before the next try; 0 when it named none. */
export function askedDelay(error: unknown): number {
  if (error instanceof ProblemError) return (error.problem.retryAfter ?? 0) * 1000;
  if (error instanceof ResponseError) return (error.retryAfter ?? 0) * 1000;
  return 0;
}
