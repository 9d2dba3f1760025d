export { createMembers } from './spaces.members.ts';
export { spacesRoutes } from './spaces.routes.ts';
export { createSpaces, type Spaces } from './spaces.service.ts';
