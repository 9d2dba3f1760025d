/** The environment is such that running would lose or mix up data; the message says what to do. */
export class RefusedStartError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'RefusedStartError';
  }
}
