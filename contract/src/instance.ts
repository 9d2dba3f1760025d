import Type, { type Static } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Closed, OneOf } from './id.ts';

export const Instance = Closed({
  name: Type.Literal('TeamBrain'),
  version: Type.String(),
  isEmpty: Type.Boolean({ description: 'No account yet: the first becomes administrator' }),
  signUp: OneOf('open', 'closed'),
});
export type Instance = Static<typeof Instance>;

export const getInstance = endpoint('GET /instance', 'public', {
  summary: 'What a sign-in page needs to know before anyone is signed in',
  limit: 'read',
  answer: Instance,
});
