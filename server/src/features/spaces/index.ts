import type { Feature } from '../../platform/feature.ts';
import { spacesRoutes } from './spaces.routes.ts';

export { createMembers } from './spaces.members.ts';
export { createSpaces, type Spaces } from './spaces.service.ts';

export const spacesFeature = (...services: Parameters<typeof spacesRoutes>): Feature => ({
  routes: spacesRoutes(...services),
});
