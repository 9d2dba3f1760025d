export { createAttempts } from './auth.attempts.ts';
export { authRoutes } from './auth.routes.ts';
export { createAuth, type Auth } from './auth.service.ts';
export { createKnownDevices } from './known-devices.ts';
export { createSessions, SESSIONS_ENDED, type Sessions } from './sessions.service.ts';
