import Type, { type Static } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Closed, Id, OneOf } from './id.ts';

/**
 * The sample team: made-up people, spaces and content to try TeamBrain with. `partly` while it is
 * being loaded; `done` of `total` counts messages and entries.
 */
export const SampleTeam = Closed({
  state: OneOf('none', 'partly', 'loaded'),
  done: Type.Integer({ minimum: 0 }),
  total: Type.Integer({ minimum: 0 }),
});
export type SampleTeam = Static<typeof SampleTeam>;

export const SampleRemoved = Closed({
  removed: Type.Integer({ minimum: 0, description: 'Spaces' }),
  kept: Type.Array(Closed({ id: Id, name: Type.String() }), {
    description: 'Spaces in which people have written since, or that someone else owns now',
  }),
});
export type SampleRemoved = Static<typeof SampleRemoved>;

export const getSample = endpoint('GET /sample', 'admin', {
  summary: 'Whether the sample team is loaded',
  limit: 'read',
  answer: SampleTeam,
});

export const loadSample = endpoint('PUT /sample', 'admin', {
  summary:
    'Load the sample team into an empty instance, a portion a request: repeat until `loaded`',
  limit: 'write',
  answer: SampleTeam,
  problems: ['conflict'],
});

export const removeSample = endpoint('DELETE /sample', 'admin', {
  summary: 'Remove the sample team, except spaces in which people have written since',
  limit: 'write',
  answer: SampleRemoved,
});
