/**
 * Why a call failed: `refused` an address that may not be called, `unreachable` no connection,
 * `slow` out of time, `too-large` more bytes than the use may take.
 */
export type OutboundFailure = 'refused' | 'unreachable' | 'slow' | 'too-large';

/** A call that failed; the message holds no path, query, header or key. */
export class OutboundError extends Error {
  readonly failure: OutboundFailure;

  constructor(failure: OutboundFailure, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'OutboundError';
    this.failure = failure;
  }
}

/** The failure behind an error, however often it was wrapped; null for another kind of error. */
export function outboundFailureOf(error: unknown): OutboundFailure | null {
  for (let e = error; e instanceof Error; e = e.cause) {
    if (e instanceof OutboundError) return e.failure;
  }
  return null;
}
