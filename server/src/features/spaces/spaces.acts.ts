import type { Space } from '../../platform/access/access.ts';
import type { Act } from '../../platform/db/audit.ts';

/** A line for the audit log: what the grant's actor did to the space, or to someone in it. */
export const actOn = (
  space: Space,
  {
    userId = space.id,
    ...act
  }: Omit<Act, 'actorId' | 'spaceId' | 'subjectId'> & { userId?: string },
): Act => ({ ...act, actorId: space.actor.userId, subjectId: userId, spaceId: space.id });
