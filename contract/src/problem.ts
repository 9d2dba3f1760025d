import Type, { type Static } from 'typebox';

/** Every failure a client can meet: code → HTTP status and title (RFC 9457). */
export const problems = {
  'invalid-request': [400, 'The request is not valid'],
  'weak-password': [400, 'This password is easy to guess'],
  'not-signed-in': [401, 'You are not signed in'],
  'wrong-credentials': [401, 'E-mail or password is wrong'],
  'session-ended': [401, 'This session has ended'],
  retry: [401, 'Another window renewed this session at the same moment; ask again'],
  forbidden: [403, 'You may not do this'],
  locked: [403, 'This space is protected; join it with its password'],
  'wrong-password': [403, 'The password is wrong'],
  'cross-site': [403, 'This request came from another site'],
  'sign-up-closed': [403, 'Sign-up is closed on this instance'],
  'not-found': [404, 'There is nothing here'],
  'method-not-allowed': [405, 'This address does not take that method'],
  'not-acceptable': [406, 'No representation of that kind'],
  'too-slow': [408, 'The request did not come in time'],
  conflict: [409, 'This conflicts with what is there'],
  'id-taken': [409, 'This id was used for something else'],
  'email-taken': [409, 'An account with this e-mail exists'],
  'last-owner': [409, 'A space needs an owner'],
  gone: [410, 'This was deleted'],
  'stale-version': [412, 'Someone changed this in the meantime'],
  'too-large': [413, 'This is too large'],
  'quota-exceeded': [413, 'There is no room left for files'],
  'unsupported-media-type': [415, 'Send application/json'],
  'range-not-satisfiable': [416, 'The file has no such part'],
  'unknown-host': [421, 'This name is not set up here; set BASE_URL to the address people use'],
  'version-required': [428, 'Say which version this change is based on (If-Match)'],
  'too-many-requests': [429, 'Too many requests'],
  'headers-too-large': [431, 'The request headers are too large'],
  internal: [500, 'Something went wrong on our side'],
  busy: [503, 'The server is busy; try again in a moment'],
  'storage-full': [507, 'The server has no room left; nothing was saved'],
} as const satisfies Record<string, readonly [status: number, title: string]>;

export type ProblemCode = keyof typeof problems;

/** `application/problem+json` as every failing endpoint answers and sockets carry it. */
export const Problem = Type.Object(
  {
    type: Type.String({ description: 'Address of the code’s page, ends in the code' }),
    code: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.Optional(Type.String()),
    instance: Type.Optional(Type.String({ description: 'Request id' })),
    errors: Type.Optional(
      Type.Array(Type.Object({ pointer: Type.String(), detail: Type.String() })),
    ),
    retryAfter: Type.Optional(Type.Integer({ description: 'Seconds' })),
    limit: Type.Optional(
      Type.Object(
        { quota: Type.Integer(), window: Type.Integer({ description: 'Seconds' }) },
        { description: 'Which limit was met, on too-many-requests', additionalProperties: false },
      ),
    ),
    current: Type.Optional(Type.Unknown({ description: 'The present state, on stale-version' })),
  },
  { additionalProperties: false },
);
export type Problem = Static<typeof Problem> & { code: ProblemCode };
