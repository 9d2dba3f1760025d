import { RateLimiterMemory } from 'rate-limiter-flexible';
import { createLimits, type LimitOptions } from './limits.counters.ts';
import type { Limits } from './limits.ts';

/** Limits of one process. */
export const createMemoryLimits = (options: LimitOptions = {}): Limits =>
  createLimits((_name, points, duration) => new RateLimiterMemory({ points, duration }), options);
