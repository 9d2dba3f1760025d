export { unreadRoutes } from './unread.routes.ts';
export { createUnread } from './unread.service.ts';
