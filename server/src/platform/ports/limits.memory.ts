import { RateLimiterMemory } from 'rate-limiter-flexible';
import { createLimits } from './limits.counters.ts';
import type { Limits } from './limits.ts';

/**
 * Limits of one process.
 * @param factor multiplies every quota (load tests and seeds)
 */
export const createMemoryLimits = (factor = 1): Limits =>
  createLimits((_name, points, duration) => new RateLimiterMemory({ points, duration }), factor);
