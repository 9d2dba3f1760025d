export { authRoutes } from './auth.routes.ts';
export { createAuth, type Auth } from './auth.service.ts';
export { createSessions, SESSIONS_ENDED, type Sessions } from './sessions.service.ts';
