import type { Feature } from '../../platform/feature.ts';
import { authRoutes } from './auth.routes.ts';

export { createAttempts } from './auth.attempts.ts';
export { createAuth, type Auth } from './auth.service.ts';
export { createKnownDevices } from './known-devices.ts';
export { createSessions, SESSIONS_ENDED, type Sessions } from './sessions.service.ts';

export const authFeature = (...services: Parameters<typeof authRoutes>): Feature => ({
  routes: authRoutes(...services),
});
