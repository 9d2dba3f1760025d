import type { Feature } from '../../platform/feature.ts';
import { unreadRoutes } from './unread.routes.ts';
import type { createUnread } from './unread.service.ts';

export { createUnread } from './unread.service.ts';

export const unreadFeature = (unread: ReturnType<typeof createUnread>): Feature => ({
  routes: unreadRoutes(unread),
});
